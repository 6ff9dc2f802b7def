import { type Field, parseFields } from './field.ts';
import { carriedOver, type Keys } from './keys.ts';
import { oneOf } from './values.ts';

/** Where ecs-cli looked for it by itself, and beside the compose file. */
export const ECS_PARAMS_FILES = ['ecs-params.yml', 'deploy/ecs-params.yml'];

const THEN_DELETE = 'Then delete this file.';
const NOT_READ = 'only the compose file is read';
const of = (line: string) => ({
  refused: NOT_READ,
  instead: `Write ${line} for the service in deploy/docker-compose.yml. ${THEN_DELETE}`,
});
const IN_ENV = {
  refused: 'secrets come from the app’s .env',
  instead: `Put them there: digital-apps add-app --env-file FILE. ${THEN_DELETE}`,
};
const ROLE = {
  refused: 'all apps of a cluster have its role, which may read their .env',
  instead: `Give what else the app needs to that role. ${THEN_DELETE}`,
};
const VOLUMES = {
  refused: NOT_READ,
  instead: `Volumes are declared under volumes in deploy/docker-compose.yml. ${THEN_DELETE}`,
};
const FARGATE = {
  refused: 'it is for Fargate, or for tasks with a network of their own',
  instead: 'Take it out.',
};
const NOT_DONE = { refused: 'deploy has nothing like it', instead: 'Take it out.' };

const ofService: Keys = {
  mem_limit: of('mem_limit'),
  mem_reservation: of('mem_reservation'),
  cpu_shares: of('cpu_shares'),
  healthcheck: of('healthcheck'),
  init_process_enabled: of('init: true'),
  essential: {
    leftOut: 'All containers are, but those that others wait for to end.',
    check: (field) => void oneOf(field, ['true']),
  },
  secrets: IN_ENV,
  logging: IN_ENV,
  repository_credentials: NOT_DONE,
  firelens_configuration: NOT_DONE,
  gpu: NOT_DONE,
};

/** Every key that ecs-cli knew there but for the services' own, and where it is said here. */
export const ecsParamsKeys: Keys = {
  version: { leftOut: 'There was one version only.' },
  task_definition: {
    to: '',
    keys: {
      ecs_network_mode: {
        leftOut: 'bridge alone is taken.',
        check: (field) => void oneOf(field, ['bridge']),
      },
      task_role_arn: ROLE,
      task_execution_role: ROLE,
      task_size: of('mem_limit and cpu_shares'),
      services: { to: '', keys: ofService },
      docker_volumes: VOLUMES,
      efs_volumes: VOLUMES,
      placement_constraints: NOT_DONE,
      pid_mode: NOT_DONE,
      ipc_mode: NOT_DONE,
    },
  },
  run_params: {
    to: '',
    keys: { network_configuration: FARGATE, task_placement: NOT_DONE, service_discovery: NOT_DONE },
  },
};

/**
 * Of what an ecs-params.yml says, nothing may be lost in silence.
 * @throws UserError with the line of the first thing that another file should say.
 */
export function checkEcsParams(text: string, file: string): void {
  checkKeys(parseFields(text, file, {}), ecsParamsKeys);
}

function checkKeys(map: Field, keys: Keys): void {
  for (const [name, field] of carriedOver(map, keys)) {
    const { keys: own = {} } = keys[name] as { keys?: Keys };
    if (own !== ofService) checkKeys(field, own);
    else for (const service of field.entries().values()) checkKeys(service, ofService);
  }
}
