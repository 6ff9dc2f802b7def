import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { startEmulator } from '../support/emulator.ts';
import { scaffold, temporaryFolder } from './support/app-repo.ts';
import { refusedByEcsCli } from './support/ecs-cli-options.ts';
import { type Answer, record } from './support/recorder.ts';
import { isSigned, serve } from './support/servers.ts';

const SECRET = 'fake/secret+that/nothing+may/print';
const PASSWORD = 'fake-registry-password';
const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const REPOSITORY = `${REGISTRY}/digital/registry-certs`;
const keys = { AWS_ACCESS_KEY_ID: 'AKIAFAKE', AWS_SECRET_ACCESS_KEY: SECRET };
const variables = {
  AWS_CLOUDWATCH_LOGS_GROUP: 'digitalApps',
  AWS_DEFAULT_REGION: 'us-east-2',
  AWS_EC2_TARGET_GROUP_ARN: 'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/a/1',
  AWS_ECS_CLUSTER: 'digitalApps',
  AWS_ECS_REGISTRY: REGISTRY,
  AWS_ECS_REPOSITORY_NAMESPACE: 'digital',
  AWS_ECS_SERVICE_NAME: 'registry-certs',
  AWS_ECS_SERVICE_ROLE_ARN: 'arn:aws:iam::123456789012:role/service',
  AWS_ECS_TASK_ROLE_ARN: 'arn:aws:iam::123456789012:role/task',
  AWS_S3_CONFIG_BUCKET: 'cob-config',
};
const travis = { TRAVIS_BUILD_NUMBER: '42', TRAVIS_COMMIT: 'abcdef1234567890' };

const programs: Record<string, Answer[]> = {
  docker: [],
  'ecs-cli': [{ to: '--version', stdout: 'ecs-cli version 1.21.0' }],
  git: [{ to: 'rev-parse HEAD', stdout: '1234567890abcdef\n' }],
  aws: [
    { to: 'configure get region', stdout: 'eu-west-1\n' },
    { to: 'ecr get-login-password', stdout: `${PASSWORD}\n` },
  ],
};

interface Run {
  env?: Record<string, string | undefined>;
  programs?: Record<string, Answer[]>;
  type?: string;
  /** Done in the app's folder before the start. */
  prepare?(folder: string): Promise<void>;
}

async function deploy(run: Run = {}) {
  const folder = await temporaryFolder();
  await scaffold('ecs-cli', folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: run.type }));
  await run.prepare?.(folder);
  const recorder = await record(run.programs ?? programs);
  const ran = await execa(process.execPath, [join(folder, 'deploy/ecs-deploy.js')], {
    env: { PATH: recorder.bin, HOME: folder, ...variables, ...travis, ...run.env },
    ...{ extendEnv: false, reject: false, stdin: 'ignore', cwd: '/' },
  });
  const calls = await recorder.calls();
  const commands = calls.map(({ program, args }) => [program, ...args].join(' '));
  const seen = JSON.stringify([ran.stdout, ran.stderr, commands]);
  for (const secret of [SECRET, PASSWORD]) expect(seen).not.toContain(secret);
  const ofEcsCli = calls.filter(({ program }) => program === 'ecs-cli');
  expect(ofEcsCli.flatMap(({ args }) => refusedByEcsCli(args))).toEqual([]);
  return { ...ran, calls, commands };
}

/** ECR, which gives its password to whom its request is signed by. */
async function newEcr(status = 200) {
  const authorizationToken = Buffer.from(`AWS:${PASSWORD}`).toString('base64');
  return serve((request, response) => {
    if (!isSigned(request, SECRET)) response.writeHead(400).end('{"message":"not signed"}');
    else if (status === 200) {
      response.end(JSON.stringify({ authorizationData: [{ authorizationToken }] }));
    } else response.writeHead(status).end('{"__type":"AccessDenied","message":"You may not."}');
  });
}

const image = `${REPOSITORY}:42-abcdef1`;
const steps = [
  'ecs-cli --version',
  `docker login --username AWS --password-stdin ${REGISTRY}`,
  `docker build --file deploy/Dockerfile --tag ${image} --tag ${REPOSITORY}:latest --cache-from ${REPOSITORY}:latest --build-arg BUILDKIT_INLINE_CACHE=1 .`,
  `docker push ${image}`,
  `docker push ${REPOSITORY}:latest`,
  `ecs-cli compose --project-name registry-certs --file deploy/docker-compose.yml --task-role-arn ${variables.AWS_ECS_TASK_ROLE_ARN} service up --cluster digitalApps --region us-east-2 --target-group-arn ${variables.AWS_EC2_TARGET_GROUP_ARN} --container-name app --container-port 3000 --role ${variables.AWS_ECS_SERVICE_ROLE_ARN} --timeout 10`,
];

test.each([undefined, 'commonjs', 'module'])(
  'builds, pushes and deploys from Travis, in an app of type %s',
  async (type) => {
    const ecr = await newEcr();
    const env = { ...keys, AWS_ENDPOINT_URL: ecr.url, AWS_SESSION_TOKEN: 'fake-token' };
    const { exitCode, stderr, commands, calls } = await deploy({ type, env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(commands).toEqual(steps);
    expect(calls[1]?.stdin).toBe(PASSWORD);
    expect(calls[5]?.env.AWS_ECS_IMAGE).toBe(image);
    const [request] = ecr.requests;
    expect(request?.headers['x-amz-target']).toMatch(/^AmazonEC2Con.*\.GetAuthorizationToken$/);
    expect(request?.headers.authorization).toContain('/us-east-1/ecr/aws4_request');
    expect(request?.headers['x-amz-security-token']).toBe('fake-token');
  },
);

test.each([
  ['compose --cluster x service up --project-name y', 'up --project-name'],
  ['compose service up --verbose --force-update', 'up --verbose'],
  ['compose service deploy', 'deploy'],
])('ecs-cli would refuse “%s”', (line, first) => {
  expect(refusedByEcsCli(line.split(' '))[0]).toBe(first);
});

test('takes ECR’s password as the emulator of AWS gives it', async () => {
  const emulator = await startEmulator();
  const { calls } = await deploy({ env: { ...keys, AWS_ENDPOINT_URL_ECR: emulator.endpoint } });
  await emulator.stop();
  expect(calls[1]?.stdin).toBe('123456789012-auth-token');
});

test('deploys from one’s own machine, as the AWS CLI is configured and the clone stands', async () => {
  const env = { AWS_DEFAULT_REGION: '', TRAVIS_BUILD_NUMBER: '', TRAVIS_COMMIT: '' };
  const { exitCode, commands, calls } = await deploy({ env });
  expect(exitCode).toBe(0);
  expect(commands.slice(0, 4)).toEqual([
    'aws configure get region',
    'git rev-parse HEAD',
    'ecs-cli --version',
    'aws ecr get-login-password --region us-east-1',
  ]);
  const tag = /digital\/registry-certs:(\S+)/.exec(commands[5]!)?.[1];
  const time = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  expect(tag).toMatch(new RegExp(`^${time}\\d{6}-1234567$`));
  expect(calls[4]?.stdin).toBe(PASSWORD);
  const up = calls.at(-1)!;
  expect(up.args.join(' ')).toContain('--region eu-west-1');
  expect(up.env.AWS_DEFAULT_REGION).toBe('eu-west-1');
});

test('names every variable that is missing, and starts nothing', async () => {
  const env = { AWS_ECS_CLUSTER: '', AWS_S3_CONFIG_BUCKET: undefined };
  const { exitCode, stderr, commands } = await deploy({ env });
  const names = 'AWS_ECS_CLUSTER, AWS_S3_CONFIG_BUCKET';
  expect(stderr).toBe(`ecs-deploy: these environment variables are not set: ${names}.`);
  expect({ exitCode, commands }).toEqual({ exitCode: 2, commands: [] });
});

test.each(Object.keys(variables))('needs %s', async (name) => {
  const { aws, ...rest } = programs;
  const { exitCode, stderr } = await deploy({ env: { [name]: '' }, programs: rest });
  expect(stderr).toBe(`ecs-deploy: these environment variables are not set: ${name}.`);
  expect(exitCode).toBe(2);
});

test('takes the container’s name and port from docker-compose.yml', async () => {
  const { commands } = await deploy({
    async prepare(folder) {
      const file = join(folder, 'deploy/docker-compose.yml');
      const text = await readFile(file, 'utf8');
      const other = text.replace('  app:', '  # the app:\n  web-1:').replace('"3000"', "'0:8080'");
      await writeFile(file, other.replaceAll('\n', '\r\n'));
    },
  });
  expect(commands.at(-1)).toContain('--container-name web-1 --container-port 8080 --role');
});

test('says what docker-compose.yml lacks', async () => {
  const prepare = (folder: string) =>
    writeFile(join(folder, 'deploy/docker-compose.yml'), 'services:\n  app:\n    image: x\n');
  const { stderr, exitCode } = await deploy({ prepare });
  expect(stderr).toBe(
    'ecs-deploy: deploy/docker-compose.yml should name a service, and under it its ports.',
  );
  expect(exitCode).toBe(2);
});

test.each([
  ['docker', 'login'],
  ['docker', 'build'],
  ['docker', `push ${image}`],
  ['ecs-cli', 'compose'],
])('stops with the exit code of %s %s', async (program, to) => {
  const failing = { ...programs, [program]: [{ to, exitCode: 17 }] };
  const { exitCode, stderr, commands } = await deploy({ programs: failing });
  expect(exitCode).toBe(17);
  expect(stderr).toContain(`ecs-deploy: ${program} ${to.split(' ')[0]} failed.`);
  expect(commands.at(-1)).toMatch(new RegExp(`^${program} ${to}`));
});

test('goes on where only the tag for the next build’s cache cannot be pushed', async () => {
  const docker = [{ to: `push ${REPOSITORY}:latest`, exitCode: 1 }];
  const { exitCode, stderr, commands } = await deploy({ programs: { ...programs, docker } });
  expect(stderr).toBe(
    `ecs-deploy: going on without ${REPOSITORY}:latest; the next build can reuse less.`,
  );
  expect(commands.at(-1)).toMatch(/^ecs-cli compose/);
  expect(exitCode).toBe(0);
});

const absent: [string, Record<string, string>, string][] = [
  ['ecs-cli', {}, 'ecs-cli cannot be started: run ./deploy/install-ecs-cli.sh first.'],
  ['docker', {}, 'docker cannot be started: install Docker.'],
  ['git', { TRAVIS_COMMIT: '' }, 'git cannot be started: install it, or set TRAVIS_COMMIT.'],
  ['aws', {}, 'aws cannot be started: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or install'],
];
test.each(absent)('says how to get %s where it is missing', async (program, env, sentence) => {
  const others = Object.entries(programs).filter(([name]) => name !== program);
  const { exitCode, stderr, commands } = await deploy({
    env,
    programs: Object.fromEntries(others),
  });
  expect(stderr).toContain(`ecs-deploy: ${sentence}`);
  expect(exitCode).toBe(1);
  expect(commands.filter((command) => command.startsWith('docker build'))).toEqual([]);
});

test('says why ECR gives no password', async () => {
  const ecr = await newEcr(400);
  const refused = await deploy({ env: { ...keys, AWS_ENDPOINT_URL: ecr.url } });
  expect(refused.stderr).toBe(`ecs-deploy: ECR gave no password for ${REGISTRY}: You may not.`);
  expect(refused.exitCode).toBe(1);
  const gone = await deploy({ env: { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } });
  expect(gone.stderr).toMatch(/^ecs-deploy: cannot reach ECR at 127\.0\.0\.1:1: .+$/);
});

test('finds the ecs-cli that install-ecs-cli.sh put into the home folder', async () => {
  const { 'ecs-cli': _, ...others } = programs;
  const { exitCode, stdout } = await deploy({
    programs: others,
    async prepare(folder) {
      const local = await record({ 'ecs-cli': [{ stdout: 'from home' }] });
      const bin = join(folder, '.local/bin');
      await cp(local.bin, bin, { recursive: true });
    },
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'from home' });
});
