import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../aws/absent.ts';
import type { Aws } from '../aws/clients.ts';
import { primaryOf } from '../checks/lookups/services.ts';
import { UserError } from '../errors.ts';
import type { Difference } from '../tasks/diff.ts';
import { changesTo } from './changes.ts';
import { type Compose, readCompose } from './compose/read.ts';
import { nameOf } from './rollout/under-way.ts';
import type { Target, TargetVariables } from './target.ts';
import { taskDefinitionOf } from './task-definition.ts';

export const COMPOSE_FILE = 'deploy/docker-compose.yml';

/** What the task definition will be, or has become. */
export interface Definition {
  wanted: RegisterTaskDefinitionCommandInput;
  /** The revision that runs, or ran last: "permits:6"; undefined before the first deploy. */
  last?: string;
  /** From that one. */
  changes: Difference[];
}

/**
 * What the compose file says, with that image in it.
 * @throws UserError where it says what ECS cannot do, or does not use the image.
 */
export function composeFor(image: string, text: string, variables: TargetVariables): Compose {
  const compose = readCompose(text, COMPOSE_FILE, {
    ...process.env,
    ...variables,
    AWS_ECS_IMAGE: image,
  });
  if (compose.containers.some((container) => container.image === image)) return compose;
  throw new UserError(
    `${COMPOSE_FILE}: no container has what is deployed for its image.`,
    `Write “image: \${AWS_ECS_IMAGE}” for the app’s container.`,
  );
}

/** Compares what the compose file says with the last task definition. */
export function definitionOf(
  compose: Compose,
  { service, taskRoleArn, logGroup, region }: Target,
  last: TaskDefinition | undefined,
): Definition {
  const wanted = taskDefinitionOf(compose, {
    family: service,
    taskRoleArn,
    logs: { group: logGroup, region },
  });
  return {
    wanted,
    last: last && nameOf(last.taskDefinitionArn!),
    changes: last ? changesTo(last, wanted) : [],
  };
}

/** The one that the service runs; before there is a service, the last one that was registered. */
export async function lastDefinition(
  aws: Aws,
  target: Target,
  service: Service | undefined,
): Promise<TaskDefinition | undefined> {
  const running = service?.status === 'ACTIVE' ? primaryOf(service)?.taskDefinition : undefined;
  const found = await orAbsent(
    aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: running ?? target.service })),
    /^ClientException/,
  );
  return found?.taskDefinition;
}

/** Registers it as a new revision; every call makes one. */
export async function register(aws: Aws, { wanted }: Definition): Promise<string> {
  const { taskDefinition } = await aws.ecs.send(new RegisterTaskDefinitionCommand(wanted));
  return taskDefinition!.taskDefinitionArn!;
}
