import { readdirSync, statSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { keptKeyFile, readKept, removeKept, writeKept } from '../../src/kept-secrets.ts';

const key = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=' };
const other = { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY' };

let folder: string;
let app: string;
let file: string;
const ofParks = { account: '123456789012', repository: 'digital-apps/parks', sandbox: false };

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'digital-apps-kept-')));
  app = join(folder, 'app');
  await mkdir(app);
  // Where macOS and Windows have their own places, the files still come into the test's folder.
  file = join(folder, 'data', 'keys', '123456789012', 'parks.env');
  vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('a key is kept as dotenv lines, and read and removed again', async () => {
  expect(await readKept(file)).toBeUndefined();
  await writeKept(file, key);
  expect(await readKept(file)).toEqual(key);
  expect({ ...parseEnv(await readFile(file, 'utf8')) }).toEqual({
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
  });
  expect(await readdir(dirname(file))).toEqual(['parks.env']);
  await removeKept(file);
  await removeKept(file);
  expect(await readKept(file)).toBeUndefined();
});

test('nobody else may read it, from the first byte on, whatever the umask', async () => {
  const umask = process.umask(0);
  try {
    await mkdir(dirname(file), { recursive: true });
    await chmod(dirname(file), 0o777);
    const modes = new Map<string, Set<number>>();
    let writing = true;
    const watching = (async () => {
      for (; writing; await new Promise(setImmediate)) {
        for (const name of readdirSync(dirname(file))) {
          const kind = /new|older/.exec(name)?.[0] ?? 'kept';
          const stats = statSync(join(dirname(file), name), { throwIfNoEntry: false });
          if (stats) modes.set(kind, (modes.get(kind) ?? new Set()).add(stats.mode & 0o777));
        }
      }
    })();
    for (let round = 0; round < 20; round += 1) await writeKept(file, round % 2 ? key : other);
    writing = false;
    await watching;
    const mine = new Set([0o600]);
    expect(modes).toEqual(new Map(['new', 'kept', 'older'].map((kind) => [kind, mine])));
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
    const fresh = join(folder, 'fresh', 'keys', '1', 'parks.env');
    await writeKept(fresh, key);
    for (const path of [dirname(fresh), dirname(dirname(fresh))]) {
      expect((await stat(path)).mode & 0o777).toBe(0o700);
    }
  } finally {
    process.umask(umask);
  }
});

test('another key is moved aside, and the same one is left as it is', async () => {
  await writeKept(file, key);
  const before = await stat(file);
  await writeKept(file, key);
  expect(await readdir(dirname(file))).toEqual(['parks.env']);
  expect((await stat(file)).ino).toBe(before.ino);
  await writeKept(file, other);
  expect(await readKept(file)).toEqual(other);
  expect(await keptBeside()).toEqual([key]);
});

test('of many keys at once none is lost', async () => {
  const keys = Array.from({ length: 20 }, (_, index) => ({
    id: `AKIA${index}`,
    secret: `s${index}`,
  }));
  await Promise.all(keys.map((each) => writeKept(file, each)));
  const all = [await readKept(file), ...(await keptBeside())];
  expect(new Set(all.map((each) => each?.id))).toEqual(new Set(keys.map(({ id }) => id)));
  expect(all).toHaveLength(20);
});

test.each([
  ['nothing', '', 'holds no whole access key.'],
  ['half a key', `AWS_ACCESS_KEY_ID=${key.id}\n`, 'holds no whole access key.'],
  [
    'an empty secret',
    `AWS_ACCESS_KEY_ID=x\nAWS_SECRET_ACCESS_KEY=\n`,
    'holds no whole access key.',
  ],
  ['something else', `${key.secret}`, 'line 1: what stands before “=” is no name.'],
  ['no text', Buffer.from([0xff, 0xfe, 0x41]), 'is written in UTF-16.'],
])('a file with %s is refused unshown, and a new key moves it aside', async (_, content, says) => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await expectRefused(readKept(file), says);
  await writeKept(file, other);
  expect(await readKept(file)).toEqual(other);
  const [aside] = (await readdir(dirname(file))).filter((name) => name.includes('.older-'));
  expect(await readFile(join(dirname(file), aside!))).toEqual(Buffer.from(content));
});

test('a link is not followed', async () => {
  const target = join(folder, 'target');
  const content = `AWS_ACCESS_KEY_ID=${key.id}\nAWS_SECRET_ACCESS_KEY=${key.secret}\n`;
  await writeFile(target, content, { mode: 0o644 });
  await mkdir(dirname(file), { recursive: true });
  for (const to of [target, join(folder, 'nowhere')]) {
    await symlink(to, file);
    await expectRefused(readKept(file), 'is a link or a folder, not the file of an access key.');
    await writeKept(file, other);
    expect(await readKept(file)).toEqual(other);
    await removeKept(file);
  }
  expect(await readFile(target, 'utf8')).toBe(content);
  expect((await stat(target)).mode & 0o777).toBe(0o644);
  expect(await readdir(folder)).not.toContain('nowhere');
});

test('what cannot be written leaves nothing behind', async () => {
  await writeFile(join(folder, 'data'), '');
  await expect(writeKept(file, key)).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['app', 'data']);
});

test('each app of each cluster of each account has a file of its own, and the sandbox’s are apart', () => {
  const files = [
    ofParks,
    { ...ofParks, repository: 'digital-apps/parks-staging' },
    { ...ofParks, repository: 'other-apps/parks' },
    { ...ofParks, account: '210987654321' },
    { ...ofParks, sandbox: true },
  ].map((each) => keptKeyFile({ ...each, dir: app }));
  expect(new Set(files).size).toBe(5);
  expect(files[0]).toMatch(
    /digital-apps.*[\\/]keys[\\/]123456789012[\\/]digital-apps[\\/]parks\.env$/,
  );
  expect(files[4]).toContain('sandbox-keys');
});

test.runIf(process.platform === 'linux')('no key comes into the app’s repository', async () => {
  const kept = keptKeyFile({ ...ofParks, dir: app });
  expect(kept).toBe(join(folder, 'data/digital-apps/keys/123456789012/digital-apps/parks.env'));
  expect(keptKeyFile({ ...ofParks, dir: join(folder, 'dat') })).toBe(kept);
  await symlink(app, join(folder, 'link'));
  for (const [home, dir] of [
    [app, app],
    [join(app, '..data'), app],
    [join(folder, 'link', 'data'), app],
    [join(app, 'data'), join(folder, 'link')],
    [join(folder, 'data'), folder],
  ] as const) {
    vi.stubEnv('XDG_DATA_HOME', home);
    await expectRefused(
      (async () => keptKeyFile({ ...ofParks, dir }))(),
      'The app’s access key would be kept in its own repository',
    );
  }
});

async function keptBeside() {
  const names = (await readdir(dirname(file))).filter((name) => name !== 'parks.env');
  return Promise.all(names.map((name) => readKept(join(dirname(file), name))));
}

async function expectRefused(call: Promise<unknown>, says: string): Promise<void> {
  const error = await call.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  const { message, fix } = error as UserError;
  expect(message).toContain(says);
  expect(`${message} ${fix}`).not.toContain(key.secret.slice(0, -1));
}
