import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeTravis, startTravis } from './travis.ts';

let travis: FakeTravis;
let time = 0;

beforeEach(async () => {
  time = 1_000_000;
  travis = await startTravis({
    repositories: [{ slug: 'city/parks' }, { slug: 'city/seen', access: 'read', active: false }],
    now: () => time,
  });
});
afterEach(() => travis.stop());

const VARS = '/repo/city%2Fparks/env_vars';

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(travis.endpoint + path, {
    ...init,
    headers: {
      'Travis-API-Version': '3',
      Authorization: `token ${travis.token}`,
      'Content-Type': 'application/json',
      ...init.headers,
    },
  });
}

function post(content: object, path = VARS): Promise<Response> {
  return ask(path, { method: 'POST', body: JSON.stringify(content) });
}

async function typeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error_type: string }).error_type;
}

test('dotted keys set a variable, and an object is dropped without a word', async () => {
  const made = await post({ 'env_var.name': 'A', 'env_var.value': 'x', 'env_var.public': true });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const nested = JSON.stringify({ env_var: { value: 'y' } });
  const patched = await ask(`/repo/city%2Fparks/env_var/${id}`, { method: 'PATCH', body: nested });
  expect(patched.status).toBe(200);
  expect(await patched.json()).toMatchObject({ id, value: 'x' });
  const refused = await post({ env_var: { name: 'B', value: 'x' } });
  expect(refused.status).toBe(422);
  expect(await typeOf(refused)).toBe('unprocessable_entity');
});

test('a private value is never told', async () => {
  const secret = { 'env_var.name': 'A', 'env_var.value': 'secret', 'env_var.public': false };
  const told = [await post(secret), await ask(VARS)].map((response) => response.text());
  for (const text of await Promise.all(told)) {
    expect(text).toContain('"public": false');
    expect(text).not.toContain('secret');
  }
  expect(travis.variables('city/parks')).toMatchObject([{ value: 'secret' }]);
});

test('a name is there once for each branch', async () => {
  const variable = { 'env_var.name': 'A', 'env_var.value': 'x' };
  const answers = [
    await post(variable),
    await post({ ...variable, 'env_var.branch': 'develop' }),
    await post({ ...variable, 'env_var.branch': 'develop' }),
    await post(variable),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 409, 409]);
  expect(await typeOf(answers[3]!)).toBe('duplicate_resource');
});

test('both headers and an escaped slug are needed', async () => {
  const anonymous = await fetch(travis.endpoint + VARS, { headers: { 'Travis-API-Version': '3' } });
  expect([anonymous.status, await typeOf(anonymous)]).toEqual([403, 'login_required']);
  const other = await ask(VARS, { headers: { Authorization: 'token other' } });
  expect([other.status, await other.text()]).toEqual([403, 'access denied']);
  const versionless = await ask(VARS, { headers: { 'Travis-API-Version': '2' } });
  expect(versionless.status).toBe(404);
  expect((await ask('/repo/city/parks/env_vars')).status).toBe(404);
});

test('what is not there and what is not allowed are told apart', async () => {
  const missing = await ask('/repo/city%2Froads');
  expect([missing.status, await typeOf(missing)]).toEqual([404, 'not_found']);
  const seen = await ask('/repo/city%2Fseen');
  expect(await seen.json()).toMatchObject({
    slug: 'city/seen',
    active: false,
    '@permissions': { create_env_var: false },
  });
  const denied = await post({ 'env_var.name': 'A' }, '/repo/city%2Fseen/env_vars');
  expect([denied.status, await typeOf(denied)]).toEqual([403, 'insufficient_access']);
});

test('50 POSTs within 30 seconds end in a ban of an hour', async () => {
  const variable = (name: number) => ({ 'env_var.name': `N${name}`, 'env_var.value': 'x' });
  for (let name = 0; name < 49; name += 1) await post(variable(name));
  time += 30_001;
  for (let name = 49; name < 99; name += 1) expect((await post(variable(name))).status).toBe(201);
  const banned = await ask(VARS);
  expect([banned.status, await banned.text()]).toEqual([403, 'Forbidden\n']);
  time += 3_600_000;
  expect((await ask(VARS)).status).toBe(200);
});

test('faults meet the requests they are for, as often as they say', async () => {
  travis.fail({ method: 'POST', times: 2, status: 429, body: 'Retry later\n' });
  expect((await ask(VARS)).status).toBe(200);
  const variable = { 'env_var.name': 'A', 'env_var.value': 'x' };
  const first = await post(variable);
  expect([first.status, await first.text()]).toEqual([429, 'Retry later\n']);
  expect((await post(variable)).status).toBe(429);
  expect(travis.variables('city/parks')).toEqual([]);
  travis.fail({ reset: true, after: true });
  await expect(post(variable)).rejects.toThrow('fetch failed');
  expect(travis.variables('city/parks')).toMatchObject([{ name: 'A' }]);
  expect(travis.requests.map(({ status }) => status)).toEqual([200, 429, 429, 0]);
});
