import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runSandboxCommand } from '../../src/sandbox/command.ts';
import { sandboxStatus, startSandbox, stopSandbox } from '../../src/sandbox/sandbox.ts';

let directory: string;
const before = process.env.DIGITAL_APPS_CACHE;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'digital-apps-cache-'));
  process.env.DIGITAL_APPS_CACHE = directory;
});
afterEach(() => stopSandbox());
afterAll(async () => {
  if (before === undefined) delete process.env.DIGITAL_APPS_CACHE;
  else process.env.DIGITAL_APPS_CACHE = before;
  await rm(directory, { recursive: true });
});

const stateFile = () => join(directory, 'sandbox', 'state.json');
const run = async (action: 'start' | 'status' | 'stop') => {
  const lines: string[] = [];
  const code = await runSandboxCommand(action, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
};
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('starts once however many ask, for this user and this machine alone; then stops', async () => {
  expect(await run('status')).toMatchObject({ code: 1 });
  const [one, two] = await Promise.all([startSandbox(), startSandbox()]);
  expect(two).toEqual(one);
  expect(await startSandbox()).toEqual(one);
  expect(await sandboxStatus()).toEqual(one);

  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await mode(join(directory, 'sandbox'))).toBe('700');
  expect(await mode(stateFile())).toBe('600');
  const outside = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find((each) => !each.internal && each.family === 'IPv4');
  if (outside) {
    const socket = connect(one.port, outside.address);
    await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }

  const status = await run('status');
  expect(status.code).toBe(0);
  expect(status.text).toContain('SANDBOX');
  expect(status.text).toContain(`AWS_ENDPOINT_URL=${one.endpoint}`);
  // The older AWS CLI does not know AWS_REGION, and a cluster may stand already.
  expect(status.text).toContain('AWS_DEFAULT_REGION=us-east-2');
  expect(status.text).not.toContain('Next:');
  expect(await run('stop')).toMatchObject({ code: 0 });
  expect(isAlive(one.pid)).toBe(false);
  expect(await run('status')).toMatchObject({ code: 1 });
  expect(await run('stop')).toMatchObject({ code: 0, text: 'No sandbox is running.' });
}, 30_000);

test('a state file whose sandbox was killed is not believed', async () => {
  const first = await startSandbox();
  process.kill(first.pid, 'SIGKILL');
  await expect.poll(() => isAlive(first.pid)).toBe(false);
  expect(await sandboxStatus()).toBeUndefined();
  const second = await startSandbox();
  expect(second.pid).not.toBe(first.pid);
}, 30_000);

test('a process that is not our sandbox is left alone', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  const server = createServer((_request, response) => response.end('{"name":"something"}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  await writeFile(stateFile(), JSON.stringify({ pid: stranger.pid, port, endpoint }));
  expect(await stopSandbox()).toBe(false);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  await expect(readFile(stateFile())).rejects.toThrow();
  stranger.kill();
  server.close();
});

test('a state file that points elsewhere is not followed', async () => {
  const state = { pid: 1, port: 80, endpoint: 'http://192.0.2.1:80' };
  await writeFile(stateFile(), JSON.stringify(state));
  expect(await sandboxStatus()).toBeUndefined();
});
