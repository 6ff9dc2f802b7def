import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { findToken } from '../../src/travis/token.ts';

let home: string;
let file: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'digital-apps-travis-'));
  file = join(home, '.travis/config.yml');
  await mkdir(join(home, '.travis'));
});
afterEach(() => rm(home, { recursive: true }));

/** As `travis login` writes it. */
const CONFIG = `---
last_check:
  at: 1700000000
endpoints:
  https://api.travis-ci.org/:
    access_token: of-the-old-site
  https://api.travis-ci.com/:
    access_token: from-the-file
    insecure: false
  https://travis.city.gov/api:
    access_token: of-the-city
checked_completion: true
repos:
  city/parks:
    endpoint: https://api.travis-ci.com/
`;

test('TRAVIS_TOKEN comes first, whatever is around it', async () => {
  await writeFile(file, CONFIG);
  expect(await findToken({ TRAVIS_TOKEN: ' from-the-environment\n' }, home)).toEqual({
    token: 'from-the-environment',
    endpoint: 'https://api.travis-ci.com',
    source: 'TRAVIS_TOKEN',
  });
});

test('what travis login has kept is found', async () => {
  await writeFile(file, CONFIG);
  const found = { token: 'from-the-file', endpoint: 'https://api.travis-ci.com', source: file };
  expect(await findToken({}, home)).toEqual(found);
  expect(await findToken({ TRAVIS_TOKEN: '' }, home)).toEqual(found);
});

test('another endpoint has a token of its own', async () => {
  await writeFile(file, CONFIG);
  expect(await findToken({ TRAVIS_ENDPOINT: 'https://travis.city.gov/api/' }, home)).toEqual({
    token: 'of-the-city',
    endpoint: 'https://travis.city.gov/api',
    source: file,
  });
  expect(await findToken({ TRAVIS_ENDPOINT: 'http://127.0.0.1:3000' }, home)).toBeUndefined();
});

test('TRAVIS_CONFIG_PATH names the folder of that file', async () => {
  const folder = join(home, 'elsewhere');
  await mkdir(folder);
  await writeFile(join(folder, 'config.yml'), CONFIG);
  const found = await findToken({ TRAVIS_CONFIG_PATH: folder }, home);
  expect(found?.source).toBe(join(folder, 'config.yml'));
});

test.each([
  ['no YAML', '{ endpoints: ['],
  ['nothing', ''],
  ['a list', '- a\n- b\n'],
  ['no endpoints', 'repos: {}\n'],
  ['an endpoint without a token', 'endpoints:\n  https://api.travis-ci.com/:\n'],
  ['a token that is no text', 'endpoints:\n  https://api.travis-ci.com/:\n    access_token: [a]\n'],
  [
    'a token that would end the header',
    'endpoints:\n  https://api.travis-ci.com/:\n    access_token: "a\\r\\nX-More: b"\n',
  ],
])('a file with %s counts as none', async (_what, content) => {
  await writeFile(file, content);
  expect(await findToken({}, home)).toBeUndefined();
});

test('no file, and one that is a folder, count as none', async () => {
  expect(await findToken({}, home)).toBeUndefined();
  await mkdir(file);
  expect(await findToken({}, home)).toBeUndefined();
});

test('tags of Ruby in that file are passed over without a word', async () => {
  const warnings: string[] = [];
  const listen = (warning: Error) => warnings.push(warning.message);
  process.on('warning', listen);
  await writeFile(file, `${CONFIG}other: !ruby/hash:Travis::Thing\n  a: 1\n`);
  expect((await findToken({}, home))?.token).toBe('from-the-file');
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});

test('a TRAVIS_TOKEN that would end the header is refused and not shown', async () => {
  for (const TRAVIS_TOKEN of ['secret\nX-More: b', 'secret word', 'sécret']) {
    const error = await findToken({ TRAVIS_TOKEN }, home).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(`${error.stack}${error.fix}`).not.toMatch(/s[eé]cret/);
  }
});

test.each([
  'api.travis-ci.com',
  'http://api.travis-ci.com',
  'http://localhost:1@api.travis-ci.com',
  'http://127.0.0.1.city.gov/',
  'https://user:secret@api.travis-ci.com',
  'ftp://api.travis-ci.com',
  'https://api.travis-ci.com?x=1',
])('the token does not go to %s', async (TRAVIS_ENDPOINT) => {
  await expect(findToken({ TRAVIS_ENDPOINT, TRAVIS_TOKEN: 'abc' }, home)).rejects.toThrow(
    'TRAVIS_ENDPOINT must be where Travis CI’s API is, with https.',
  );
});
