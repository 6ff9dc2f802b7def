import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Interrupted, StepFailed, UserError } from '../../src/errors.ts';
import { type FakeTravis, startTravis } from '../support/travis.ts';
import { allOf, clientOf, SLUG, thrown } from './world.ts';

let travis: FakeTravis;

beforeEach(async () => {
  travis = await startTravis({ token: 'a-secret-token' });
});
afterEach(() => travis.stop());

const REGION = { name: 'AWS_DEFAULT_REGION', value: 'us-east-1', public: true };
const SECRET = { name: 'AWS_SECRET_ACCESS_KEY', value: "wJalr'K7 bPx", public: false };

function methods(): string[] {
  return travis.requests.map(({ method }) => method);
}

test.each([
  ['an error of the server', { status: 503, body: 'Service Unavailable' }],
  ['a broken connection', { reset: true }],
])('%s is got over by asking again', async (_what, fault) => {
  const client = clientOf(travis);
  const { id } = await client.create(SLUG, REGION);
  travis.fail({ ...fault, method: 'GET', times: 3 });
  expect(await client.variables(SLUG)).toHaveLength(1);
  travis.fail({ ...fault, method: 'PATCH', times: 2 });
  await client.update(SLUG, id, { ...REGION, value: 'us-west-2' });
  expect(travis.variables(SLUG)).toMatchObject([{ value: 'us-west-2' }]);
});

test.each([
  ['refused', { status: 500 }, ['POST', 'GET', 'POST']],
  ['carried out and not answered', { reset: true, after: true }, ['POST', 'GET', 'PATCH']],
  ['carried out and answered by an error', { status: 502, after: true }, ['POST', 'GET', 'PATCH']],
])('a variable whose making was %s is there once', async (_what, fault, expected) => {
  travis.fail({ ...fault, method: 'POST' });
  await clientOf(travis).create(SLUG, SECRET);
  expect(methods()).toEqual(expected);
  expect(travis.variables(SLUG)).toHaveLength(1);
  expect(travis.variables(SLUG)).toMatchObject([{ name: SECRET.name, public: false }]);
});

test('a variable that is carried out late is there once', async () => {
  travis.fail({ method: 'POST', slow: 250 });
  await clientOf(travis, { timeout: 100, backoff: 150 }).create(SLUG, REGION);
  expect(travis.variables(SLUG)).toMatchObject([REGION]);
  expect(travis.variables(SLUG)).toHaveLength(1);
});

test('who gets no answer gives up in words', async () => {
  travis.fail({ times: 100, status: 503 });
  const read = await thrown(clientOf(travis).variables(SLUG));
  expect(read).toBeInstanceOf(StepFailed);
  expect(read.message).toBe('Travis CI gave no answer (HTTP 503).');
  expect(methods()).toHaveLength(4);
  const written = await thrown(clientOf(travis).create(SLUG, REGION));
  expect(written.message).toBe('Travis CI gave no answer (HTTP 503).');
});

test('an answer that takes too long is not waited for', async () => {
  travis.fail({ times: 100, slow: 10_000 });
  const error = await thrown(clientOf(travis, { timeout: 50 }).variables(SLUG));
  expect(error.message).toBe('Travis CI gave no answer within 0.05 seconds.');
});

test('nobody there is said in words', async () => {
  await travis.stop();
  const error = await thrown(clientOf(travis).variables(SLUG));
  expect(error.message).toBe('Travis CI gave no answer (ECONNREFUSED).');
  expect(error.fix).toContain('your connection');
  travis = await startTravis();
});

test('a throttle is waited out as long as it asks for', async () => {
  const throttled = { status: 429, body: 'Retry later\n', headers: { 'Retry-After': '1' } };
  travis.fail({ ...throttled, method: 'POST' });
  const started = performance.now();
  await clientOf(travis).create(SLUG, REGION);
  expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  expect(methods()).toEqual(['POST', 'POST']);
});

test('a throttle that asks for nothing, or for a moment in time, is waited out', async () => {
  travis.fail({ status: 429, body: 'Retry later\n' });
  await clientOf(travis).variables(SLUG);
  const date = new Date(Date.now() - 1_000).toUTCString();
  travis.fail({ status: 429, body: 'Retry later\n', headers: { 'Retry-After': date } });
  await clientOf(travis).variables(SLUG);
  expect(methods()).toEqual(['GET', 'GET', 'GET', 'GET']);
});

test('a throttle that asks for too much, or never ends, is an error', async () => {
  travis.fail({ status: 429, body: 'Retry later\n', headers: { 'Retry-After': '3600' } });
  const error = await thrown(clientOf(travis).variables(SLUG));
  expect(error.message).toBe('Travis CI takes no calls for now: there were too many.');
  expect(methods()).toHaveLength(1);
  travis.fail({ times: 100, status: 429, body: 'Retry later\n' });
  expect((await thrown(clientOf(travis).variables(SLUG))).message).toBe(error.message);
});

test('more variables than Travis CI bears at once do not end in a ban', async () => {
  const client = clientOf(travis, { limit: { calls: 20, within: 100 } });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 45 }, (_, index) =>
      client.create(SLUG, { ...REGION, name: `NAME_${index}` }),
    ),
  );
  expect(performance.now() - started).toBeGreaterThanOrEqual(200);
  expect(travis.variables(SLUG)).toHaveLength(45);
});

test('a ban is said in words', async () => {
  travis.fail({ status: 403, body: 'Forbidden\n' });
  const error = await thrown(clientOf(travis).variables(SLUG));
  expect(error.message).toBe('Travis CI has banned the token for an hour: it made too many calls.');
});

test('a token that Travis CI does not know is said in words', async () => {
  const unknown = await thrown(clientOf({ ...travis, token: 'other' }).variables(SLUG));
  expect(unknown).toBeInstanceOf(StepFailed);
  expect(unknown.message).toBe('Travis CI does not accept the token.');
  expect(unknown.fix).toContain('https://app.travis-ci.com/account/preferences');
  for (const type of ['login_required', 'wrong_credentials']) {
    const body = { '@type': 'error', error_type: type, error_message: 'no' };
    travis.fail({ status: 403, body });
    expect((await thrown(clientOf(travis).variables(SLUG))).message).toBe(unknown.message);
  }
});

test('a repository that Travis CI does not know is said in words', async () => {
  const client = clientOf(travis);
  for (const call of [
    () => client.variables('city/roads'),
    () => client.create('city/roads', REGION),
    () => client.update('city/roads', '1', REGION),
    () => client.repository('city/roads'),
  ]) {
    const error = await thrown(call());
    expect(error).toBeInstanceOf(StepFailed);
    expect(error.message).toBe('Travis CI does not know city/roads, or does not show it to you.');
    expect(error.fix).toContain('https://app.travis-ci.com/account/repositories');
  }
});

test('who may not set variables is told who may', async () => {
  const client = clientOf(travis);
  const { id } = await client.create(SLUG, REGION);
  travis.repositories[0]!.access = 'read';
  for (const call of [
    () => client.create(SLUG, { ...REGION, name: 'OTHER' }),
    () => client.update(SLUG, id, REGION),
    () => client.repository(SLUG),
  ]) {
    const error = await thrown(call());
    expect(error.message).toBe('You may not set variables of city/parks at Travis CI.');
    expect(error.fix).toContain('admin of the repository');
  }
  expect(await client.variables(SLUG)).toHaveLength(1);
});

test('a variable that was removed meanwhile is said in words', async () => {
  const error = await thrown(clientOf(travis).update(SLUG, 'gone', REGION));
  expect(error.message).toBe(
    'Somebody has just removed AWS_DEFAULT_REGION of city/parks at Travis CI.',
  );
});

test('a refusal for any other reason is handed on', async () => {
  const error = await thrown(clientOf(travis).create(SLUG, { ...REGION, name: '' }));
  expect(error.message).toContain('Variable name is required.');
  const body = { '@type': 'error', error_type: 'repo_migrated', error_message: 'It has moved.' };
  travis.fail({ status: 403, body });
  expect((await thrown(clientOf(travis).variables(SLUG))).message).toBe(
    'Travis CI refuses to say anything of city/parks: It has moved.',
  );
});

test('something else that answers is not taken for Travis CI', async () => {
  for (const fault of [
    { status: 200, body: '<html>Log in to the city’s network</html>' },
    { status: 200, body: {} },
    { status: 404, body: 'Not Found' },
  ]) {
    travis.fail(fault);
    const error = await thrown(clientOf(travis).variables(SLUG));
    expect(error.message).toBe('What answers there is not Travis CI’s API.');
  }
});

test('the token is not taken to where a redirect leads', async () => {
  const visitors: unknown[] = [];
  const elsewhere = createServer((incoming, outgoing) => {
    visitors.push(incoming.headers);
    outgoing.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  const Location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  for (const status of [301, 302, 307, 308]) {
    travis.fail({ status, headers: { Location } });
    const error = await thrown(clientOf(travis).create(SLUG, SECRET));
    expect(error.message).toBe('What answers there is not Travis CI’s API.');
  }
  elsewhere.close();
  expect(visitors).toEqual([]);
});

test('neither the token nor a secret value is in any error', async () => {
  const echo = [travis.token, SECRET.value, "'wJalr'\\''K7 bPx'"].join(' and ');
  const faults = [
    { status: 403, body: echo },
    { status: 422, body: { '@type': 'error', error_type: 'wrong_params', error_message: echo } },
    { status: 500, body: echo },
    { status: 302, headers: { Location: `https://127.0.0.1/?${travis.token}` } },
    { status: 201, body: { '@type': 'env_var', name: echo, public: true, value: SECRET.value } },
    { reset: true },
  ];
  for (const fault of faults) {
    travis.fail({ ...fault, times: 4, method: 'POST' });
    const said = allOf(await thrown(clientOf(travis).create(SLUG, SECRET)));
    expect(said).not.toContain(travis.token);
    expect(said).not.toContain('wJalr');
    expect(said).not.toContain('K7 bPx');
    await travis.stop();
    travis = await startTravis({ token: 'a-secret-token' });
  }
});

test('a token that would end the header is refused before anything is sent, and not shown', () => {
  for (const token of ['a-secret\r\nX-More: b', 'a-secret token', '']) {
    let error: unknown;
    try {
      clientOf({ ...travis, token });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UserError);
    expect(allOf(error as Error)).not.toContain('a-secret');
  }
});

test('after an interruption nothing is begun, and what is under way ends', async () => {
  const stop = new AbortController();
  const client = clientOf(travis, { signal: stop.signal });
  travis.fail({ method: 'POST', slow: 100, carriedOut: () => stop.abort() });
  const first = client.create(SLUG, REGION);
  const second = thrown(client.create(SLUG, { ...REGION, name: 'OTHER' }));
  expect(await first).toMatchObject(REGION);
  expect(await second).toBeInstanceOf(Interrupted);
  expect(await thrown(client.variables(SLUG))).toBeInstanceOf(Interrupted);
  expect(travis.requests).toHaveLength(1);
});

test('an interruption ends the wait for another attempt', async () => {
  const stop = new AbortController();
  travis.fail({ times: 100, status: 503, carriedOut: () => setTimeout(() => stop.abort(), 50) });
  const client = clientOf(travis, { signal: stop.signal, backoff: 60_000 });
  expect(await thrown(client.variables(SLUG))).toBeInstanceOf(Interrupted);
});
