// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how compose files name variables
import { describe, expect, test } from 'vitest';
import type { Keys } from '../../../src/deploy/compose/keys.ts';
import { fileKeys } from '../../../src/deploy/compose/read.ts';
import { serviceKeys } from '../../../src/deploy/compose/service-keys.ts';
import { FILE, fileWith, LINE, refusal } from './read.ts';

/** The service's keys in the Compose Specification of June 2026. */
const SPECIFIED = [
  'annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs',
  'container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares',
  'cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt',
  'dns_search domainname entrypoint env_file environment expose extends external_links extra_hosts',
  'gpus group_add healthcheck hostname image init ipc isolation label_file labels links logging',
  'mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks',
  'oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start pre_stop',
  'privileged profiles provider pull_policy read_only restart runtime scale secrets security_opt',
  'shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits',
  'use_api_socket user userns_mode uts volumes volumes_from working_dir',
].flatMap((line) => line.split(' '));

test('of every key of compose it is known what becomes of it', () => {
  expect(SPECIFIED.filter((key) => !serviceKeys[key])).toEqual([]);
});

/** Every key that is refused, also those of keys, as the lines that lead to it. */
function refusedIn(keys: Keys, way: string[] = []): [way: string[], says: string][] {
  return Object.entries(keys).flatMap(([key, fate]): [string[], string][] => {
    const here = [...way, key];
    if ('refused' in fate) return [[here, `${fate.refused}. ${fate.instead}`]];
    return 'keys' in fate && fate.keys ? refusedIn(fate.keys, here) : [];
  });
}

describe('a key that cannot be carried over', () => {
  const ofServices = refusedIn(serviceKeys).filter(
    ([[first]]) => first !== 'ports' && first !== 'volumes',
  );

  test.each(ofServices)('%j names the file, its line and itself', (way, says) => {
    const lines = way.map((key, depth) => `${'  '.repeat(depth)}${key}:`).join('\n');
    const line = LINE + way.length - 1;
    expect(refusal(fileWith(`${lines} x`))).toBe(
      `${FILE}:${line}: services.app.${way.join('.')}: ${says}`,
    );
    // Not even without a value: whoever wrote it meant something.
    expect(refusal(fileWith(lines))).toContain(says);
  });

  test.each(refusedIn(fileKeys).filter(([way]) => way.length === 1))(
    'of the file, %j',
    (way, says) => {
      const text = `${fileWith('user: node')}${way[0]}: {}\n`;
      expect(refusal(text)).toBe(`${FILE}:9: ${way[0]}: ${says}`);
    },
  );
});

/** What is written of an app, which of its lines is wrong, and what is said of it. */
const WRONG: [lines: string, says: string | RegExp, line?: number][] = [
  ['imege: nginx', 'services.app.imege: this key is not known. Did you mean image?'],
  [
    'something: else',
    'services.app.something: this key is not known. Take it out, or begin it with “x-” if it is your own.',
  ],
  ['user: node\nconstructor: x', 'services.app.constructor: this key is not known.', 1],

  [
    'image: ""',
    'services.app.image: “” is no image. Write the one that was just built: ${AWS_ECS_IMAGE}.',
  ],
  ['image: a b', 'is no image'],
  ['image: nginx@sha256:12', 'is no image'],
  ['image:', 'services.app: there is no image.', -1],
  ['image: ${AWS_ECS_IMAGE}', 'services.app.image: the variable AWS_ECS_IMAGE is not set.'],
  ['image: [nginx]', 'services.app.image: a single value belongs here'],

  [
    'ports: ["80:3000"]',
    /services\.app\.ports: With the fixed port “80:3000” on the instance no second task fits there, .*\. Write "3000"\./,
  ],
  ['ports:\n  - "8125/udp"\n  - "127.0.0.1:80:3000/tcp"', 'Write "3000/tcp".', 2],
  [
    'ports: [{target: 3000, published: "80"}]',
    /services\.app\.ports\.published: With the fixed port “80” .* Take it out\./,
  ],
  ['ports: ["3000-3005"]', '“3000-3005” is a range. Write every port in a line of its own.'],
  ['ports: [web]', '“web” is no port. Write the port that the app listens on, like "3000".'],
  ['ports: [70000]', 'is no port'],
  ['ports: [0]', 'is no port'],
  ['ports: [3000/sctp]', 'is no port'],
  [
    'ports: [{target: 70000}]',
    'services.app.ports.target: 70000 is more than 65535, the most that ECS takes',
  ],
  ['ports: [{published: 0}]', 'there is no target'],
  [
    'ports: [{target: 3000, host_ip: 127.0.0.1}]',
    'services.app.ports.host_ip: the load balancer must reach the port',
  ],
  [
    'ports: [{target: 3000, mode: host}]',
    'services.app.ports.mode: “host” will not do. Write ingress.',
  ],
  ['ports: "3000"', 'services.app.ports: a list belongs here'],
  [
    'ports: [8125/udp]',
    'services: no container has a port that the load balancer could send requests to. Write under the app’s: ports: ["3000"].',
    -2,
  ],
  ['ports:', 'no container has a port', -2],

  [
    'mem_limit: 512',
    '512 bytes is less than 6 MiB, the least that ECS takes. For MiB, write 512m.',
  ],
  ['mem_limit: 5m', '5m is less than 6 MiB, the least that ECS takes'],
  [
    'mem_limit: 500000000',
    'ECS counts in MiB, and 500000000 is no whole number of them. Write 476m.',
  ],
  ['mem_limit: lots', '“lots” is no size. Write it like 512m or 1g.'],
  ['mem_limit: -1', '“-1” is no size'],
  [
    'mem_limit:',
    'services.app: ECS must know how much memory it takes. Write mem_limit: 512m, which is what ecs-cli took where a file said nothing.',
    -1,
  ],
  [
    'mem_limit: 64m\nmem_reservation: 65m',
    'services.app.mem_reservation: 65 MiB are reserved, and 64 MiB is the limit.',
    1,
  ],
  [
    'mem_limit: 64m\ndeploy: {resources: {reservations: {memory: 65m}}}',
    'services.app.deploy: 65 MiB are reserved, and 64 MiB is the limit.',
    1,
  ],
  [
    'mem_limit: 64m\ndeploy:\n  resources:\n    limits:\n      memory: 64m',
    'services.app.deploy: another key sets memory already. Keep one of them.',
    1,
  ],
  ['cpu_shares: 0.5', '“0.5” is no whole number'],
  ['cpu_shares: -1', '-1 is less than 0, the least that ECS takes'],
  [
    'cpu_shares: 1\ndeploy: {resources: {reservations: {cpus: 1}}}',
    'another key sets cpu already',
    1,
  ],
  ['deploy: {resources: {reservations: {cpus: all}}}', '“all” is no number of CPUs'],
  ['deploy: {mode: global}', 'services.app.deploy.mode: “global” will not do. Write replicated.'],
  [
    'deploy: {restart_policy: {condition: none}}',
    'services.app.deploy.restart_policy.condition: “none” will not do. Write any or on-failure.',
  ],

  [
    'environment: [NAME]',
    'services.app.environment: the variable NAME is not set. Set it where you deploy',
  ],
  ['environment:\n  NAME:', 'services.app.environment.NAME: the variable NAME is not set.', 1],
  ['environment: [A=1, "=2"]', 'there is no name before “=”'],
  [
    'environment:\n  - A=1\n  - A=2',
    'services.app.environment: A is there twice. Keep one of them.',
    2,
  ],
  ['environment: {A: [1]}', 'services.app.environment.A: a single value belongs here'],
  ['environment: A=1', 'services.app.environment: keys with values belong here'],

  ['command: []', 'ECS cannot run an image without its own. Take the key out, or name a command.'],
  ['entrypoint: ""', 'ECS cannot run an image without its own'],
  ["command: echo 'it", 'a quote is never closed'],

  [
    'healthcheck: {interval: 30s}',
    'services.app.healthcheck: there is no test. Write test: ["CMD-SHELL", "curl',
  ],
  [
    'healthcheck: {test: [curl, localhost]}',
    'services.app.healthcheck.test: a test is CMD with the words of a command, CMD-SHELL with one text, or NONE. Write it like',
  ],
  ['healthcheck: {test: [CMD]}', 'a test is CMD with'],
  ['healthcheck: {test: [CMD-SHELL, a, b]}', 'a test is CMD with'],
  [
    'healthcheck: {test: x, interval: 4s}',
    'services.app.healthcheck.interval: 4s is less than 5 seconds, the least that ECS takes',
  ],
  [
    'healthcheck: {test: x, interval: 5m1s}',
    '5m1s is more than 300 seconds, the most that ECS takes',
  ],
  ['healthcheck: {test: x, interval: 30}', '30 has no unit. Write 30s for seconds.'],
  [
    'healthcheck: {test: x, interval: 5500ms}',
    'ECS counts in seconds, and 5500ms is no whole number of them',
  ],
  ['healthcheck: {test: x, interval: soon}', '“soon” is no duration. Write it like 30s or 1m30s.'],
  ['healthcheck: {test: x, timeout: 1s}', '1s is less than 2 seconds'],
  ['healthcheck: {test: x, timeout: 61s}', '61s is more than 60 seconds'],
  ['healthcheck: {test: x, retries: 0}', '0 is less than 1'],
  ['healthcheck: {test: x, retries: 11}', '11 is more than 10'],
  ['healthcheck: {test: x, start_period: 301s}', '301s is more than 300 seconds'],
  [
    'healthcheck: {test: x, disable: maybe}',
    'services.app.healthcheck.disable: “maybe” will not do. Write true or false.',
  ],
  [
    'healthcheck: {tests: x}',
    'services.app.healthcheck.tests: this key is not known. Did you mean test?',
  ],

  [
    'logging: {options: {a: b}}',
    'services.app.logging: there is no driver. Write driver: awslogs.',
  ],
  ['logging: {driver: none}', 'services.app.logging.driver: “none” will not do. Write awslogs, '],
  ['logging: {driver: awsfirelens}', 'will not do'],
  [
    'logging: {driver: awslogs}',
    'services.app.logging: awslogs needs awslogs-group. Write awslogs-group: ${AWS_CLOUDWATCH_LOGS_GROUP}.',
  ],
  [
    'logging:\n  driver: awslogs\n  options:\n    awslogs-group: g',
    'services.app.logging.options: awslogs needs awslogs-region. Write awslogs-region: ${AWS_DEFAULT_REGION}.',
    2,
  ],
  [
    'logging: {driver: awslogs, options: {awslogs-gruop: g}}',
    'awslogs has no option awslogs-gruop. Did you mean awslogs-group?',
  ],
  [
    'logging: {driver: awslogs, options: {tag: x}}',
    'awslogs has no option tag. There are awslogs-group, ',
  ],
  [
    'logging: {driver: awslogs, options: {awslogs-group: g, awslogs-region: r, awslogs-create-group: "false"}}',
    'ECS takes true alone for awslogs-create-group. Take it out.',
  ],

  [
    'depends_on: [dbs]',
    'services.app.depends_on: there is no service “dbs” in this file. Did you mean db?',
  ],
  ['depends_on: [app]', 'a container cannot depend on itself'],
  [
    'depends_on: {db: {}}',
    'services.app.depends_on.db: there is no condition. Write condition: service_started.',
  ],
  [
    'depends_on: {db: {condition: healthy}}',
    'services.app.depends_on.db.condition: “healthy” will not do. Write service_started, ',
  ],
  [
    'depends_on: {db: {condition: service_started, required: false}}',
    'services.app.depends_on.db.required: “false” will not do. Write true.',
  ],
  [
    'links: ["redis:cache"]',
    'services.app.links: there is no service “redis” in this file. Containers of other tasks are reached by their host names.',
  ],
  ['volumes_from: ["container:x"]', 'there is no service “container:x” in this file'],

  [
    'volumes: ["./src:/app"]',
    'services.app.volumes: “./src” is a folder of your machine, which is not there on an instance. Have the Dockerfile copy what the app needs.',
  ],
  ['volumes: ["~/.aws:/root/.aws"]', '“~/.aws” is a folder of your machine'],
  ['volumes: [{type: bind, source: src, target: /app}]', '“src” is a folder of your machine'],
  ['volumes: ["dta:/data"]', 'no volume dta is declared. Did you mean data?'],
  [
    'volumes: ["something:/data"]',
    'no volume something is declared. Write something: under the file’s volumes.',
  ],
  [
    'volumes: [/data]',
    'the volume at /data has no name. Write NAME:/PATH, and NAME: under the file’s volumes.',
  ],
  ['volumes: ["data:data"]', 'a mount needs an absolute path in the container'],
  ['volumes: ["data:/data:z"]', 'ro and rw alone can follow a mount'],
  ['volumes: ["data:/data:ro:z"]', 'ro and rw alone can follow a mount'],
  [
    'volumes: ["/a/b:/x", "/a-b:/x", "/a.b:/y"]',
    'two volumes would be called host-a-b. Mount another path.',
    -1,
  ],
  [
    'volumes: [{type: npipe, source: x, target: /y}]',
    'services.app.volumes.type: “npipe” will not do. Write volume, bind, or tmpfs.',
  ],
  [
    'volumes: [{type: tmpfs, target: /run}]',
    'ECS wants a size for a tmpfs. Write tmpfs: /run:size=64m.',
  ],
  [
    'volumes: [{type: bind, source: /a, target: /b, bind: {propagation: shared}}]',
    'services.app.volumes.bind: ECS mounts it as Docker does by itself. Take it out.',
  ],
  ['volumes: [{type: tmpfs, source: data, target: /run}]', 'a tmpfs has no source'],
  [
    'volumes: [{source: data, target: /run, tmpfs: {size: 1m}}]',
    'a size is for a tmpfs. Write type: tmpfs, or take it out.',
  ],
  ['tmpfs: /run', 'ECS wants a size for a tmpfs. Write tmpfs: /run:size=64m.'],
  ['tmpfs: run:size=64m', 'a tmpfs needs an absolute path'],
  ['tmpfs: /run:size=64m,fast', 'ECS has no option “fast” for a tmpfs'],
  ['tmpfs: /run:size=1k', '1k is less than 1 MiB'],
  ['shm_size: 1k', '1k is less than 1 MiB'],

  ['init: /sbin/init', 'services.app.init: “/sbin/init” will not do. Write true or false.'],
  ['privileged: yes', 'services.app.privileged: “yes” will not do. Write true or false.'],
  ['cap_add: [SYS_EVERYTHING]', 'ECS has no capability “SYS_EVERYTHING”'],
  ['devices: [fuse]', 'a device of the instance belongs here. Write /dev/NAME.'],
  ['devices: ["/dev/a:/dev/b:rx"]', 'permissions are letters of rwm'],
  ['ulimits: {files: 1}', 'there is no limit “files”. There are core, '],
  ['ulimits: {nofile: {soft: 1}}', 'services.app.ulimits.nofile: soft and hard belong here'],
  ['ulimits: {nofile: {soft: 2, hard: 1}}', 'soft is more than hard'],
  ['ulimits: {nofile: {soft: -1, hard: 1}}', 'soft is more than hard'],
  ['ulimits: {nofile: many}', '“many” is no whole number'],
  ['extra_hosts: [somewhere]', 'a host and its address belong here. Write HOST:IP.'],
  ['extra_hosts: ["host:host-gateway"]', '“host-gateway” is no IP address'],
  ['dns: dns.google', '“dns.google” is no IP address'],
  [
    'security_opt: ["seccomp:unconfined"]',
    'ECS has no security option “seccomp:unconfined”. It has no-new-privileges, apparmor:PROFILE and label:VALUE.',
  ],
  ['stop_grace_period: 90', '90 has no unit. Write 90s for seconds.'],
  ['user: {name: node}', 'services.app.user: a single value belongs here'],

  [
    'restart: "no"',
    'services.app.restart: on ECS a task whose container ends is started anew. Take it out. For a container that runs once',
  ],
  ['network_mode: host', 'services.app.network_mode: “host” will not do. Write bridge.'],
  [
    'pull_policy: never',
    'services.app.pull_policy: “never” will not do. Write always, missing, or if_not_present.',
  ],
];

test.each(WRONG)('%s', (lines, says, line = 0) => {
  const text = refusal(fileWith(lines));
  expect(text).toMatch(new RegExp(`^${FILE}:${LINE + line}: services`));
  if (typeof says === 'string') expect(text).toContain(says);
  else expect(text).toMatch(says);
});
