import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keychainFlag, obtainKey, publicHalf } from '../../src/tasks/cluster/lib/key-file.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-key-'));
  file = join(folder, '.ssh/parks.pem');
});
afterEach(() => rm(folder, { recursive: true }));

test('a key is made once, for the person alone, and nothing is left beside it', async () => {
  const half = await obtainKey(file);
  expect(half).toMatch(/^ssh-rsa AAAA/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, '.ssh'))).mode & 0o777).toBe(0o700);
  const content = await readFile(file, 'utf8');
  expect(await obtainKey(file)).toBe(half);
  expect(await publicHalf(file)).toBe(half);
  expect(await readFile(file, 'utf8')).toBe(content);
  expect(await readdir(join(folder, '.ssh'))).toEqual(['parks.pem']);
});

test('a file that is there is never overwritten', async () => {
  await obtainKey(file);
  for (const content of ['not a key', ed25519()]) {
    await writeFile(file, content);
    await expect(obtainKey(file)).rejects.toThrow(
      `${file} is there already and holds no key that can be used.`,
    );
    expect(await readFile(file, 'utf8')).toBe(content);
  }
});

test('no file has no public half', async () => {
  expect(await publicHalf(file)).toBeUndefined();
});

test('a Mac remembers the key', () => {
  expect(keychainFlag('darwin')).toEqual(['--apple-use-keychain']);
  expect(keychainFlag('linux')).toEqual([]);
});

function ed25519(): string {
  return generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}
