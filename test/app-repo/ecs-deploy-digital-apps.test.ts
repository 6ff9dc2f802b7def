import { realpath, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scaffold, temporaryFolder } from './support/app-repo.ts';
import { type Answer, record } from './support/recorder.ts';

/** deploy/ecs-deploy.js in an app whose package.json says that, with a stand-in for npx. */
async function newApp(packageJson: object, programs: Record<string, Answer[]>) {
  const folder = await realpath(await temporaryFolder());
  await scaffold('digital-apps', folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify(packageJson));
  const { bin, calls } = await record(programs);
  const start = (args: string[], { env = {}, cwd = folder, node = [] as string[] } = {}) =>
    execa(process.execPath, [...node, join(folder, 'deploy/ecs-deploy.js'), ...args], {
      env: { PATH: bin, ...env },
      ...{ cwd, extendEnv: false, reject: false, stdin: 'ignore' },
    });
  return { folder, bin, calls, start };
}

const packages = [{}, { type: 'commonjs' }, { type: 'module' }];

test.each(packages)(
  'hands over to the pinned digital-apps, in an app with %j',
  async (packageJson) => {
    const does = `fs.writeSync(1, process.cwd() + ' ' + call.env.AWS_ECS_CLUSTER); fs.writeSync(2, 'to stderr')`;
    const { folder, calls, start } = await newApp(packageJson, { npx: [{ does, exitCode: 7 }] });
    const args = ['--image', 'a b', '"$x"'];
    const ran = await start(args, { env: { AWS_ECS_CLUSTER: 'digitalApps' } });
    expect(ran).toMatchObject({
      exitCode: 7,
      stdout: `${folder} digitalApps`,
      stderr: 'to stderr',
    });
    expect((await calls())[0]?.args).toEqual(['--yes', 'digital-apps@1.2.3', 'deploy', ...args]);
  },
);

test('works from any folder, on the repository that it lies in', async () => {
  const does = 'fs.writeSync(1, process.cwd())';
  const { folder, start } = await newApp({}, { npx: [{ does }] });
  expect(await start([], { cwd: join(folder, 'deploy') })).toMatchObject({
    stdout: folder,
    exitCode: 0,
  });
});

test('starts npx by a shell on Windows', async () => {
  const { calls, folder, start } = await newApp({}, { 'cmd.exe': [{ exitCode: 5 }] });
  const asWindows = join(folder, 'windows.cjs');
  await writeFile(asWindows, "Object.defineProperty(process, 'platform', { value: 'win32' });");
  const { exitCode } = await start(['--image', 'a b&c', 'x"y', 'D:\\app'], {
    node: ['--require', asWindows],
    env: { comspec: 'cmd.exe' },
  });
  expect(exitCode).toBe(5);
  const line = 'npx --yes digital-apps@1.2.3 deploy --image "a b&c" "x\\"y" D:\\app';
  expect((await calls())[0]?.args).toEqual(['/d', '/s', '/c', `"${line}"`]);
});

test('says so when there is no npx', async () => {
  const { start } = await newApp({}, {});
  expect(await start([])).toMatchObject({
    stderr: 'ecs-deploy: npx was not found. It comes with Node.js: is that on the PATH?',
    exitCode: 1,
  });
});

test('hands on that it is to stop, and waits for the end', async () => {
  const { start } = await newApp({}, {});
  // A program that cleans up takes npx's place.
  const npx = `#!/bin/sh\nexec ${process.execPath} -e "
    process.on('SIGTERM', () => setTimeout(() => { console.log('cleaned up'); process.exit(3); }, 200));
    process.on('SIGINT', () => console.log('interrupted'));
    setTimeout(() => {}, 20_000);
    console.log('ready')"`;
  const { bin } = await record({});
  await writeFile(join(bin, 'npx'), npx, { mode: 0o755 });
  const path = [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const child = start([], { env: { PATH: path } });
  child.stdout.once('data', () => {
    child.kill('SIGINT');
    child.kill('SIGTERM');
  });
  expect(await child).toMatchObject({ stdout: 'ready\ncleaned up', exitCode: 3 });
});

test('ends as if by the signal that ended npx', async () => {
  const { start } = await newApp({}, { npx: [{ does: "process.kill(process.pid, 'SIGKILL')" }] });
  expect((await start([])).exitCode).toBe(137);
});
