import { afterEach, beforeEach, expect, test } from 'vitest';
import { StepFailed } from '../../src/errors.ts';
import { find } from '../../src/travis/variable.ts';
import { type FakeTravis, startTravis } from '../support/travis.ts';
import { clientOf, SLUG, thrown } from './world.ts';

let travis: FakeTravis;

beforeEach(async () => {
  travis = await startTravis({ repositories: [{ slug: SLUG }, { slug: 'city/quiet' }] });
});
afterEach(() => travis.stop());

const REGION = { name: 'AWS_DEFAULT_REGION', value: 'us-east-1', public: true };
const SECRET = { name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalr/K7+bPx==', public: false };

function stored(name: string, value: string, more: object = {}) {
  return { id: `id-of-${name}`, name, value, public: true, branch: null, ...more };
}

test('a public variable is set and read back', async () => {
  const client = clientOf(travis);
  const made = await client.create(SLUG, REGION);
  expect(made).toMatchObject(REGION);
  expect(await client.variables(SLUG)).toEqual([made]);
  expect(await client.variables('city/quiet')).toEqual([]);
});

test('a private variable is set and its value never read', async () => {
  const client = clientOf(travis);
  const made = await client.create(SLUG, SECRET);
  expect(made).toEqual({ id: made.id, name: SECRET.name, public: false });
  expect(await client.variables(SLUG)).toEqual([made]);
  expect(travis.variables(SLUG)).toMatchObject([{ value: SECRET.value, public: false }]);
});

test('the request is what the API understands', async () => {
  await clientOf(travis).create(SLUG, REGION);
  const [request] = travis.requests;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/repo/city%2Fparks/env_vars',
    headers: { 'travis-api-version': '3', authorization: `token ${travis.token}` },
  });
  expect(JSON.parse(request!.body)).toEqual({
    'env_var.name': 'AWS_DEFAULT_REGION',
    'env_var.value': 'us-east-1',
    'env_var.public': true,
  });
});

test('a value is stored as a shell reads it, and read as it was', async () => {
  const client = clientOf(travis);
  const value = "it's $5\nand `more` ";
  await client.create(SLUG, { name: 'NOTE', value, public: true });
  expect(travis.variables(SLUG)[0]!.value).toBe("'it'\\''s $5\nand `more` '");
  expect((await client.variables(SLUG))[0]!.value).toBe(value);
});

test('what a person typed is read as a build sees it', async () => {
  travis
    .variables(SLUG)
    .push(
      stored('PLAIN', 'us-east-1'),
      stored('QUOTED', '"two words"'),
      stored('ESCAPED', 'two\\ words'),
      stored('EMPTY', ''),
      stored('COMPUTED', '$HOME/lib'),
      stored('BROKEN', 'two words'),
    );
  const values = (await clientOf(travis).variables(SLUG)).map(({ value }) => value);
  expect(values).toEqual(['us-east-1', 'two words', 'two words', '', undefined, undefined]);
});

test('a variable is changed in place', async () => {
  const client = clientOf(travis);
  const { id } = await client.create(SLUG, REGION);
  const changed = await client.update(SLUG, id, { ...REGION, value: 'us east' });
  expect(changed).toMatchObject({ id, value: 'us east' });
  expect(travis.variables(SLUG)).toMatchObject([{ id, value: "'us east'" }]);
});

test('a variable that was public becomes private', async () => {
  const client = clientOf(travis);
  travis.variables(SLUG).push(stored(SECRET.name, 'old'));
  await client.update(SLUG, `id-of-${SECRET.name}`, SECRET);
  expect(travis.variables(SLUG)).toMatchObject([{ value: SECRET.value, public: false }]);
});

test('a variable of one branch is another variable', async () => {
  const client = clientOf(travis);
  await client.create(SLUG, REGION);
  const develop = { ...REGION, value: 'us-west-2', branch: 'develop' };
  await client.create(SLUG, develop);
  const there = await client.variables(SLUG);
  expect(there).toMatchObject([REGION, develop]);
  expect(find(there, REGION)).toBe(there[0]);
  expect(find(there, develop)).toBe(there[1]);
  expect(find(there, { ...REGION, branch: 'main' })).toBeUndefined();
});

test('changing a variable of one branch leaves it that branch’s', async () => {
  const client = clientOf(travis);
  travis.variables(SLUG).push(stored('NAME', 'old', { branch: 'develop' }), stored('OTHER', 'x'));
  const wanted = { name: 'NAME', value: 'new', public: true, branch: 'develop' };
  await client.update(SLUG, 'id-of-NAME', wanted);
  expect(travis.variables(SLUG)).toMatchObject([{ name: 'OTHER' }, wanted]);
});

test('no branch is none, however that is stored', async () => {
  travis.variables(SLUG).push(stored(REGION.name, 'x', { branch: '' }));
  expect(find(await clientOf(travis).variables(SLUG), REGION)?.id).toBe(`id-of-${REGION.name}`);
});

test('of two of one name the last is meant, which is the one that a build takes', async () => {
  travis
    .variables(SLUG)
    .push(stored('NAME', 'a', { id: 'first', branch: '' }), stored('NAME', 'b', { id: 'last' }));
  expect(find(await clientOf(travis).variables(SLUG), { name: 'NAME' })?.id).toBe('last');
});

test('what somebody set meanwhile is changed', async () => {
  travis.variables(SLUG).push(stored(REGION.name, 'eu-west-1'));
  expect(await clientOf(travis).create(SLUG, REGION)).toMatchObject(REGION);
  expect(travis.requests.map(({ method, status }) => [method, status])).toEqual([
    ['POST', 409],
    ['GET', 200],
    ['PATCH', 200],
  ]);
  expect(travis.variables(SLUG)).toMatchObject([REGION]);
});

test('what somebody set and removed meanwhile is made', async () => {
  travis.variables(SLUG).push(stored(REGION.name, 'eu-west-1'));
  travis.fail({
    method: 'POST',
    status: 409,
    body: { '@type': 'error', error_type: 'duplicate_resource', error_message: 'exists' },
    carriedOut: () => travis.variables(SLUG).pop(),
  });
  await clientOf(travis).create(SLUG, REGION);
  expect(travis.variables(SLUG)).toMatchObject([REGION]);
});

test('many at once are set one after the other', async () => {
  const client = clientOf(travis);
  const names = Array.from({ length: 12 }, (_, index) => `NAME_${index}`);
  await Promise.all(names.map((name) => client.create(SLUG, { name, value: name, public: true })));
  expect(travis.variables(SLUG).map(({ name }) => name)).toEqual(names);
});

test('a repository that is switched on, and one that is not, can be told', async () => {
  travis.repositories[1]!.active = false;
  const client = clientOf(travis);
  expect(await client.repository(SLUG)).toEqual({ active: true });
  expect(await client.repository('city/quiet')).toEqual({ active: false });
});

test('a secret that Travis CI shows all the same is called out at once', async () => {
  const shown = { '@type': 'env_var', id: '1', name: SECRET.name, public: true, value: 'x' };
  const { public: _unsaid, ...unsaid } = shown;
  for (const body of [shown, unsaid]) {
    travis.fail({ method: 'POST', status: 201, body });
    const error = await thrown(clientOf(travis).create(SLUG, SECRET));
    expect(error).toBeInstanceOf(StepFailed);
    expect(error.message).toBe(
      'AWS_SECRET_ACCESS_KEY of city/parks is secret, and Travis CI shows it to everybody all the same.',
    );
    expect(error.fix).toContain('https://app.travis-ci.com/github/city/parks/settings');
  }
});

test.each([
  ['another value', { value: 'us-west-1' }],
  ['no value', { value: undefined }],
  ['a private one', { public: false, value: undefined }],
  ['another name', { name: 'OTHER' }],
  ['one of a branch', { branch: 'develop' }],
])('%s instead of what was set is an error', async (_what, kept) => {
  const body = { '@type': 'env_var', id: '1', ...REGION, branch: null, ...kept };
  travis.fail({ method: 'POST', status: 201, body });
  const error = await thrown(clientOf(travis).create(SLUG, REGION));
  expect(error).toBeInstanceOf(StepFailed);
  expect(error.message).toBe(
    'Travis CI took AWS_DEFAULT_REGION of city/parks and kept something else.',
  );
});
