import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { changesTo } from '../../src/deploy/changes.ts';
import { readCompose } from '../../src/deploy/compose/read.ts';
import { taskDefinitionOf } from '../../src/deploy/task-definition.ts';

const FILE = `
services:
  app:
    image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/permits:42-abcdef1
    mem_limit: 512m
    ports: ["3000"]
    environment: {NODE_ENV: production, EMPTY: "", AWS_S3_CONFIG_URL: "s3://cob-config/permits/.env"}
    healthcheck: {test: curl -f localhost || exit 1}
    volumes: ["data:/data"]
    extra_hosts: {a.gov: [10.0.0.1, 10.0.0.2]}
    depends_on: [redis]
    links: [redis]
    tmpfs: /run:size=64m
  redis: {image: redis, mem_reservation: 64m}
volumes: {data: }
`;

const wanted = (text = FILE) =>
  taskDefinitionOf(readCompose(text, 'deploy/docker-compose.yml', {}), {
    family: 'permits',
    taskRoleArn: 'arn:aws:iam::123456789012:role/digitalAppsTask',
    logs: { group: 'digitalApps', region: 'us-east-2' },
  });

const logConfiguration = {
  logDriver: 'awslogs' as const,
  options: {
    'awslogs-stream-prefix': 'permits',
    'awslogs-region': 'us-east-2',
    'awslogs-group': 'digitalApps',
  },
  secretOptions: [],
};

/** As AWS describes the file's task definition: with its defaults, and in an order of its own. */
const LAST: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:us-east-2:123456789012:task-definition/permits:42',
  containerDefinitions: [
    {
      name: 'redis',
      image: 'redis',
      cpu: 0,
      memoryReservation: 64,
      portMappings: [],
      essential: true,
      environment: [],
      environmentFiles: [],
      mountPoints: [],
      volumesFrom: [],
      logConfiguration,
      systemControls: [],
    },
    {
      name: 'app',
      image: '123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/permits:42-abcdef1',
      cpu: 0,
      memory: 512,
      links: ['redis'],
      portMappings: [{ containerPort: 3000, hostPort: 0, protocol: 'tcp' }],
      essential: true,
      environment: [
        { name: 'AWS_S3_CONFIG_URL', value: 's3://cob-config/permits/.env' },
        { name: 'EMPTY', value: '' },
        { name: 'NODE_ENV', value: 'production' },
      ],
      mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: false }],
      volumesFrom: [],
      linuxParameters: {
        capabilities: { add: [], drop: [] },
        devices: [],
        tmpfs: [{ containerPath: '/run', size: 64, mountOptions: [] }],
      },
      dependsOn: [{ containerName: 'redis', condition: 'START' }],
      privileged: false,
      readonlyRootFilesystem: false,
      dnsServers: [],
      extraHosts: [
        { hostname: 'a.gov', ipAddress: '10.0.0.1' },
        { hostname: 'a.gov', ipAddress: '10.0.0.2' },
      ],
      dockerLabels: {},
      logConfiguration,
      healthCheck: {
        command: ['CMD-SHELL', 'curl -f localhost || exit 1'],
        interval: 30,
        timeout: 5,
        retries: 3,
      },
      systemControls: [],
      secrets: [],
    },
  ],
  family: 'permits',
  taskRoleArn: 'arn:aws:iam::123456789012:role/digitalAppsTask',
  networkMode: 'bridge',
  revision: 42,
  volumes: [{ name: 'data', host: {} }],
  status: 'ACTIVE',
  requiresAttributes: [
    { name: 'com.amazonaws.ecs.capability.logging-driver.awslogs' },
    { name: 'com.amazonaws.ecs.capability.task-iam-role' },
  ],
  placementConstraints: [],
  compatibilities: ['EXTERNAL', 'EC2'],
  requiresCompatibilities: ['EC2'],
  registeredAt: new Date('2026-11-23T12:00:00Z'),
  registeredBy: 'arn:aws:iam::123456789012:user/digitalAppsTravis',
  enableFaultInjection: false,
};

test('there are none when only what AWS adds is more', () => {
  expect(changesTo(LAST, wanted())).toEqual([]);
});

/** What is said otherwise in the file, and the fields that it changes. */
test.each<
  [instead: [from: string, to: string], changes: [field: string, from: unknown, to: unknown][]]
>([
  [
    [':42-abcdef1', ':43-0123456'],
    [['app.image', expect.stringMatching(/:42-abcdef1$/), expect.stringMatching(/:43-0123456$/)]],
  ],
  [['mem_limit: 512m', 'mem_limit: 1g'], [['app.memory', 512, 1024]]],
  [['mem_limit: 512m', 'mem_limit: 512m\n    cpu_shares: 128'], [['app.cpu', 0, 128]]],
  [
    ['NODE_ENV: production, EMPTY: ""', 'NODE_ENV: staging, MORE: 1'],
    [
      ['app.environment.EMPTY', '', undefined],
      ['app.environment.NODE_ENV', 'production', 'staging'],
      ['app.environment.MORE', undefined, '1'],
    ],
  ],
  [
    ['["3000"]', '["8080", "8125/udp"]'],
    [
      ['app.portMappings.3000/tcp', 'there', undefined],
      ['app.portMappings.8080/tcp', undefined, 'there'],
      ['app.portMappings.8125/udp', undefined, 'there'],
    ],
  ],
  [['links: [redis]', 'links: ["redis:cache"]'], [['app.links', ['redis'], ['redis:cache']]]],
  [
    ['links: [redis]', 'user: node\n    privileged: true'],
    [
      ['app.links', ['redis'], undefined],
      ['app.privileged', false, true],
      ['app.user', undefined, 'node'],
    ],
  ],
  [['data:/data', 'data:/data:ro'], [['app.mountPoints./data.readOnly', false, true]]],
  [['size=64m', 'size=32m'], [['app.linuxParameters.tmpfs./run.size', 64, 32]]],
  [['|| exit 1}', '|| exit 1, interval: 60s}'], [['app.healthCheck.interval', 30, 60]]],
  [['10.0.0.2', '10.0.0.3'], [['app.extraHosts.a.gov again.ipAddress', '10.0.0.2', '10.0.0.3']]],
  [
    ['depends_on: [redis]', 'depends_on: {redis: {condition: service_completed_successfully}}'],
    [
      ['app.dependsOn.redis.condition', 'START', 'SUCCESS'],
      ['redis.essential', true, false],
    ],
  ],
  [
    [
      'mem_reservation: 64m}',
      'mem_reservation: 64m}\n  sidecar: {image: x, mem_limit: 64m, environment: {A: 1}}',
    ],
    [['sidecar', undefined, 'there']],
  ],
  [
    ['    volumes: ["data:/data"]\n', ''],
    [
      ['volumes.data', 'there', undefined],
      ['app.mountPoints./data', 'there', undefined],
    ],
  ],
])('%j', ([from, to], changes) => {
  expect(FILE).toContain(from);
  const found = changesTo(LAST, wanted(FILE.replace(from, to)));
  expect(found).toHaveLength(changes.length);
  expect(found).toEqual(
    expect.arrayContaining(
      changes.map(([field, before, after]) => ({ field, from: before, to: after })),
    ),
  );
});

test('a container that goes is told in one line', () => {
  const without = FILE.replace(/ {2}redis: .*\n| {4}depends_on: .*\n| {4}links: .*\n/g, '');
  expect(changesTo(LAST, wanted(without)).map(({ field }) => field)).toEqual([
    'redis',
    'app.links',
    'app.dependsOn.redis',
  ]);
});

test('what others have put into the task definition is told too', () => {
  const last: TaskDefinition = {
    ...LAST,
    networkMode: 'host',
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    cpu: '256',
    placementConstraints: [{ type: 'memberOf', expression: 'attribute:a == b' }],
  };
  const [redis, app] = LAST.containerDefinitions!;
  last.containerDefinitions = [
    redis!,
    {
      ...app,
      portMappings: [{ containerPort: 3000, hostPort: 80, protocol: 'tcp' }],
      secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:us-east-2:123456789012:parameter/key' }],
    },
  ];
  expect(changesTo(last, wanted())).toEqual([
    { field: 'networkMode', from: 'host', to: 'bridge' },
    { field: 'placementConstraints.memberOf', from: 'there', to: undefined },
    { field: 'executionRoleArn', from: last.executionRoleArn, to: undefined },
    { field: 'cpu', from: '256', to: undefined },
    { field: 'app.portMappings.3000/tcp.hostPort', from: 80, to: 0 },
    { field: 'app.secrets.KEY', from: 'there', to: undefined },
  ]);
});

test('secrets of the last one are not shown', () => {
  const [redis, app] = LAST.containerDefinitions!;
  const secrets = {
    environment: [
      ...app!.environment!,
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'DB', value: 'mysql://u:hunter2@h/d' },
      { name: 'NOTHING_MUCH', value: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    ],
    command: ['npm', 'start', '--password=hunter2'],
    logConfiguration: { logDriver: 'splunk' as const, options: { 'splunk-token': 'hunter2' } },
  };
  const last = { ...LAST, containerDefinitions: [redis!, { ...app, ...secrets }] };
  const changes = changesTo(last, wanted());
  expect(changes.map(({ field }) => field)).toEqual(
    expect.arrayContaining([
      'app.environment.DB_PASSWORD',
      'app.environment.DB',
      'app.environment.NOTHING_MUCH',
      'app.command',
      'app.logConfiguration.options.splunk-token',
    ]),
  );
  expect(JSON.stringify(changes)).not.toMatch(/hunter2|wJalr/);
});
