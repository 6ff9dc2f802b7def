import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newTag } from '../../src/deploy/image/tag.ts';

const COMMIT = 'abcdef1234567890abcdef1234567890abcdef12';
const travis = { TRAVIS_BUILD_NUMBER: '42', TRAVIS_COMMIT: COMMIT };
const github = { GITHUB_RUN_NUMBER: '7', GITHUB_RUN_ATTEMPT: '1', GITHUB_SHA: COMMIT };

let folder: string;
let app: string;

const git = async (...args: string[]) =>
  (await execa('git', ['-C', app, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args])).stdout;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-tag-'));
  app = join(folder, 'app');
  await mkdir(app);
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  vi.stubEnv('GIT_CEILING_DIRECTORIES', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test.each([
  ['of Travis CI', travis, '42-abcdef1'],
  ['of GitHub Actions', github, '7-abcdef1'],
  ['of GitHub Actions, run again', { ...github, GITHUB_RUN_ATTEMPT: '2' }, '7.2-abcdef1'],
  ['that no tag may have', { ...travis, TRAVIS_BUILD_NUMBER: '.a/b ü' }, 'a-b--abcdef1'],
  ['that is too long', { ...travis, TRAVIS_BUILD_NUMBER: '4'.repeat(200) }, /^4{114}-abcdef1$/],
])('The tag has the build and the commit %s', async (_, env, tag) => {
  expect(await newTag(app, env)).toMatch(typeof tag === 'string' ? new RegExp(`^${tag}$`) : tag);
});

describe('Without CI the tag has the time and the commit that is checked out', () => {
  let commit: string;

  beforeEach(async () => {
    await git('init', '--quiet');
    await writeFile(join(app, '.gitignore'), 'node_modules/\n');
    await mkdir(join(app, 'site', 'node_modules'), { recursive: true });
    await writeFile(join(app, 'site', 'index.html'), '');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'x');
    commit = (await git('rev-parse', 'HEAD')).slice(0, 7);
  });

  test('which is all that is in the image', async () => {
    await writeFile(join(app, 'site', 'node_modules', 'ignored'), '');
    expect(await newTag(app, {})).toMatch(new RegExp(`^20\\d{12}-${commit}$`));
  });

  test('where another app of the repository alone has changed', async () => {
    await writeFile(join(app, 'README.md'), '');
    expect(await newTag(join(app, 'site'), {})).toMatch(new RegExp(`^20\\d{12}-${commit}$`));
  });

  test.each(['site/index.html', 'new.html'])('and says that there is more: %s', async (file) => {
    await writeFile(join(app, file), 'changed');
    expect(await newTag(app, {})).toMatch(new RegExp(`^20\\d{12}-${commit}-dirty$`));
  });

  test('but not before the first commit', async () => {
    await rm(join(app, '.git'), { recursive: true });
    await git('init', '--quiet');
    expect(await newTag(app, {})).toMatch(/^20\d{12}$/);
  });

  test('or outside of git', async () => {
    await rm(join(app, '.git'), { recursive: true });
    expect(await newTag(app, {})).toMatch(/^20\d{12}$/);
  });
});
