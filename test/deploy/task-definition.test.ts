import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesTo } from '../../src/deploy/changes.ts';
import { type Compose, readCompose } from '../../src/deploy/compose/read.ts';
import { taskDefinitionOf } from '../../src/deploy/task-definition.ts';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';

const PLACE = {
  family: 'permits',
  taskRoleArn: 'arn:aws:iam::123456789012:role/digitalAppsTask',
  logs: { group: 'digitalApps', region: REGION },
};

const SMALL = `
services:
  app:
    image: nginx:1
    mem_limit: 64m
    ports: ["3000"]
`;

/** Something of everything that is carried over. */
const LARGE = `
services:
  app:
    image: nginx:1
    mem_limit: 512m
    mem_reservation: 256m
    cpu_shares: 256
    ports: ["3000", "8125/udp"]
    environment: {NODE_ENV: production, EMPTY: "", B: 1, A: 2}
    command: npm start
    entrypoint: [sh, /app/deploy/entrypoint.sh]
    healthcheck: {test: curl -f localhost || exit 1, retries: 5}
    logging: {driver: json-file, options: {max-size: 10m}}
    depends_on: {migrate: {condition: service_completed_successfully}, db: {condition: service_healthy}}
    links: ["db:database"]
    volumes: ["data:/data", "/var/log/app:/log:ro"]
    volumes_from: ["db:ro"]
    tmpfs: /run:size=64m,noexec
    shm_size: 64m
    init: true
    cap_add: [SYS_PTRACE]
    cap_drop: [ALL]
    devices: [/dev/fuse]
    ulimits: {nofile: {soft: 1024, hard: 2048}}
    user: node
    working_dir: /app
    hostname: app
    extra_hosts: {a.gov: [10.0.0.1, 10.0.0.2]}
    dns: 10.0.0.3
    dns_search: example.gov
    labels: {team: web}
    sysctls: {net.core.somaxconn: 1024}
    security_opt: [no-new-privileges]
    privileged: false
    read_only: true
    tty: false
    stdin_open: true
    stop_grace_period: 60s
  migrate: {image: nginx:1, mem_limit: 64m}
  db: {image: postgres, mem_reservation: 64m, healthcheck: {test: pg_isready}}
volumes: {data: }
`;

const compose = (text: string): Compose => readCompose(text, 'deploy/docker-compose.yml', {});
const definition = (text: string): RegisterTaskDefinitionCommandInput =>
  taskDefinitionOf(compose(text), PLACE);

test('is for containers on the bridge of EC2 instances, with the task role alone', () => {
  expect(definition(SMALL)).toEqual({
    family: 'permits',
    taskRoleArn: PLACE.taskRoleArn,
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: [
      {
        name: 'app',
        image: 'nginx:1',
        memory: 64,
        portMappings: [{ containerPort: 3000, hostPort: 0, protocol: 'tcp' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': 'digitalApps',
            'awslogs-region': REGION,
            'awslogs-stream-prefix': 'permits',
          },
        },
      },
    ],
    volumes: [],
  });
});

test('a container that says where it logs keeps that', () => {
  const { containerDefinitions } = definition(LARGE);
  expect(containerDefinitions?.map(({ logConfiguration }) => logConfiguration?.logDriver)).toEqual([
    'json-file',
    'awslogs',
    'awslogs',
  ]);
});

describe('what ECS has registered', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.stop());

  async function registered(wanted: RegisterTaskDefinitionCommandInput) {
    const { ecs } = awsClients(emulator.endpoint);
    const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(wanted));
    const { taskDefinitionArn } = taskDefinition!;
    const described = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
    );
    return described.taskDefinition!;
  }

  test.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('is what was wanted, and nothing is to be changed: %s', async (_, text) => {
    const last = await registered(definition(text));
    expect(last).toMatchObject(definition(text));
    expect(changesTo(last, definition(text))).toEqual([]);
  });

  test('differs in what the file says otherwise', async () => {
    const last = await registered(definition(SMALL));
    const wanted = definition(SMALL.replace('64m', '128m').replace('nginx:1', 'nginx:2'));
    expect(changesTo(last, wanted)).toEqual([
      { field: 'app.image', from: 'nginx:1', to: 'nginx:2' },
      { field: 'app.memory', from: 64, to: 128 },
    ]);
  });
});
