import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { envFileOf, readEnvFile } from '../../src/env-file/read.ts';
import { UserError } from '../../src/errors.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-env-'));
  file = join(folder, '.env');
});
afterEach(() => rm(folder, { recursive: true }));

test('a file is read as node --env-file reads it, and kept byte for byte', async () => {
  const text = '# Zürich\r\nexport A = "one # 1\r\ntwo" # x\r\n\r\nB=it\'s\r\nC=`"`\nD=';
  await writeFile(file, text);
  const link = join(folder, 'link');
  await symlink(file, link);
  for (const path of [file, link]) {
    const { name, text: kept, entries } = await readEnvFile(path);
    expect(name).toBe(path);
    expect(Buffer.from(kept)).toEqual(await readFile(file));
    const { A, B, C, D } = Object.fromEntries([...entries].map(([key, each]) => [key, each.value]));
    const show = 'const { A, B, C, D } = process.env; console.log(JSON.stringify({ A, B, C, D }))';
    const { stdout } = await execa(process.execPath, [`--env-file=${path}`, '-e', show]);
    expect({ A, B, C, D }).toEqual(JSON.parse(stdout));
  }
});

test('no file, a folder, and what is no file', async () => {
  await expectRefused(file, `There is no file ${file}.`);
  await mkdir(file);
  await expectRefused(file, `${file} is a folder.`);
  await expectRefused(join(file, 'a', 'b'), `There is no file`);
  await expectRefused('/dev/null', '/dev/null is not a regular file.');
  await symlink('loop', join(folder, 'loop'));
  await expectRefused(join(folder, 'loop'), 'cannot be read (ELOOP).');
});

test('a pipe that nobody writes into is not waited for', async () => {
  await execa('sh', ['-c', 'mkfifo "$0"', file]);
  await expectRefused(file, `${file} is not a regular file.`);
});

test('a file that may not be read', async () => {
  await writeFile(file, 'A=1', { mode: 0o000 });
  // Root may read everything, so it becomes nobody where the tests run as root.
  const script = `
    import { readEnvFile } from '${new URL('../../src/env-file/read.ts', import.meta.url)}';
    if (process.getuid() === 0) process.seteuid(65534);
    await readEnvFile(process.argv[1]).catch((error) => console.log(error.name, error.message));`;
  await execa('chmod', ['755', folder]);
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script, file]);
  expect(stdout).toBe(`UserError You may not read ${file}.`);
});

test('1 MiB is read and not a byte more, however large the file', async () => {
  await writeFile(file, `A=${'x'.repeat(2 ** 20 - 2)}`);
  expect((await readEnvFile(file)).text).toHaveLength(2 ** 20);
  await writeFile(file, `A=${'x'.repeat(2 ** 20 - 1)}`);
  await expectRefused(file, `${file} is larger than 1 MiB`);
  await truncate(file, 5 * 2 ** 30); // holes only: no disk is used
  await expectRefused(file, `${file} is larger than 1 MiB`);
});

test.each([
  ['UTF-16LE', Buffer.from('\ufeffA=1\n', 'utf16le'), 'is written in UTF-16.'],
  ['UTF-16BE', Buffer.from('\ufeffA=1\n', 'utf16le').swap16(), 'is written in UTF-16.'],
  ['UTF-16 without a mark', Buffer.from('A=1\n', 'utf16le'), 'line 1: a NUL stands there'],
  ['Latin-1', Buffer.from('A=1\nB=2\nC=hunter2ü\n', 'latin1'), 'line 3: some characters are not'],
  ['a character cut off', Buffer.from('A=1\r\nB=hunter2ü').subarray(0, -1), 'line 2: some char'],
])('%s is refused', async (_, content, says) => {
  await writeFile(file, content);
  await expectRefused(file, says);
  expect(() => envFileOf(content, 's3://config/parks/.env')).toThrow('s3://config/parks/.env');
});

async function expectRefused(path: string, says: string): Promise<void> {
  const error = await readEnvFile(path).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  const { message, fix } = error as UserError;
  expect(message).toContain(says);
  expect(`${message} ${fix}`).not.toContain('hunter2');
}
