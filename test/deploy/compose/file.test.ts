// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how compose files name variables
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { pick, random } from '../../inputs/random.ts';
import { FILE, fileWith, LINE, read, refusal } from './read.ts';

const TEMPLATE = new URL(
  '../../../templates/app-repo/common/deploy/docker-compose.yml',
  import.meta.url,
);
const VARIABLES = {
  AWS_CLOUDWATCH_LOGS_GROUP: 'digitalApps',
  AWS_DEFAULT_REGION: 'us-east-2',
  AWS_EC2_TARGET_GROUP_ARN:
    'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/permits/0',
  AWS_ECS_CLUSTER: 'digitalApps',
  AWS_ECS_IMAGE: '123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/permits:42-abcdef1',
  AWS_ECS_SERVICE_NAME: 'permits',
  AWS_S3_CONFIG_BUCKET: 'cob-digital-config',
};

const THE_GUIDES = {
  containers: [
    {
      name: 'app',
      image: VARIABLES.AWS_ECS_IMAGE,
      portMappings: [{ containerPort: 3000, hostPort: 0, protocol: 'tcp' }],
      memory: 512,
      environment: [
        { name: 'NODE_ENV', value: 'production' },
        { name: 'AWS_REGION', value: 'us-east-2' },
        { name: 'AWS_DEFAULT_REGION', value: 'us-east-2' },
        { name: 'AWS_S3_CONFIG_URL', value: 's3://cob-digital-config/permits/.env' },
      ],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': 'digitalApps',
          'awslogs-region': 'us-east-2',
          'awslogs-stream-prefix': 'permits',
        },
      },
    },
  ],
  volumes: [],
  front: { containerName: 'app', containerPort: 3000 },
};

test('the file that add-app writes is read with the guide’s variables', () => {
  expect(read(readFileSync(TEMPLATE, 'utf8'), VARIABLES)).toEqual(THE_GUIDES);
});

test.each(['AWS_ECS_IMAGE', 'AWS_S3_CONFIG_BUCKET', 'AWS_CLOUDWATCH_LOGS_GROUP'])(
  'the file that add-app writes needs %s',
  (name) => {
    const { [name as 'AWS_ECS_IMAGE']: _, ...others } = VARIABLES;
    expect(refusal(readFileSync(TEMPLATE, 'utf8'), others)).toContain(
      `the variable ${name} is not set`,
    );
  },
);

test.each([
  'version: "2"',
  "version: '3.8'",
  'version: 2',
  'name: permits',
  'x-mine: {a: [b]}',
  '',
])('%s makes no difference', (line) => {
  expect(read(`${line}\n${fileWith('user: node')}`)).toEqual(read(fileWith('user: node')));
});

test('line ends of Windows and a byte order mark make no difference', () => {
  const text = fileWith('command: |\n  npm start');
  expect(read(`\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(read(text));
});

test('what several keys share is put together by anchors and merge keys', () => {
  const { containers } = read(`
x-logs: &logs {driver: json-file, options: &options {max-size: 10m}}
x-common: &common
  mem_limit: 64m
  user: node
  environment: &environment {A: 1, B: 2}
services:
  web:
    <<: *common
    image: &image nginx:1
    ports: ["80"]
    user: root
    environment: {B: 3, <<: *environment}
  worker:
    <<: [{mem_limit: 32m}, *common]
    image: *image
    logging: {<<: *logs, options: {<<: *options, max-file: 3}}
`);
  expect(containers).toEqual([
    {
      name: 'web',
      image: 'nginx:1',
      portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
      memory: 64,
      user: 'root',
      environment: [
        { name: 'B', value: '3' },
        { name: 'A', value: '1' },
      ],
    },
    {
      name: 'worker',
      image: 'nginx:1',
      memory: 32,
      user: 'node',
      environment: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      logConfiguration: { logDriver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    },
  ]);
});

test('what is wrong in what was merged is told where it stands', () => {
  const text = `x-common: &common\n  mem_limit: lots\n${fileWith('<<: *common').replace('    mem_limit: 64m\n', '')}`;
  expect(refusal(text)).toMatch(
    /^deploy\/docker-compose\.yml:2: services\.app\.mem_limit: “lots” is no size/,
  );
});

test('a merge key that goes in a circle ends', () => {
  expect(read(fileWith('environment: &self {A: 1, <<: *self}')).containers[0]!.environment).toEqual(
    [{ name: 'A', value: '1' }],
  );
});

test('the load balancer goes to the first container that has a port of TCP, and to its first', () => {
  const { containers, front } = read(`
services:
  statsd: {image: statsd, mem_limit: 64m, ports: [8125/udp]}
  proxy: {image: nginx, mem_limit: 64m, ports: [53/udp, "80", "443"], links: [app]}
  app: {image: app, mem_limit: 64m, ports: ["3000"]}
`);
  expect(containers.map(({ name }) => name)).toEqual(['statsd', 'proxy', 'app']);
  expect(front).toEqual({ containerName: 'proxy', containerPort: 80 });
});

test('a container that others wait for to end is not essential', () => {
  const { containers } = read(`
services:
  migrate: {image: app, mem_limit: 64m, command: npm run migrate}
  app:
    image: app
    mem_limit: 64m
    ports: ["3000"]
    depends_on: {migrate: {condition: service_completed_successfully}}
`);
  expect(containers.map(({ name, essential }) => [name, essential])).toEqual([
    ['migrate', false],
    ['app', undefined],
  ]);
});

const SERVICE = '{image: app, mem_limit: 64m';
const APP = `app: ${SERVICE}, ports: ["3000"]`;

test.each([
  ['', `${FILE} is empty.`],
  ['# nothing\n', `${FILE} is empty.`],
  ['version: "2"\n', 'there are no services'],
  [
    'app:\n  image: nginx\n',
    `${FILE}:1: there are no services. Write services: and your containers under it, each by its name. Files of version 1 had no such line.`,
  ],
  ['servces: {}\n', 'there are no services'],
  ['volume: {}\nservices: {}\n', `${FILE}:1: volume: this key is not known. Did you mean volumes?`],
  ['- services\n', `${FILE}:1: keys with values belong here.`],
  ['services:\n', `${FILE}:1: there is nothing under services.`],
  ['services: {}\n', `${FILE}:1: services: there is no container. Write one by its name.`],
  ['services: [app]\n', `${FILE}:1: services: keys with values belong here.`],
  ['services:\n  app:\n', `${FILE}:2: services.app: keys with values belong here.`],
  ['services: {? [a] : b}\n', `${FILE}:1: services: a key should be a name.`],

  [
    'services:\n\tapp: {}\n',
    `${FILE}:2: this is not valid YAML: Tabs are not allowed as indentation`,
  ],
  [
    'services:\n  app: {}\n  app: {}\n',
    `${FILE}:3: this is not valid YAML: Map keys must be unique.`,
  ],
  [
    'a: ["b" "c"]\n',
    `${FILE}:1: this is not valid YAML: Missing , or : between flow sequence items.`,
  ],
  ['services:\n  app: {password: "x\n', `${FILE}:`],
  [
    'services:\n  app: *nothing\n',
    `${FILE}:2: this is not valid YAML: *nothing is not defined above.`,
  ],
  [
    'services:\n  app: !reset null\n',
    `${FILE}:2: tags like “!this” are not read here. Take it out.`,
  ],
  [
    'services: {}\n---\nservices: {}\n',
    `${FILE}:2: another document begins here. Keep one of them.`,
  ],
  [fileWith('<<: nginx'), `${FILE}:${LINE}: services.app: “<<” takes keys with values.`],

  [
    fileWith('user: node').replace('data: ', 'data: {driver: rexray/ebs}'),
    `${FILE}:8: volumes.data: a volume of ECS is there for its task alone, without a driver and without options.`,
  ],
  [
    fileWith('user: node').replace('data: ', 'my.data: '),
    `${FILE}:8: volumes.my.data: letters, digits, _ and - make a name for ECS.`,
  ],

  [
    `services: {my.app: ${SERVICE}, ports: ["3000"]}}`,
    `${FILE}:1: services.my.app: letters, digits, _ and - make a container’s name for ECS.`,
  ],
  [
    `services:\n${Array.from({ length: 11 }, (_, n) => `  app${n}: ${SERVICE}, ports: ["3000"]}\n`).join('')}`,
    `${FILE}:1: services: ECS takes 10 containers in a task, and these are 11.`,
  ],
  [
    `services: {${APP}, depends_on: {db: {condition: service_healthy}}}, db: ${SERVICE}}}`,
    'services.app.depends_on: db has no healthcheck that would tell when it is healthy. Give it one, or write condition: service_started.',
  ],
  [
    `services: {${APP}, depends_on: [b]}, b: ${SERVICE}, links: ["c:x"]}, c: ${SERVICE}, volumes_from: ["app:ro"]}}`,
    'services.app: app needs b needs c needs app: none of them could start first.',
  ],
  [
    `services: {${APP}, links: [b]}, b: ${SERVICE}, links: [c]}, c: ${SERVICE}, links: [b]}}`,
    'services.b: b needs c needs b: none',
  ],
  [
    `services: {${APP}}, b: ${SERVICE}, depends_on: {app: {condition: service_completed_successfully}}}}`,
    'services: app has the port for the load balancer, but others wait for it to end.',
  ],
])('%j is refused', (text, says) => {
  expect(refusal(text)).toContain(says);
});

test('whatever is wrong, it is told with its line', () => {
  const next = random(1);
  const bits = [...'{}[]:#|?,%"\'~$\t\n', '*a', '&a ', '<<: ', '!x ', '- ', '---\n', '${', '-1'];
  const text =
    readFileSync(TEMPLATE, 'utf8') + fileWith('<<: &b {user: node}').replace('services:', '');
  let refused = 0;
  for (let round = 0; round < 500; round += 1) {
    const at = Math.floor(next() * text.length);
    const changed =
      text.slice(0, at) + pick(next, bits) + text.slice(at + pick(next, [0, 0, 1, 9]));
    try {
      read(changed, VARIABLES);
    } catch (error) {
      expect(error, changed).toBeInstanceOf(UserError);
      expect((error as UserError).message).toMatch(/^deploy\/docker-compose\.yml:\d+: .+\.$/s);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(200);
});

test('a file that cannot be parsed is not shown: it may hold secrets', () => {
  expect(refusal('services:\n  app: {environment: {A: "hunter2"} "hunter3"\n')).not.toContain(
    'hunter',
  );
});
