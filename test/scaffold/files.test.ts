import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { checkWritable, readInside, writeInside } from '../../src/scaffold/files.ts';

let folder: string;
let dir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-files-'));
  dir = join(folder, 'app');
  await mkdir(dir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (path: string, content = 'new\n', executable = false) =>
  writeInside(dir, path, content, { executable });
const modeOf = async (path: string) => (await stat(join(dir, path))).mode & 0o7777;
const textOf = (path: string) => readFile(join(dir, path), 'utf8');

describe('writes', () => {
  test('a file, the folders above it, and nothing else', async () => {
    await write('deploy/a/Dockerfile', 'FROM node\n');
    expect(await textOf('deploy/a/Dockerfile')).toBe('FROM node\n');
    expect(await modeOf('deploy/a/Dockerfile')).toBe(0o644);
    expect(await readdir(dir, { recursive: true })).toEqual([
      ...['deploy', 'deploy/a', 'deploy/a/Dockerfile'],
    ]);
  });

  test('what it was given, byte for byte', async () => {
    await write('a', '\ufeffé\r\n漢');
    expect(await readFile(join(dir, 'a'))).toEqual(Buffer.from('\ufeffé\r\n漢'));
    expect(await readInside(dir, 'a')).toBe('\ufeffé\r\n漢');
  });

  test.each([
    ['a new file that runs', undefined, true, 0o755],
    ['one that did not run, and shall', 0o640, true, 0o755],
    ['one that ran, and goes on', 0o700, false, 0o755],
    ['one that does not run', 0o600, false, 0o644],
  ])('with the mode of %s', async (_, before, executable, after) => {
    if (before !== undefined) await writeFile(join(dir, 'a'), 'old', { mode: before });
    await write('a', 'new', executable);
    expect(await modeOf('a')).toBe(after);
    expect(await textOf('a')).toBe('new');
  });

  test('that mode whatever the umask', async () => {
    await told(['sh', '-c', 'umask 077; exec "$0" "$@"', ...command('write', 'a')]);
    expect(await modeOf('a')).toBe(0o644);
  });

  test('a file of its own in the place of one that has another name elsewhere', async () => {
    await writeFile(join(folder, 'other'), 'old');
    await link(join(folder, 'other'), join(dir, 'a'));
    await write('a');
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('old');
  });

  test('many files of one new folder at once', async () => {
    // Another makes the folder between two looks at it, once in a while.
    for (let round = 0; round < 50; round++) {
      const paths = Array.from({ length: 20 }, (_, index) => `${round}/${index}`);
      await Promise.all(paths.map((path) => write(path, path)));
      expect((await readdir(join(dir, String(round)))).length).toBe(20);
    }
  });

  test('what a link inside points to, and the link stays', async () => {
    await mkdir(join(dir, 'ci'));
    await writeFile(join(dir, 'ci/travis.yml'), 'old');
    await symlink('ci/travis.yml', join(dir, '.travis.yml'));
    await symlink('ci', join(dir, 'deploy'));
    expect(await readInside(dir, '.travis.yml')).toBe('old');
    await write('.travis.yml');
    await write('deploy/Dockerfile');
    expect(await readlink(join(dir, '.travis.yml'))).toBe('ci/travis.yml');
    expect(await textOf('ci/travis.yml')).toBe('new\n');
    expect(await textOf('ci/Dockerfile')).toBe('new\n');
  });

  test('into a repository that is itself behind a link', async () => {
    await symlink(dir, join(folder, 'link'));
    await writeInside(join(folder, 'link'), 'a', 'new', { executable: false });
    expect(await textOf('a')).toBe('new');
  });
});

test('a file that is not there reads as nothing, and may be written', async () => {
  expect(await readInside(dir, 'a')).toBeUndefined();
  expect(await readInside(dir, 'deploy/a')).toBeUndefined();
  await checkWritable(dir, 'deploy/a');
  expect(await readdir(dir)).toEqual([]);
});

describe('refuses, and touches nothing:', () => {
  test.each(['', '/etc/passwd', '../a', 'a/../../b', './a', 'a//b', 'a/', '..\\a', 'a\0b'])(
    'the path %j',
    async (path) => {
      await refuses(path, 'is not a path inside the repository');
    },
  );

  test('links that lead outside', async () => {
    await mkdir(join(folder, 'app-other'));
    await writeFile(join(folder, 'secret'), 'theirs');
    await symlink(join(folder, 'secret'), join(dir, 'a'));
    await symlink('../app-other', join(dir, 'deploy'));
    await symlink('.', join(dir, 'here'));
    await symlink('here/../secret', join(dir, 'b'));
    for (const path of ['a', 'b', 'deploy/Dockerfile', 'deploy/new/Dockerfile'])
      await refuses(path, 'leads out of the repository');
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('theirs');
    expect(await readdir(join(folder, 'app-other'))).toEqual([]);
  });

  test('Git’s own folder, straight or by a link', async () => {
    await mkdir(join(dir, '.git/hooks'), { recursive: true });
    await writeFile(join(dir, '.git/config'), 'theirs');
    await symlink('.git/config', join(dir, '.travis.yml'));
    await symlink('.git/hooks', join(dir, 'deploy'));
    for (const path of ['.travis.yml', 'deploy/post-commit', '.git/config'])
      await refuses(path, 'leads out of the repository');
  });

  test('links that lead nowhere, or in a circle', async () => {
    await symlink('gone', join(dir, 'a'));
    await symlink('/nowhere/at/all', join(dir, 'deploy'));
    await symlink('round', join(dir, 'round'));
    await refuses('a', 'is a link that leads nowhere');
    await refuses('deploy/Dockerfile', 'is a link that leads nowhere');
    await refuses('round', 'cannot be read: too many symbolic links encountered');
  });

  test('what is no file, or no folder', async () => {
    await mkdir(join(dir, 'Dockerfile'));
    await writeFile(join(dir, 'deploy'), 'a file');
    await execa('mkfifo', [join(dir, 'pipe')]);
    await refuses('Dockerfile', 'is not a file');
    await refuses('pipe', 'is not a file');
    await refuses('deploy/Dockerfile', 'is in the way of deploy/Dockerfile', 'deploy');
  });

  test('a repository that is not there', async () => {
    dir = join(folder, 'gone');
    await expect(readInside(dir, 'a')).rejects.toThrow(`${dir} cannot be read: no such file`);
  });

  test('to read what is not UTF-8, which could not be written back', async () => {
    await writeFile(join(dir, '.gitignore'), Buffer.from('# caf\xe9\n', 'latin1'));
    await expect(readInside(dir, '.gitignore')).rejects.toThrow('.gitignore is not UTF-8 text.');
    await expect(readInside(dir, '.gitignore')).rejects.toThrow(UserError);
  });

  async function refuses(path: string, message: string, named = path): Promise<void> {
    const before = await readdir(folder, { recursive: true });
    for (const attempt of [readInside, checkWritable, () => write(path)]) {
      const error = await attempt(dir, path).then(
        () => undefined,
        (error) => error,
      );
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toContain(`${named} ${message}`);
    }
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  }
});

/** Runs a program that ends in `write.ts`, and answers with what that tells. */
async function told(
  [command, ...args]: string[],
  options: { uid?: number; gid?: number } = {},
): Promise<{ told?: { name: string; message: string; fix: string }; left: string[] }> {
  const { stdout } = await execa(command!, args, options);
  return JSON.parse(stdout);
}

const WRITE = fileURLToPath(new URL('./write.ts', import.meta.url));
const command = (what: 'read' | 'check' | 'write', path: string, length = 4) => [
  ...[process.execPath, WRITE, what, dir, path, String(length)],
];

/** Permissions do not hold root back: then it is somebody else who tries, if they can read the source at all. */
const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const probe = [WRITE, 'read', dirname(WRITE), 'none'];
const canTry = !(await execa(process.execPath, probe, { ...somebody, reject: false })).failed;
const mount = ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()];
const canMount = !(await execa('unshare', mount, { reject: false })).failed;

describe.skipIf(!canTry)('without the permission (needs a user other than root)', () => {
  beforeEach(async () => {
    await mkdir(join(dir, 'deploy'));
    await writeFile(join(dir, 'deploy/Dockerfile'), 'old');
    const { uid = process.getuid!(), gid = process.getgid!() } = somebody;
    for (const path of ['..', '.', 'deploy', 'deploy/Dockerfile'])
      await chown(join(dir, path), uid, gid);
  });
  afterEach(() => chmod(join(dir, 'deploy'), 0o755));

  const LEFT = ['deploy', 'deploy/Dockerfile'];
  const refusal = (path: string, what: string) => ({
    told: {
      name: 'UserError',
      message: `${path} cannot be ${what}: permission denied.`,
      fix: 'Look at its permissions and those of its folder.',
    },
    left: LEFT,
  });

  test('with it, all goes well', async () => {
    expect(await told(command('write', 'deploy/Dockerfile'), somebody)).toEqual({ left: LEFT });
    expect(await textOf('deploy/Dockerfile')).toBe('new ');
  });

  test('a file that cannot be read', async () => {
    await chmod(join(dir, 'deploy/Dockerfile'), 0o200);
    expect(await told(command('read', 'deploy/Dockerfile'), somebody)).toEqual(
      refusal('deploy/Dockerfile', 'read'),
    );
  });

  test.each(['check', 'write'] as const)('a file that cannot be written (%s)', async (what) => {
    await chmod(join(dir, 'deploy/Dockerfile'), 0o444);
    expect(await told(command(what, 'deploy/Dockerfile'), somebody)).toEqual(
      refusal('deploy/Dockerfile', 'written'),
    );
    expect(await textOf('deploy/Dockerfile')).toBe('old');
  });

  test.each(['check', 'write'] as const)('a folder that cannot be written (%s)', async (what) => {
    await chmod(join(dir, 'deploy'), 0o555);
    for (const path of ['deploy/Dockerfile', 'deploy/new', 'deploy/new/file'])
      expect(await told(command(what, path), somebody)).toEqual(refusal(path, 'written'));
    expect(await textOf('deploy/Dockerfile')).toBe('old');
  });

  test('a folder that cannot be entered', async () => {
    await chmod(join(dir, 'deploy'), 0o600);
    const { message } = (await told(command('read', 'deploy/Dockerfile'), somebody)).told ?? {};
    expect(message).toBe('deploy/Dockerfile cannot be read: permission denied.');
  });
});

describe('when writing fails, the file is as it was and nothing is left beside it:', () => {
  const failure = (why: string) => ({
    told: {
      name: 'StepFailed',
      message: `deploy/Dockerfile could not be written: ${why}. Nothing of it was changed.`,
      fix: 'Put that right and run the same command again.',
    },
  });

  beforeEach(() => mkdir(join(dir, 'deploy')));

  test('midway, at a limit of the system', async () => {
    await writeFile(join(dir, 'deploy/Dockerfile'), 'old', { mode: 0o600 });
    const limited = ['sh', '-c', 'ulimit -f 8; exec "$0" "$@"'];
    expect(await told([...limited, ...command('write', 'deploy/Dockerfile', 1_000_000)])).toEqual({
      ...failure('file too large'),
      left: ['deploy', 'deploy/Dockerfile'],
    });
    expect(await textOf('deploy/Dockerfile')).toBe('old');
    expect(await modeOf('deploy/Dockerfile')).toBe(0o600);
    expect(await told([...limited, ...command('write', 'deploy/new', 1_000_000)])).toMatchObject({
      left: ['deploy', 'deploy/Dockerfile'],
    });
  });

  describe.skipIf(!canMount)('in a file system of its own (needs the right to mount)', () => {
    const mounting = (mount: string, ...args: string[]) => [
      ...['unshare', '-rm', 'sh', '-c', `cd "$0" && ${mount} && exec "$@"`, dir, ...args],
    ];

    test('midway, on a full disk', async () => {
      const mount = 'mount -t tmpfs -o size=64k none deploy && printf old > deploy/Dockerfile';
      expect(
        await told(mounting(mount, ...command('write', 'deploy/Dockerfile', 1_000_000))),
      ).toEqual({ ...failure('no space left on device'), left: ['deploy', 'deploy/Dockerfile'] });
    });

    test('at the end, where the file cannot be replaced', async () => {
      await writeFile(join(dir, 'deploy/Dockerfile'), 'old');
      const mount = 'mount --bind deploy/Dockerfile deploy/Dockerfile';
      expect(await told(mounting(mount, ...command('write', 'deploy/Dockerfile')))).toEqual({
        ...failure('resource busy or locked'),
        left: ['deploy', 'deploy/Dockerfile'],
      });
      expect(await textOf('deploy/Dockerfile')).toBe('old');
    });

    test('before it begins, on a read-only disk', async () => {
      const mount = 'mount -t tmpfs -o ro none deploy';
      expect(await told(mounting(mount, ...command('write', 'deploy/Dockerfile')))).toMatchObject({
        told: {
          name: 'UserError',
          message: 'deploy/Dockerfile cannot be written: read-only file system.',
        },
        left: ['deploy'],
      });
    });
  });
});
