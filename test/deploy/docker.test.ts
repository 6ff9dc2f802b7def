import { expect, onTestFinished, test, vi } from 'vitest';
import type { Looking } from '../../src/checks/check.ts';
import { machineChecksForApps } from '../../src/checks/machine.ts';
import { checkDocker } from '../../src/docker.ts';
import { UserError } from '../../src/errors.ts';
import { temporaryFolder } from '../app-repo/support/app-repo.ts';
import { record } from '../app-repo/support/recorder.ts';

const { signal } = new AbortController();
const SOCKET = 'unix:///var/run/docker.sock';

/** Puts a docker on the PATH that says that, as it was seen to. */
async function docker(stdout: string, stderr = '', exitCode = 0) {
  const does = `fs.writeSync(2, ${JSON.stringify(stderr)})`;
  const { bin } = await record({ docker: [{ stdout, does, exitCode }] });
  path(bin);
}

function path(folder: string) {
  vi.stubEnv('PATH', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

async function doctor() {
  const check = machineChecksForApps.find(({ id }) => id === 'machine.docker')!;
  return check.look({ signal } as Looking);
}

test('Docker says its version, and what it builds for', async () => {
  await docker('{"Version":"29.1.2","Os":"linux","Arch":"arm64"}\n');
  expect(await checkDocker(signal)).toEqual({ version: '29.1.2', platform: 'linux/arm64' });
  expect(await doctor()).toMatchObject({ status: 'pass', evidence: '29.1.2' });
  vi.stubEnv('DOCKER_DEFAULT_PLATFORM', 'linux/amd64');
  expect(await checkDocker(signal)).toMatchObject({ platform: 'linux/amd64' });
});

test('No docker is told apart from one that does not work', async () => {
  path(await temporaryFolder());
  await expect(checkDocker(signal)).rejects.toThrow('docker is not on this machine.');
  await expect(checkDocker(signal)).rejects.toBeInstanceOf(UserError);
  expect(await doctor()).toMatchObject({
    status: 'skip',
    evidence: 'docker is not on this machine.',
    fix: 'Install it: https://docs.docker.com/get-docker/',
  });
});

const NOT_RUNNING = `Docker is installed but not running: nothing answers at ${SOCKET}.`;
const NOT_ALLOWED = `You may not talk to Docker: no permission on ${SOCKET}.`;

test.each([
  [
    'Docker 28, not running',
    `Cannot connect to the Docker daemon at ${SOCKET}. Is the docker daemon running?`,
    NOT_RUNNING,
    'To try a deploy without Docker: --sandbox.',
  ],
  [
    'Docker 29, not running',
    `failed to connect to the docker API at ${SOCKET}; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory`,
    NOT_RUNNING,
    'Docker Desktop',
  ],
  [
    'Docker 28, without permission',
    `permission denied while trying to connect to the Docker daemon socket at ${SOCKET}: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied`,
    NOT_ALLOWED,
    'sudo usermod -aG docker',
  ],
  [
    'Docker 29, without permission',
    `WARNING: Error loading config file: open /root/.docker/config.json: permission denied\npermission denied while trying to connect to the docker API at ${SOCKET}`,
    NOT_ALLOWED,
    'sudo usermod -aG docker',
  ],
  [
    'another context',
    'Failed to initialize: unable to resolve docker endpoint: context "parks": context not found',
    'docker does not work: Failed to initialize: unable to resolve docker endpoint: context "parks": context not found',
    'Start Docker, or install it',
  ],
])('The person and the doctor are told alike what is wrong: %s', async (_, stderr, is, fix) => {
  await docker('null\n', `${stderr}\n`, 1);
  const error = await checkDocker(signal).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toBe(is);
  expect(error.fix).toContain(fix);
  expect(await doctor()).toMatchObject({ status: 'skip', evidence: is, fix: error.fix });
});

test('A Docker that is still starting is given time where it is needed, and a word', async () => {
  const does = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_500)';
  const stdout = '{"Version":"29.1.2","Os":"linux","Arch":"arm64"}\n';
  const { bin } = await record({ docker: [{ stdout, does }] });
  path(bin);
  const told: string[] = [];
  const patient = checkDocker(signal, (sentence) => told.push(sentence));
  await expect(checkDocker(signal)).rejects.toThrow('docker gave no answer within 5 s.');
  expect(await patient).toMatchObject({ version: '29.1.2' });
  expect(told).toEqual(['Docker has not answered yet; waiting up to 30 s.']);
}, 15_000);
