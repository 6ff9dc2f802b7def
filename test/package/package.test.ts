import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sandboxDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';
import { scaffold } from '../app-repo/support/app-repo.ts';

/** The package as it would be published, installed where there is nothing but Node. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-package-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  const others = process.env
    .PATH!.split(delimiter)
    .filter((path) => !path.includes('node_modules'));
  env = {
    PATH: [bin, ...others].join(delimiter),
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    npm_config_cache: join(folder, 'npm'),
    npm_config_update_notifier: 'false',
    DIGITAL_APPS_PYTHON: await findPython(await sandboxDirectory()),
  };
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await execa('npm', pack, { cwd: ROOT, env, extendEnv: false });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await mkdir(join(folder, 'app'));
  await writeFile(join(folder, 'app/package.json'), '{}');
  await run('npm', 'install', '--offline', '--no-audit', '--no-fund', join(folder, filename));
}, 60_000);

afterAll(async () => {
  await run('npx', 'digital-apps', 'sandbox', 'stop');
  await rm(folder, { recursive: true, force: true });
});

function run(command: string, ...args: string[]) {
  return execa(command, args, {
    ...{ cwd: join(folder, 'app'), env, extendEnv: false, reject: false },
  });
}

test('brings nothing else with it', async () => {
  const { stdout } = await run('npm', 'ls', '--all', '--parseable');
  expect(
    stdout
      .split('\n')
      .map((path) => path.replace(/.*node_modules\//, ''))
      .slice(1),
  ).toEqual(['digital-apps']);
});

test('says its version and its commands', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect(await run('npx', 'digital-apps', '--version')).toMatchObject({
    ...{ stdout: version, stderr: '', exitCode: 0 },
  });
  const help = await run('npx', 'digital-apps', '--help');
  expect(help.stdout).toMatch(/^Usage: digital-apps/);
  expect(help.stdout).toContain('init-cluster');
});

test('plans a cluster against the local AWS that it carries', async () => {
  const args = ['digital-apps', 'init-cluster', '--dry-run', '--sandbox', '--yes'];
  const { stdout, exitCode } = await run('npx', ...args);
  expect(stdout).toContain('SANDBOX');
  expect(stdout).toMatch(/^\d+ to create, 2 to wait for$/m);
  expect(stdout).toMatch(/A dry run: nothing was changed/);
  expect(exitCode).toBe(0);
});

test('is what deploy/ecs-deploy.js hands over to, by npx itself', async () => {
  const app = join(folder, 'app');
  await scaffold('digital-apps', app);
  const script = join(app, 'deploy/ecs-deploy.js');
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const text = await readFile(script, 'utf8');
  await writeFile(script, text.replace('digital-apps@1.2.3', `digital-apps@${version}`));
  const help = await run('node', script, '--help');
  expect(help).toMatchObject({ stderr: '', exitCode: 0 });
  expect(help.stdout).toMatch(/^Usage: digital-apps deploy/);
  const refused = await run('node', script, '--timeout', 'soon');
  expect(refused.stderr).toContain('--timeout: soon is no number of minutes.');
  expect(refused.exitCode).toBe(2);
});

test('has a licence, a read-me, and no sources', async () => {
  const installed = join(folder, 'app/node_modules/digital-apps');
  expect(await readFile(join(installed, 'LICENSE'), 'utf8')).toMatch(/^MIT License/);
  expect(await readFile(join(installed, 'README.md'), 'utf8')).toContain('digital-apps');
  await expect(readFile(join(installed, 'src/cli.ts'))).rejects.toThrow();
  await expect(chmod(join(installed, 'bin/digital-apps'), 0o755)).resolves.toBeUndefined();
});
