// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how compose files name variables
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { serviceKeys } from '../../../src/deploy/compose/service-keys.ts';
import { appOf, fileWith, read, USUAL_APP } from './read.ts';

type Case = [lines: string, becomes: Partial<ContainerDefinition>];

const port = (containerPort: number, protocol: 'tcp' | 'udp' = 'tcp') => ({
  containerPort,
  hostPort: 0,
  protocol,
});
const mount = (sourceVolume: string, containerPath: string, readOnly = false) => ({
  mountPoints: [{ sourceVolume, containerPath, readOnly }],
});
const tmpfs = (containerPath: string, size: number, ...mountOptions: string[]) => ({
  linuxParameters: {
    tmpfs: [{ containerPath, size, ...(mountOptions.length > 0 && { mountOptions }) }],
  },
});
const logs = {
  'awslogs-group': 'g',
  'awslogs-region': 'us-east-2',
};

/** By key: what is written of an app, and what it becomes. */
const CARRIED: Record<string, Case[]> = {
  image: [
    [
      'image: 1.dkr.ecr.us-east-2.amazonaws.com/a/b:1-c',
      { image: '1.dkr.ecr.us-east-2.amazonaws.com/a/b:1-c' },
    ],
    ['image: "${IMAGE}"', { image: 'registry/app:1' }],
    [`image: nginx@sha256:${'0a'.repeat(32)}`, { image: `nginx@sha256:${'0a'.repeat(32)}` }],
  ],
  ports: [
    ['ports: ["3000"]', { portMappings: [port(3000)] }],
    ['ports: [3000]', { portMappings: [port(3000)] }],
    ['ports:\n  - 3000/tcp\n  - 8125/udp', { portMappings: [port(3000), port(8125, 'udp')] }],
    ['ports: ["0:3000"]', { portMappings: [port(3000)] }],
    ['ports: ["${PORT}"]', { portMappings: [port(8080)] }],
    ['ports: [{target: 3000}]', { portMappings: [port(3000)] }],
    [
      'ports: [{target: 53, protocol: udp}, {name: web, target: 80, published: 0, mode: ingress, app_protocol: http}]',
      { portMappings: [port(53, 'udp'), port(80)] },
    ],
  ],
  mem_limit: [
    ['mem_limit: 512m', { memory: 512 }],
    ['mem_limit: 512M', { memory: 512 }],
    ['mem_limit: 512mb', { memory: 512 }],
    ['mem_limit: 524288k', { memory: 512 }],
    ['mem_limit: 1g', { memory: 1024 }],
    ['mem_limit: 1.5GB', { memory: 1536 }],
    ['mem_limit: 524288000 # 500mb in bytes', { memory: 500 }],
    ['mem_limit: "536870912b"', { memory: 512 }],
    ['mem_limit: 6m', { memory: 6 }],
  ],
  mem_reservation: [
    ['mem_reservation: 48m', { memoryReservation: 48 }],
    ['mem_reservation: 64m', { memoryReservation: 64 }],
    ['mem_limit:\nmem_reservation: 48m', { memory: undefined, memoryReservation: 48 }],
  ],
  cpu_shares: [['cpu_shares: 256', { cpu: 256 }]],
  deploy: [
    [
      'mem_limit:\ndeploy: {resources: {limits: {memory: 1g}, reservations: {memory: 512M, cpus: "0.25"}}}',
      { memory: 1024, memoryReservation: 512, cpu: 256 },
    ],
    ['deploy: {mode: replicated, restart_policy: {condition: on-failure, delay: 5s}}', {}],
    ['deploy:', {}],
  ],
  environment: [
    [
      'environment:\n  VERSION: 1.10\n  USE_SSL: 1\n  EMPTY: ""\n  QUOTED: "a b"\n  ON: yes\n  URL: http://$HOST/',
      {
        environment: [
          { name: 'VERSION', value: '1.10' },
          { name: 'USE_SSL', value: '1' },
          { name: 'EMPTY', value: '' },
          { name: 'QUOTED', value: 'a b' },
          { name: 'ON', value: 'yes' },
          { name: 'URL', value: 'http://example.gov/' },
        ],
      },
    ],
    [
      'environment:\n  - NODE_ENV=production\n  - PAIR=a=b\n  - EMPTY=\n  - HOST\n  - URL=http://${HOST}/',
      {
        environment: [
          { name: 'NODE_ENV', value: 'production' },
          { name: 'PAIR', value: 'a=b' },
          { name: 'EMPTY', value: '' },
          { name: 'HOST', value: 'example.gov' },
          { name: 'URL', value: 'http://example.gov/' },
        ],
      },
    ],
    ['environment: {HOST: }', { environment: [{ name: 'HOST', value: 'example.gov' }] }],
    ['environment: {HOST: null}', { environment: [{ name: 'HOST', value: 'example.gov' }] }],
    ['environment:', {}],
  ],
  command: [
    ['command: npm start', { command: ['npm', 'start'] }],
    [
      `command: sh -c 'echo "hi $$HOME"'  --name="a b"\\ c ""`,
      { command: ['sh', '-c', 'echo "hi $HOME"', '--name=a b c', ''] },
    ],
    ['command: ["npm", "run", "start it"]', { command: ['npm', 'run', 'start it'] }],
    ['command: [sleep, 10]', { command: ['sleep', '10'] }],
    ['command: null', {}],
  ],
  entrypoint: [
    [
      'entrypoint: sh /app/deploy/entrypoint.sh',
      { entryPoint: ['sh', '/app/deploy/entrypoint.sh'] },
    ],
    ['entrypoint: ["sh", "-c"]', { entryPoint: ['sh', '-c'] }],
  ],
  healthcheck: [
    [
      'healthcheck: {test: curl -f localhost || exit 1}',
      { healthCheck: { command: ['CMD-SHELL', 'curl -f localhost || exit 1'] } },
    ],
    ['healthcheck: {test: ["CMD", "true"]}', { healthCheck: { command: ['CMD', 'true'] } }],
    [
      'healthcheck:\n  test: ["CMD-SHELL", "exit 0"]\n  interval: 1m30s\n  timeout: 10s\n  retries: 10\n  start_period: 5m\n  disable: false',
      {
        healthCheck: {
          command: ['CMD-SHELL', 'exit 0'],
          interval: 90,
          timeout: 10,
          retries: 10,
          startPeriod: 300,
        },
      },
    ],
    ['healthcheck: {test: ["NONE"]}', {}],
    ['healthcheck: {disable: true}', {}],
    ['healthcheck: {test: ["CMD", "true"], disable: true}', {}],
  ],
  logging: [
    [
      'logging: {driver: awslogs, options: {awslogs-group: g, awslogs-region: us-east-2}}',
      { logConfiguration: { logDriver: 'awslogs', options: logs } },
    ],
    [
      'logging:\n  driver: awslogs\n  options:\n    awslogs-group: g\n    awslogs-region: us-east-2\n    awslogs-create-group: "true"\n    mode: non-blocking\n    max-buffer-size: 25m',
      {
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            ...logs,
            'awslogs-create-group': 'true',
            mode: 'non-blocking',
            'max-buffer-size': '25m',
          },
        },
      },
    ],
    [
      'logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}',
      {
        logConfiguration: {
          logDriver: 'json-file',
          options: { 'max-size': '10m', 'max-file': '3' },
        },
      },
    ],
    ['logging: {driver: journald}', { logConfiguration: { logDriver: 'journald' } }],
    ['logging:', {}],
  ],
  depends_on: [
    ['depends_on: [db]', { dependsOn: [{ containerName: 'db', condition: 'START' }] }],
    [
      'depends_on: {db: {condition: service_started, required: true, restart: true}}',
      { dependsOn: [{ containerName: 'db', condition: 'START' }] },
    ],
    [
      'depends_on: {db: {condition: service_healthy}}',
      { dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
    ],
    [
      'depends_on: {db: {condition: service_completed_successfully}}',
      { dependsOn: [{ containerName: 'db', condition: 'SUCCESS' }] },
    ],
  ],
  links: [['links: [db, "db:database"]', { links: ['db', 'db:database'] }]],
  volumes: [
    ['volumes: ["data:/data"]', mount('data', '/data')],
    ['volumes: ["data:/data:ro"]', mount('data', '/data', true)],
    ['volumes: ["/var/log/app:/log:rw"]', mount('host-var-log-app', '/log')],
    [
      'volumes: [{type: volume, source: more-data, target: /data, read_only: true, consistency: cached}]',
      mount('more-data', '/data', true),
    ],
    [
      'volumes: [{type: bind, source: /etc/pki, target: /etc/pki}]',
      mount('host-etc-pki', '/etc/pki'),
    ],
    ['volumes: [{type: tmpfs, target: /run, tmpfs: {size: 64m}}]', tmpfs('/run', 64)],
    [
      'volumes: ["data:/data", {type: tmpfs, target: /run, read_only: true, tmpfs: {size: 67108864}}]\ntmpfs: /tmp:size=1g',
      {
        ...mount('data', '/data'),
        linuxParameters: {
          tmpfs: [
            { containerPath: '/run', size: 64, mountOptions: ['ro'] },
            { containerPath: '/tmp', size: 1024 },
          ],
        },
      },
    ],
  ],
  volumes_from: [
    ['volumes_from: [db]', { volumesFrom: [{ sourceContainer: 'db', readOnly: false }] }],
    ['volumes_from: ["db:ro"]', { volumesFrom: [{ sourceContainer: 'db', readOnly: true }] }],
  ],
  tmpfs: [
    ['tmpfs: /run:size=64m', tmpfs('/run', 64)],
    [
      'tmpfs: ["/run:noexec,size=64m,mode=1777,uid=1000"]',
      tmpfs('/run', 64, 'noexec', 'mode=1777', 'uid=1000'),
    ],
  ],
  shm_size: [['shm_size: 128m', { linuxParameters: { sharedMemorySize: 128 } }]],
  init: [
    ['init: true', { linuxParameters: { initProcessEnabled: true } }],
    [
      'init: true\ncap_add: [SYS_PTRACE]\ncap_drop: [ALL]',
      {
        linuxParameters: {
          initProcessEnabled: true,
          capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] },
        },
      },
    ],
  ],
  cap_add: [
    [
      'cap_add: [CAP_NET_ADMIN, sys_time]',
      { linuxParameters: { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } } },
    ],
  ],
  cap_drop: [['cap_drop: [ALL]', { linuxParameters: { capabilities: { drop: ['ALL'] } } }]],
  devices: [
    ['devices: [/dev/fuse]', { linuxParameters: { devices: [{ hostPath: '/dev/fuse' }] } }],
    [
      'devices: ["/dev/a:/dev/b:rwm"]',
      {
        linuxParameters: {
          devices: [
            {
              hostPath: '/dev/a',
              containerPath: '/dev/b',
              permissions: ['read', 'write', 'mknod'],
            },
          ],
        },
      },
    ],
    [
      'devices: [{source: /dev/a, target: /dev/b, permissions: r}]',
      {
        linuxParameters: {
          devices: [{ hostPath: '/dev/a', containerPath: '/dev/b', permissions: ['read'] }],
        },
      },
    ],
  ],
  ulimits: [
    [
      'ulimits:\n  nproc: 65535\n  nofile: {soft: 20000, hard: 40000}\n  memlock: -1',
      {
        ulimits: [
          { name: 'nproc', softLimit: 65535, hardLimit: 65535 },
          { name: 'nofile', softLimit: 20000, hardLimit: 40000 },
          { name: 'memlock', softLimit: -1, hardLimit: -1 },
        ],
      },
    ],
  ],
  user: [['user: 1000:1000', { user: '1000:1000' }]],
  working_dir: [['working_dir: /app', { workingDirectory: '/app' }]],
  hostname: [['hostname: app', { hostname: 'app' }]],
  extra_hosts: [
    [
      'extra_hosts: ["a.gov:10.0.0.1", "b.gov=10.0.0.2", "c.gov:::1", "d.gov=[::1]"]',
      {
        extraHosts: [
          { hostname: 'a.gov', ipAddress: '10.0.0.1' },
          { hostname: 'b.gov', ipAddress: '10.0.0.2' },
          { hostname: 'c.gov', ipAddress: '::1' },
          { hostname: 'd.gov', ipAddress: '::1' },
        ],
      },
    ],
    [
      'extra_hosts: {a.gov: 10.0.0.1, b.gov: [10.0.0.2, "::1"]}',
      {
        extraHosts: [
          { hostname: 'a.gov', ipAddress: '10.0.0.1' },
          { hostname: 'b.gov', ipAddress: '10.0.0.2' },
          { hostname: 'b.gov', ipAddress: '::1' },
        ],
      },
    ],
  ],
  dns: [
    ['dns: 8.8.8.8', { dnsServers: ['8.8.8.8'] }],
    ['dns: [8.8.8.8, 9.9.9.9]', { dnsServers: ['8.8.8.8', '9.9.9.9'] }],
  ],
  dns_search: [['dns_search: example.gov', { dnsSearchDomains: ['example.gov'] }]],
  labels: [
    [
      'labels: {gov.example.team: web, empty: }',
      { dockerLabels: { 'gov.example.team': 'web', empty: '' } },
    ],
    [
      'labels: ["gov.example.team=web", empty]',
      { dockerLabels: { 'gov.example.team': 'web', empty: '' } },
    ],
  ],
  sysctls: [
    [
      'sysctls: {net.core.somaxconn: 1024}',
      { systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }] },
    ],
    [
      'sysctls: [net.core.somaxconn=1024]',
      { systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }] },
    ],
  ],
  security_opt: [
    ['security_opt: ["no-new-privileges:true"]', { dockerSecurityOptions: ['no-new-privileges'] }],
    [
      'security_opt: [no-new-privileges, "label=type:svc", "apparmor:x"]',
      { dockerSecurityOptions: ['no-new-privileges', 'label:type:svc', 'apparmor:x'] },
    ],
  ],
  privileged: [['privileged: true', { privileged: true }]],
  read_only: [['read_only: "true"', { readonlyRootFilesystem: true }]],
  tty: [['tty: true', { pseudoTerminal: true }]],
  stdin_open: [['stdin_open: false', { interactive: false }]],
  stop_grace_period: [['stop_grace_period: 1m30s', { stopTimeout: 90 }]],
};

const variables = { IMAGE: 'registry/app:1', PORT: '8080', HOST: 'example.gov' };

test('are these, and no others', () => {
  const carried = Object.entries(serviceKeys).filter(([, fate]) => 'to' in fate);
  expect(Object.keys(CARRIED)).toEqual(carried.map(([key]) => key));
});

describe.each(Object.entries(CARRIED))('%s', (_, cases) => {
  test.each(cases)('%s', (lines, becomes) => {
    expect(appOf(lines, variables)).toEqual({ ...USUAL_APP, ...becomes });
  });
});

test('volumes that are mounted are the task’s, each once', () => {
  const volumes = (lines: string) => read(fileWith(lines)).volumes;
  expect(volumes('user: node')).toEqual([]);
  expect(volumes('volumes: ["data:/a", "data:/b", "/var/log:/c", "/var/log:/d"]')).toEqual([
    { name: 'data', host: {} },
    { name: 'host-var-log', host: { sourcePath: '/var/log' } },
  ]);
});

/** What needs nothing on ECS. */
const LEFT_OUT: Record<string, string[]> = {
  container_name: ['container_name: permits', 'container_name: ${NOT_SET}'],
  restart: ['restart: always', 'restart: unless-stopped', 'restart: on-failure:3'],
  expose: ['expose: ["3000"]'],
  network_mode: ['network_mode: bridge'],
  pull_policy: ['pull_policy: always'],
  attach: ['attach: false'],
  develop: ['develop: {watch: [{path: ./src, action: rebuild}]}'],
};

test('those that nothing comes of are these', () => {
  const left = Object.entries(serviceKeys).filter(([, fate]) => 'leftOut' in fate);
  expect(Object.keys(LEFT_OUT)).toEqual(left.map(([key]) => key));
});

test.each([...Object.values(LEFT_OUT).flat(), 'x-mine: {anything: [goes]}'])(
  'nothing comes of %s',
  (lines) => {
    expect(appOf(lines)).toEqual(USUAL_APP);
  },
);
