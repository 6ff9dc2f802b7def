import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { buildImage } from '../../src/deploy/image/build.ts';
import { logIn } from '../../src/deploy/image/login.ts';
import { platformOf } from '../../src/deploy/image/platform.ts';
import { pushImage } from '../../src/deploy/image/push.ts';
import { Interrupted } from '../../src/errors.ts';
import { temporaryFolder } from '../app-repo/support/app-repo.ts';
import { type Answer, record } from '../app-repo/support/recorder.ts';
import { serve } from '../app-repo/support/servers.ts';
import { SECRET } from '../support/program.ts';
import { awsAt, listener } from './image-world.ts';

const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const repository = { registry, repository: 'digital/parks' };
const IMAGE = `${registry}/digital/parks`;
const BUILDKIT = { to: 'build --help', stdout: '      --progress string   Set type\n' };
const docker = { version: '29.1.2', platform: 'linux/amd64' };

/** A docker that says what it was seen to say. */
async function dockerSays(...answers: Answer[]) {
  const recorder = await record({ docker: answers });
  path(recorder.bin);
  return recorder;
}

function path(bin: string): void {
  vi.stubEnv('PATH', [bin, process.env.PATH].join(delimiter));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

async function build(platform?: string) {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'deploy'));
  await writeFile(join(dir, 'deploy/Dockerfile'), '');
  const to = listener();
  await buildImage(docker, repository, { dir, tag: '1-abc', platform }, to);
  return to.lines;
}

const ECR: Record<string, object> = {
  GetAuthorizationToken: {
    authorizationData: [{ authorizationToken: btoa('AWS:a-password-of-the-registry') }],
  },
};

/** AWS where it answers that. */
async function aws(answers = ECR) {
  const server = await serve((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    response.end(JSON.stringify(answers[operation] ?? {}));
  });
  return { aws: awsAt(server.url, await temporaryFolder()), requests: server.requests };
}

test.each([
  [
    'no space left',
    'ERROR: failed to build: failed to solve: failed to copy files: write /var/lib/docker/tmp/x: no space left on device',
    'the disk is full.',
    'docker system prune',
  ],
  [
    'Docker Hub’s limit',
    'ERROR: failed to solve: debian:12: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/debian/manifests/sha256:53: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'Docker Hub lets only so many images be pulled in an hour without an account.',
    /public\.ecr\.aws.+docker login/,
  ],
  [
    'a file that is not there, with the classic builder',
    'COPY failed: file not found in build context or excluded by .dockerignore: stat package.json: file does not exist',
    '“package.json” is not among the app’s files, or .dockerignore leaves it out.',
    '.dockerignore',
  ],
  [
    'a file that is not there, with BuildKit',
    'ERROR: failed to build: failed to solve: failed to compute cache key: failed to calculate checksum of ref 3ab::z: "/package.json": not found',
    '“package.json” is not among the app’s files, or .dockerignore leaves it out.',
    '.dockerignore',
  ],
  [
    'another processor',
    '#5 0.242 exec /bin/sh: exec format error\nERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 255',
    'a program in the image is for another processor than this machine’s.',
    'binfmt',
  ],
  [
    'no base image for the processor',
    'ERROR: failed to solve: old/node:8: failed to resolve source metadata for docker.io/old/node:8: no match for platform in manifest: not found',
    'the base image is not there for the processor of the cluster’s instances.',
    'FROM',
  ],
  [
    'no base image',
    'ERROR: failed to solve: failed to create LLB definition: public.ecr.aws/docker/library/node:99: not found',
    'there is no base image public.ecr.aws/docker/library/node:99, or not for everyone.',
    'FROM',
  ],
  [
    'no base image, with the classic builder',
    'Step 1/4 : FROM nodex:99\npull access denied for nodex, repository does not exist or may require ‘docker login’: denied: requested access to the resource is denied',
    'there is no base image nodex, or not for everyone.',
    'FROM',
  ],
  [
    'no way to the registry',
    'ERROR: failed to solve: failed to do request: Head "https://registry-1.docker.io/v2/library/node/manifests/24": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host',
    'there is no way to registry-1.docker.io.',
    'proxy',
  ],
  [
    'too little memory',
    "The command '/bin/sh -c npm ci' returned a non-zero code: 137",
    'a command was killed, as happens when the memory is used up.',
    'memory',
  ],
])('A build that fails says why: %s', async (_, said, is, fix) => {
  await dockerSays(BUILDKIT, { to: 'build', stdout: `${said}\n`, exitCode: 1 });
  const indented = said.split('\n').map((line) => `\n  ${line}`);
  await expect(build()).rejects.toMatchObject({
    name: 'StepFailed',
    message: `docker build failed: ${is}${indented.join('')}`,
    fix: expect.stringMatching(fix),
  });
});

const DENIED =
  'User: arn:aws:iam::123456789012:user/travis is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/digital/parks because no identity-based policy allows the ecr:InitiateLayerUpload action';

test.each([
  ...[`denied: ${DENIED}`, `error from registry: ${DENIED}`].map((said) => [
    said,
    'You may not call ecr:InitiateLayerUpload on arn:aws:ecr:us-east-1:123456789012:repository/digital/parks: no identity-based policy allows it.',
    'Ask for ecr:InitiateLayerUpload',
  ]),
  ...['name unknown', 'error from registry'].map((start) => [
    `${start}: The repository with name 'digital/parks' does not exist in the registry with id '123456789012'`,
    'there is no repository digital/parks in the registry.',
    'digital-apps add-app makes it.',
  ]),
  [
    'denied: requested access to the resource is denied',
    'the registry does not let you.',
    'AWS_ECS_REGISTRY',
  ],
  ['EOF', 'the registry closed the connection.', 'ecr:UploadLayerPart'],
])('A push that fails says why: %s', async (said, is, fix) => {
  await dockerSays({ to: 'push', stdout: `${said}\n`, exitCode: 1 });
  const world = await aws();
  await expect(pushImage(world.aws, repository, '1-abc', listener())).rejects.toMatchObject({
    name: 'StepFailed',
    message: `docker push failed: ${is}\n  ${said}`,
    fix: expect.stringContaining(fix!),
  });
});

test('A log-in asks the registry’s own Region, and gives the password by stdin alone', async () => {
  const recorder = await dockerSays({ does: 'fs.writeSync(1, call.stdin + " of AKIAFAKE\\n")' });
  const world = await aws();
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAFAKE');
  const to = listener();
  await logIn(world.aws, registry, to);
  expect(world.requests[0]!.headers.authorization).toContain('/us-east-1/ecr/aws4_request');
  const [call] = await recorder.calls();
  expect(call!.args).toEqual(['login', '--username', 'AWS', '--password-stdin', registry]);
  expect(call!.stdin).toBe('a-password-of-the-registry');
  expect(JSON.stringify(call!.env)).not.toContain('a-password-of-the-registry');
  expect(to.lines).toEqual(['*** of ***']);
});

test('A log-in is done where a credential helper does it, and not where one is broken', async () => {
  const world = await aws();
  const storing = 'Error saving credentials: error storing credentials - err: exit status 1, out:';
  await dockerSays({ stdout: `${storing} \`not implemented\`\n`, exitCode: 1 });
  await logIn(world.aws, registry, listener());
  await dockerSays({ stdout: `${storing} \`no keychain\`\n`, exitCode: 1 });
  await expect(logIn(world.aws, registry, listener())).rejects.toMatchObject({
    message: expect.stringContaining(`log in to ${registry}: Docker cannot keep the password.`),
    fix: expect.stringContaining('credsStore'),
  });
});

test('The classic builder is given the last image, as BuildKit need not be', async () => {
  const commands = async (...answers: Answer[]) => {
    const recorder = await dockerSays(...answers);
    const lines = await build();
    const calls = (await recorder.calls()).map(({ args }) => args.slice(0, 2).join(' '));
    return { lines, calls };
  };
  expect((await commands(BUILDKIT)).calls).toEqual(['build --help', 'build --file']);
  const missing = 'manifest unknown: manifest unknown';
  const { calls, lines } = await commands({ to: 'pull', stdout: missing, exitCode: 1 });
  expect(calls).toEqual(['build --help', 'pull --quiet', 'build --file']);
  expect(lines).toEqual([
    `Fetching ${IMAGE}:latest, to build on its layers.`,
    `Building without it: ${missing}`,
  ]);
});

test.each([
  ['linux/arm64', ['--platform', 'linux/arm64']],
  ['linux/amd64', []],
  [undefined, []],
])('Docker is told to build for %s only where it would not by itself', async (platform, told) => {
  const recorder = await dockerSays(BUILDKIT);
  await build(platform);
  const { args } = (await recorder.calls())[1]!;
  expect(args.slice(args.indexOf('BUILDKIT_INLINE_CACHE=1') + 1)).toEqual([...told, '.']);
});

test.each([
  [['x86_64', 'x86_64'], 'linux/amd64'],
  [['arm64'], 'linux/arm64'],
  [['x86_64', 'arm64'], undefined],
  [[], undefined],
])('Instances with %s are built for as %s', async (architectures, platform) => {
  const world = await aws({
    ListContainerInstances: { containerInstanceArns: architectures.map((_, i) => `arn:${i}`) },
    DescribeContainerInstances: {
      containerInstances: architectures.map((value) => ({
        status: 'ACTIVE',
        attributes: [{ name: 'ecs.cpu-architecture', value }, { name: 'ecs.capability.ecr-auth' }],
      })),
    },
  });
  expect(await platformOf(world.aws, 'digitalApps')).toBe(platform);
});

test('What the app’s build prints is told as text alone, line by line', async () => {
  vi.stubEnv('AWS_SESSION_TOKEN', 'a-session-token');
  const does = `fs.writeSync(1, '\\x1b[32mgreen\\x1b[0m \\n\\n10 %\\r100 %\\r\\nüber a-session-token')`;
  await dockerSays(BUILDKIT, { to: 'build', does });
  expect(await build()).toEqual(['green', '10 %', '100 %', 'über ***']);
});

test('Nothing is started once one has asked to stop', async () => {
  const recorder = await dockerSays();
  const stop = AbortSignal.abort();
  await expect(pushImage((await aws()).aws, repository, '1-abc', listener(stop))).rejects.toThrow(
    Interrupted,
  );
  expect(await recorder.calls()).toEqual([]);
});

test('Nobody waits for what docker has started itself, once one has asked to stop', async () => {
  const bin = await temporaryFolder();
  await writeFile(join(bin, 'docker'), '#!/bin/sh\necho begun\nsleep 5 &\nwait\n', { mode: 0o755 });
  path(bin);
  const stop = new AbortController();
  const to = { ...listener(stop.signal), tell: () => stop.abort() };
  const begun = performance.now();
  await expect(pushImage((await aws()).aws, repository, '1-abc', to)).rejects.toThrow(Interrupted);
  expect(performance.now() - begun).toBeLessThan(4_000);
});
