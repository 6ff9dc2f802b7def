import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { type ExecaError, execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** bin/digital-apps, started by a Node that is too old for the program. */

const BIN = fileURLToPath(new URL('../../bin', import.meta.url));
const old = findOldNode();
let folder: string;
let launcher: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-launcher-'));
  launcher = join(folder, 'bin/digital-apps');
  await cp(BIN, join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'dist'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function findOldNode(): string | undefined {
  const folders = process.env
    .PATH!.split(delimiter)
    .filter((path) => !path.includes('node_modules'));
  return folders
    .map((path) => join(path, 'node'))
    .find((node) => {
      try {
        const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
        return Number.parseInt(version, 10) < 22;
      } catch {
        return false;
      }
    });
}

/** Puts a newer Node where `npm ci` puts it, and in the program's place something that tells what it meets. */
async function install(program: string): Promise<void> {
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
  await symlink(process.execPath, join(folder, 'node_modules/.bin/node'));
  await writeFile(join(folder, 'dist/package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'dist/cli.js'), program);
}

const COUNTS = (signal: string) => `
let met = 0;
process.on('${signal}', () => {
  met++;
  setTimeout(() => { console.log('met ' + met); process.exit(7); }, 300);
});
setInterval(() => {}, 1000);
console.log('ready');
`;

describe.skipIf(!old)('an old Node', () => {
  test('says what is needed, where there is no newer one', async () => {
    const { stderr, stdout, exitCode } = await execa(old!, [launcher, '--help'], { reject: false });
    expect(stderr).toMatch(/^digital-apps needs Node 22\.13 or newer; this is v\d+\.\d+\.\d+\.$/);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });

  test('hands over to the newer one, with arguments, streams and exit code', async () => {
    await install(`
      process.stdin.on('data', (data) => {
        console.log(JSON.stringify([process.version, ...process.argv.slice(2), String(data)]));
        console.error('to stderr');
        process.exitCode = 5;
      });
    `);
    const args = [launcher, 'init-cluster', '--set', 'a=b c', '--yes'];
    const ran = await execa(old!, args, { reject: false, input: 'typed' });
    expect(JSON.parse(ran.stdout)).toEqual([
      process.version,
      ...['init-cluster', '--set', 'a=b c', '--yes', 'typed'],
    ]);
    expect(ran).toMatchObject({ stderr: 'to stderr', exitCode: 5 });
  });

  test('Ctrl-C reaches the program once', async () => {
    await install(COUNTS('SIGINT'));
    const terminal = spawnInTerminal(old!, [launcher], { cols: 80, rows: 24, cwd: folder });
    let shown = '';
    const ended = new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode }) => setTimeout(() => resolve(exitCode), 50));
    });
    terminal.onData((data) => {
      shown += data;
      if (data.includes('ready')) terminal.write('\x03');
    });
    expect(await ended).toBe(7);
    expect(shown).toContain('met 1');
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s reaches the program once', async (signal) => {
    await install(COUNTS(signal));
    const child = execa(old!, [launcher], { reject: false });
    await once(child.stdout, 'data');
    child.kill(signal);
    const { stdout, exitCode } = await child;
    expect({ stdout, exitCode }).toEqual({ stdout: 'ready\nmet 1', exitCode: 7 });
  });

  test('ends as the program ended, by a signal too', async () => {
    await install(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`);
    const { signal } = (await execa(old!, [launcher], { reject: false })) as ExecaError;
    expect(signal).toBe('SIGTERM');
  });
});
