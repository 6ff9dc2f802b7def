import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { isIgnored, parseSlug, repositoryOf, slugOf, trackedEnvFiles } from '../../src/git.ts';

let folder: string;
let app: string;

const git = (dir: string, ...args: string[]) =>
  execa('git', ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'digital-apps-git-')));
  app = join(folder, 'app');
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  await git(folder, 'init', '--quiet', '--initial-branch=main', 'app');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('a repository', () => {
  test('is found from any folder in it', async () => {
    const deep = join(app, 'src', 'a b');
    await mkdir(deep, { recursive: true });
    await symlink(app, join(folder, 'link'));
    for (const dir of [app, deep, join(folder, 'link', 'src')]) {
      expect(await repositoryOf(dir)).toEqual({ root: app, branch: 'main' });
    }
  });

  test('has its branch, and none where none is checked out', async () => {
    await git(app, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    await git(app, 'checkout', '--quiet', '-b', 'parks/new-map');
    expect(await repositoryOf(app)).toEqual({ root: app, branch: 'parks/new-map' });
    await git(app, 'checkout', '--quiet', '--detach');
    expect(await repositoryOf(app)).toEqual({ root: app, branch: undefined });
  });

  test('is a worktree’s or a submodule’s own', async () => {
    await git(app, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    const tree = join(folder, 'tree');
    await git(app, 'worktree', 'add', '--quiet', '-b', 'fix', tree);
    expect(await repositoryOf(tree)).toEqual({ root: tree, branch: 'fix' });
    await git(folder, 'init', '--quiet', '--initial-branch=trunk', 'outer');
    const outer = join(folder, 'outer');
    await git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', app, 'in');
    expect((await repositoryOf(join(outer, 'in'))).root).toBe(join(outer, 'in'));
  });

  test('is the folder’s, also inside another one’s git hook', async () => {
    await git(folder, 'init', '--quiet', '--initial-branch=elsewhere', 'other');
    await writeFile(join(folder, 'other', '.env'), '');
    await git(join(folder, 'other'), 'add', '.env');
    vi.stubEnv('GIT_DIR', join(folder, 'other', '.git'));
    vi.stubEnv('GIT_WORK_TREE', join(folder, 'other'));
    vi.stubEnv('GIT_INDEX_FILE', join(folder, 'other', '.git', 'index'));
    expect(await repositoryOf(app)).toEqual({ root: app, branch: 'main' });
    expect(await trackedEnvFiles(app)).toEqual([]);
  });

  test('is missed in words', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    vi.stubEnv('GIT_CEILING_DIRECTORIES', folder);
    await expectRefused(repositoryOf(outside), `${outside} is not in a git repository.`);
    await expectRefused(repositoryOf(join(folder, 'no')), `There is no folder ${folder}/no.`);
    await expectRefused(repositoryOf('-x'), 'There is no folder -x.');
    await git(folder, 'init', '--quiet', '--bare', 'bare.git');
    for (const dir of [join(folder, 'bare.git'), join(app, '.git')]) {
      await expectRefused(repositoryOf(dir), `${dir} is a bare repository, which holds no files.`);
    }
    await writeFile(join(app, '.git', 'config'), '[broken');
    await expectRefused(repositoryOf(app), `git could not look at ${app}: bad config line`);
  });

  test('of another user is left alone, and the way to trust it is said', async () => {
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    const { fix } = await expectRefused(repositoryOf(app), `${app} belongs to another user`);
    expect(fix).toBe(`If you trust it, run: git config --global --add safe.directory ${app}`);
    await execa('sh', ['-c', fix!.slice(fix!.indexOf('git '))]);
    expect((await repositoryOf(app)).root).toBe(app);
  });

  test('needs git', async () => {
    vi.stubEnv('PATH', folder);
    for (const call of [repositoryOf, slugOf, trackedEnvFiles]) {
      await expectRefused(call(app), 'git is not on this machine.');
    }
    await expectRefused(isIgnored(app, '.env'), 'git is not on this machine.');
  });
});

describe('the remote', () => {
  const remote = (name: string, url: string) => git(app, 'remote', 'add', name, url);
  const boston = { owner: 'CityOfBoston', name: 'registry-certs' };

  test.each([
    'https://github.com/CityOfBoston/registry-certs',
    'https://github.com/CityOfBoston/registry-certs.git',
    'https://github.com/CityOfBoston/registry-certs/',
    'https://github.com/CityOfBoston/registry-certs.git/',
    'https://mayor:hunter2@github.com/CityOfBoston/registry-certs.git',
    'https://hunter2@github.com:443/CityOfBoston/registry-certs',
    'https://GitHub.com/CityOfBoston/registry-certs.git',
    'https://www.github.com/CityOfBoston/registry-certs',
    'http://github.com/CityOfBoston/registry-certs',
    'git://github.com/CityOfBoston/registry-certs.git',
    'ssh://git@github.com/CityOfBoston/registry-certs.git',
    'ssh://git@github.com:22/CityOfBoston/registry-certs.git',
    'ssh://git@ssh.github.com:443/CityOfBoston/registry-certs.git',
    'git+ssh://git@github.com/CityOfBoston/registry-certs.git',
    'git@github.com:CityOfBoston/registry-certs.git',
    'git@github.com:CityOfBoston/registry-certs',
    'git@GITHUB.COM:/CityOfBoston/registry-certs.git/',
    'github.com:CityOfBoston/registry-certs.git',
  ])('%s is on GitHub', async (url) => {
    await remote('origin', url);
    expect(await slugOf(app)).toEqual(boston);
    expect(parseSlug(url)).toEqual(boston);
  });

  test.each([
    ['https://mayor:hunter2@gitlab.com/a/b.git', 'not on GitHub but at gitlab.com.'],
    ['https://hunter2@ghe.boston.gov/a/b', 'not on GitHub but at ghe.boston.gov.'],
    ['git@github.com-work:a/b.git', 'not on GitHub but at github.com-work.'],
    ['git@notgithub.com:a/b.git', 'not on GitHub but at notgithub.com.'],
    ['https://github.com.example.org/a/b', 'not on GitHub but at github.com.example.org.'],
    ['https://example.org/github.com/a/b', 'not on GitHub but at example.org.'],
    ['ssh://git@git.boston.gov:2222/a/b.git', 'not on GitHub but at git.boston.gov.'],
    ['https://mayor:hunter2@github.com/a', 'not the address of a repository on GitHub.'],
    ['https://hunter2@github.com/a/b/c', 'not the address of a repository on GitHub.'],
    ['git@github.com:a/..', 'not the address of a repository on GitHub.'],
    ['/srv/git/hunter2.git', 'not a repository on GitHub.'],
    ['../hunter2', 'not a repository on GitHub.'],
    ['file:///srv/hunter2.git', 'not a repository on GitHub.'],
    ['ssh://git@github.com:hunter2/b.git', 'not a repository on GitHub.'],
    ['https://mayor:hunt/er2@github.com/a/b', 'not a repository on GitHub.'],
  ])('%s is not, and is not shown', async (url, says) => {
    await remote('origin', url);
    for (const error of [
      await expectRefused(slugOf(app), `The remote origin is ${says}`),
      await expectRefused((async () => parseSlug(url))(), `as the repository is ${says}`),
    ]) {
      expect(`${error.message} ${error.fix}`).not.toMatch(/hunt|mayor/);
      expect(error.fix).toContain('owner/name');
    }
  });

  test('is missed in words', async () => {
    const { fix } = await expectRefused(slugOf(app), `${app} has no remote in git.`);
    expect(fix).toBe('Say which repository on GitHub it is: --repo owner/name.');
  });

  test('is origin, else upstream, else the only one', async () => {
    await remote('heroku', 'git@github.com:a/heroku');
    expect((await slugOf(app)).name).toBe('heroku');
    await remote('a-fork', 'git@github.com:a/fork');
    await expectRefused(slugOf(app), 'none of them called origin: a-fork, heroku.');
    await remote('upstream', 'git@github.com:a/upstream');
    expect((await slugOf(app)).name).toBe('upstream');
    await remote('origin', 'git@github.com:a/origin');
    expect((await slugOf(app)).name).toBe('origin');
  });

  test('may be written in git’s short forms', async () => {
    await git(app, 'config', '--global', 'url.git@github.com:.insteadOf', 'gh:');
    await remote('origin', 'gh:CityOfBoston/registry-certs');
    expect(await slugOf(app)).toEqual(boston);
  });
});

describe('a repository that is given', () => {
  test.each([
    ['CityOfBoston/registry-certs', 'CityOfBoston', 'registry-certs'],
    ['  a/b.js ', 'a', 'b.js'],
    ['a/b.git', 'a', 'b'],
    ['octo_city/..name', 'octo_city', '..name'],
    ['github.com/a/b', 'a', 'b'],
    ['https://github.com/a/b?tab=readme-ov-file#use', 'a', 'b'],
  ])('%s', (input, owner, name) => {
    expect(parseSlug(input)).toEqual({ owner, name });
  });

  test.each([
    '',
    'registry-certs',
    'a/b/c',
    'a/',
    '/b',
    'a b/c',
    '-a/b',
    'a/.',
    'a/..',
    'a/.git',
    'a/b;rm',
    `${'a'.repeat(40)}/b`,
    `a/${'b'.repeat(101)}`,
    'ä/b',
    'a/b\nc/d',
  ])('%j is refused', async (input) => {
    const call = (async () => parseSlug(input))();
    const { fix } = await expectRefused(call, 'is not a repository on GitHub.');
    expect(fix).toBe('Give it as owner/name, like CityOfBoston/registry-certs.');
  });
});

describe('files of variables', () => {
  test('are ignored where .gitignore says so, and not when they are tracked', async () => {
    await mkdir(join(app, 'web'));
    await writeFile(join(app, '.gitignore'), '.env*\n!.env.example\n');
    await writeFile(join(app, '.env.tracked'), 'A=1');
    await git(app, 'add', '--force', '.env.tracked');
    expect(await isIgnored(app, '.env')).toBe(true);
    expect(await isIgnored(app, join(app, 'web', '.env'))).toBe(true);
    expect(await isIgnored(join(app, 'web'), '.env')).toBe(true);
    expect(await isIgnored(app, '.env.example')).toBe(false);
    expect(await isIgnored(app, '.env.tracked')).toBe(false);
    expect(await isIgnored(app, '-x')).toBe(false);
    await expectRefused(isIgnored(app, folder), `git could not look at ${app}:`);
  });

  test('that are tracked are found from any folder', async () => {
    const tracked = ['.env', '.env.production', 'web/.env.local', 'web/é/.env', 'a\n/.env'];
    const others = ['.env.example', 'web/.env.sample', '.env.local.template', 'x.env', '.envrc'];
    const venv = '.env/bin/activate';
    await mkdir(join(app, 'web', 'é'), { recursive: true });
    await mkdir(join(app, 'a\n'));
    await mkdir(join(app, 'py', '.env', 'bin'), { recursive: true });
    for (const file of [...tracked, ...others, `py/${venv}`]) {
      await writeFile(join(app, file), '');
    }
    expect(await trackedEnvFiles(app)).toEqual([]);
    await git(app, 'add', '--all');
    await writeFile(join(app, '.env.new'), '');
    for (const dir of [app, join(app, 'web')]) {
      expect((await trackedEnvFiles(dir)).sort()).toEqual([...tracked].sort());
    }
  });
});

async function expectRefused(call: Promise<unknown>, says: string): Promise<UserError> {
  const error = await call.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toContain(says);
  return error as UserError;
}
