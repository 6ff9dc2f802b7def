import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keys } from '../support/keys.ts';
import { newMachine } from '../support/program.ts';
import { openTerminal } from '../support/terminal.ts';
import type { Stored } from '../support/travis/repository.ts';
import { found } from './found.ts';
import { type AppWorld, addApp, newAppWorld, withTravis } from './world.ts';

const SLUG = 'city/parks';
/** Without what takes its time in AWS. */
const FLAGS = ['--host', 'parks.example.gov', '--no-cdn', '--set', 'certificate=none'];

let world: AppWorld;
let dir: string;

beforeAll(async () => {
  world = await newAppWorld({
    slugs: [SLUG, 'city/roads', 'city/pools', 'city/ponds', 'city/idle'],
  });
  dir = await world.clone(SLUG);
});
afterAll(() => world.stop());
afterEach(() => {
  world.travis.recover();
  world.faults.clear();
});

const repository = (slug = SLUG) => world.travis.repositories.find((each) => each.slug === slug)!;

function said(type: string, error_message = 'no', status = 403) {
  return { status, body: { '@type': 'error', error_type: type, error_message } };
}

function names(variables: Stored[]): string[] {
  return variables.map(({ name }) => name);
}

describe('what keeps the variables from being set is found before anything is made', () => {
  async function expectNothingMade(requests: number): Promise<void> {
    expect(world.changing()).toEqual([]);
    expect(world.written()).toEqual([]);
    expect(world.travis.requests.length).toBeLessThanOrEqual(requests);
    expect((await readdir(dir)).sort()).toEqual(['.git', 'package.json']);
  }

  const OTHERWISE = 'Or have the variables printed: --set travis-token=none.';

  test('a token that is none of Travis CI’s', async () => {
    const env = { ...withTravis(world.travis), TRAVIS_TOKEN: 'mistyped-token' };
    const machine = await newMachine(world.faults.endpoint, env);
    world.faults.clear();
    world.travis.requests.length = 0;
    const { exitCode, stderr } = await machine.run(...addApp(dir, ...FLAGS));
    await machine.remove();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Travis CI does not accept the token.\nGet another');
    expect(stderr).toContain(OTHERWISE);
    expect(stderr).not.toContain('mistyped-token');
    await expectNothingMade(2);
  });

  test('a repository whose variables one may only see', async () => {
    repository().access = 'read';
    const { exitCode, stderr } = await world.add(dir, ...FLAGS);
    repository().access = 'write';
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'You may not set variables of city/parks at Travis CI.\nHave an admin',
    );
    expect(stderr).toContain(OTHERWISE);
    await expectNothingMade(2);
  });

  test('a repository that Travis CI does not know', async () => {
    const { exitCode, stderr } = await world.add(dir, ...FLAGS, '--repo', 'city/other');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Travis CI does not know city/other, or does not show it to you.');
    expect(stderr).toContain(OTHERWISE);
    await expectNothingMade(2);
  });

  test('no answer at all', async () => {
    world.travis.fail({ status: 503, times: 8 });
    const { exitCode, stderr } = await world.add(dir, ...FLAGS);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Travis CI gave no answer (HTTP 503).');
    await expectNothingMade(8);
  });
});

test.each(['mistyped-token', 'no token at all'])(
  'a token is not looked for where none is to be used: %s',
  async (token) => {
    const env = { ...withTravis(world.travis), TRAVIS_TOKEN: token };
    const machine = await newMachine(world.faults.endpoint, env);
    world.travis.requests.length = 0;
    const flags = [...FLAGS, '--set', 'travis-token=none', '--dry-run'];
    const { exitCode, stderr } = await machine.run(...addApp(dir, ...flags));
    await machine.remove();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('no token: its variables are printed');
    expect(world.travis.requests).toEqual([]);
  },
);

test('a token that was typed and is refused is asked for once more', async () => {
  const { TRAVIS_TOKEN: _, ...env } = withTravis(world.travis);
  const machine = await newMachine(world.faults.endpoint, env);
  const answers = { repo: SLUG, service: 'parks', 'health-check': '/', 'https-only': 'no' };
  const later = {
    'alarm-email': 'none',
    monitoring: 'none',
    'keep-images': '9',
    'access-key': 'new',
    'env-file': 'none',
    gitignore: 'yes',
    'deploy-with': 'digital-apps',
    branch: 'develop',
  };
  const given = Object.entries({ ...answers, ...later }).flatMap(([key, value]) => [
    '--set',
    `${key}=${value}`,
  ]);
  const terminal = openTerminal(['add-app', '--dir', dir, ...FLAGS, ...given], {
    cwd: dir,
    env: machine.env,
  });
  await terminal.shows('could not be looked up');
  terminal.press(keys.enter);
  await terminal.shows('What is your token for Travis CI?');
  terminal.press('mistyped', keys.enter);
  await terminal.shows('Travis CI does not accept the token.');
  terminal.press(keys.clear, world.travis.token, keys.enter);
  await terminal.shows('its variables are set');
  terminal.close();
  await machine.remove();
});

describe('trouble in the middle of a run', () => {
  const throttled = { status: 429, body: 'Retry later\n', headers: { 'Retry-After': '3600' } };

  test.each([
    ['no more rights', said('insufficient_access'), 'You may not set variables of city/parks'],
    ['the token no longer good', said('login_required'), 'Travis CI does not accept the token.'],
    ['the repository gone', said('not_found', 'gone', 404), 'Travis CI does not know city/parks'],
    ['too many calls', throttled, 'Travis CI takes no calls for now: there were too many.'],
    ['no answer', { status: 502, body: 'Bad Gateway' }, 'Travis CI gave no answer (HTTP 502).'],
  ])('%s: one sentence each, and what stands is kept', async (_what, trouble, sentence) => {
    const before = world.travis.variables(SLUG).length;
    world.travis.fail({ method: 'POST', slow: 1, times: 2 });
    world.travis.fail({ ...trouble, method: 'POST', times: 100 });
    const run = await world.add(dir, ...FLAGS);
    expect(run.exitCode, run.stderr).toBe(1);
    expect(run.stderr).toContain('What stands is kept: the same command carries on from here.');
    const { resources } = run.json;
    const failed = resources.filter(({ action }) => action === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { name, error } of failed) {
      expect(name).toMatch(/^AWS_/);
      expect(error).toContain(sentence);
    }
    expect(world.travis.variables(SLUG)).toHaveLength(before + 2);
    expect(await found.keysOf(world.aws, 'parks')).toHaveLength(1);
    expect(resources.filter(({ section }) => section !== 'Travis')).not.toContainEqual(
      expect.objectContaining({ action: expect.stringMatching(/failed|skipped/) }),
    );
  });

  test('answers that are lost and throttles that end are got over, and the rest is set', async () => {
    const before = names(world.travis.variables(SLUG));
    world.travis.fail({ method: 'POST', reset: true, after: true });
    world.travis.fail({ method: 'POST', status: 500, body: '' });
    world.travis.fail({ ...throttled, method: 'POST', headers: { 'Retry-After': '1' } });
    const run = await world.add(dir, ...FLAGS);
    expect(run.exitCode, run.stderr).toBe(0);
    const all = names(world.travis.variables(SLUG));
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
    expect(Object.keys(run.outcomes).sort()).toEqual(
      all.filter((name) => !before.includes(name)).sort(),
    );
    // 50 within half a minute would be too many.
    expect(world.travis.requests.length).toBeLessThan(25);
  });
});

describe('variables that are there already', () => {
  const own = (variable: Partial<Stored>): Stored => ({
    ...{ id: `own-${variable.name}-${variable.branch}`, name: '', value: '', public: true },
    ...{ branch: null, ...variable },
  });

  test('are shown before they are replaced, but for private ones, whose values nobody sees', async () => {
    const app = await world.clone('city/roads');
    world.travis
      .variables('city/roads')
      .push(
        own({ name: 'AWS_DEFAULT_REGION', value: 'us-west-2' }),
        own({ name: 'AWS_ECS_CLUSTER', value: 'hidden-cluster', public: false }),
        own({ name: 'AWS_SECRET_ACCESS_KEY', value: 'shown-by-mistake' }),
        own({ name: 'NPM_TOKEN', value: 'somebodys-own', public: false }),
        own({ name: 'AWS_S3_CONFIG_BUCKET', value: 'for-main-alone', branch: 'main' }),
      );
    const before = structuredClone(world.travis.variables('city/roads'));
    const flags = ['--host', 'roads.example.gov', ...FLAGS.slice(2)];
    const dry = await world.add(app, ...flags, '--dry-run');
    expect(dry.exitCode, dry.stderr).toBe(0);
    expect(dry.stderr).toMatch(/change {2}AWS_DEFAULT_REGION +value: us-west-2 → us-east-2\n/);
    expect(dry.stderr).toMatch(/change {2}AWS_ECS_CLUSTER +value: none → digitalApps\n/);
    expect(dry.stderr).toMatch(/change {2}AWS_SECRET_ACCESS_KEY +Access key: the new one\n/);
    for (const secret of ['hidden-cluster', 'shown-by-mistake', 'somebodys-own']) {
      expect(dry.stdout + dry.stderr).not.toContain(secret);
    }
    expect(world.travis.variables('city/roads')).toEqual(before);

    const run = await world.add(app, ...flags);
    expect(run.exitCode, run.stderr).toBe(0);
    const after = world.travis.variables('city/roads');
    expect(after).toHaveLength(14);
    // Another name's, and another branch's, are left alone.
    expect(after).toContainEqual(before[3]);
    expect(after).toContainEqual(before[4]);
    const secret = after.find(({ name }) => name === 'AWS_SECRET_ACCESS_KEY');
    expect(secret).toMatchObject({ public: false });
    expect(secret?.value).toMatch(/^\S{40}$/);
  });

  test('that a person has set for the branch alone are put right, and stay the branch’s', async () => {
    const app = await world.clone('city/pools');
    const variables = world.travis.variables('city/pools');
    const names = ['AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    for (const name of names) variables.push(own({ name, value: 'old', branch: 'develop' }));
    const run = await world.add(app, '--host', 'pools.example.gov', ...FLAGS.slice(2));
    expect(run.exitCode, run.stderr).toBe(0);
    const after = world.travis.variables('city/pools');
    expect(after).toHaveLength(12);
    const branchs = after.filter(({ branch }) => branch === 'develop');
    expect(branchs.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(branchs.map(({ value }) => value)).not.toContain('old');
  });

  test('stay as they are where the repository is deployed once more from another branch', async () => {
    const before = structuredClone(world.travis.variables('city/roads'));
    const app = await world.clone('city/roads');
    const run = await world.add(
      app,
      ...['--host', 'staging.example.gov', ...FLAGS.slice(2)],
      ...['--set', 'service=roads-staging', '--set', 'branch=staging'],
    );
    expect(run.exitCode, run.stderr).toBe(0);
    const after = world.travis.variables('city/roads');
    for (const variable of before) expect(after).toContainEqual(variable);
    const added = after.filter(({ branch }) => branch === 'staging');
    expect(names(added).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_EC2_TARGET_GROUP_ARN',
      'AWS_ECS_SERVICE_NAME',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    expect(after).toHaveLength(before.length + added.length);
    expect(added.find(({ name }) => name === 'AWS_ECS_SERVICE_NAME')?.value).toBe('roads-staging');
  });
});

test('a secret that Travis CI may not have goes there before it is forgotten here', async () => {
  const slug = 'city/ponds';
  const app = await world.clone(slug);
  const machine = await newMachine(world.faults.endpoint);
  const flags = ['--host', 'ponds.example.gov', ...FLAGS.slice(2)];
  const alone = await machine.run(...addApp(app, ...flags));
  expect(alone.exitCode, alone.stderr).toBe(0);
  const folder = join(
    machine.home,
    '.local/share/digital-apps/sandbox-keys/123456789012/digital-apps',
  );
  const { AWS_ACCESS_KEY_ID: value, AWS_SECRET_ACCESS_KEY: secret } = parseEnv(
    await readFile(join(folder, 'ponds.env'), 'utf8'),
  );
  // By hand, beside the secret of the key before.
  const variable = { id: 'by-hand', name: 'AWS_ACCESS_KEY_ID', value: value!, public: true };
  const before = { id: 'of-old', name: 'AWS_SECRET_ACCESS_KEY', value: 'old', public: false };
  world.travis.variables(slug).push({ ...variable, branch: null }, { ...before, branch: null });
  Object.assign(machine.env, withTravis(world.travis));
  const told = await machine.run(...addApp(app, ...flags));
  expect(told.exitCode, told.stderr).toBe(0);
  const now = world.travis.variables(slug).find(({ name }) => name === before.name);
  expect(now).toMatchObject({ value: secret, public: false });
  expect(await readdir(folder)).toEqual([]);
  await machine.remove();
});

test('builds that are switched off are told of', async () => {
  repository('city/idle').active = false;
  const app = await world.clone('city/idle');
  const run = await world.add(app, '--host', 'idle.example.gov', ...FLAGS.slice(2));
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.json.notes.at(-1)).toContain('once its builds of city/idle are switched on under');
});
