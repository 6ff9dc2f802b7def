import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHANGING } from '../e2e/world.ts';
import { appCensus, found, ONE_APP } from './found.ts';
import { type AppWorld, newAppWorld, ZONE } from './world.ts';

// Each test has an app of its own, in one cluster.
const AFTER = [1, 3, 5, 7, 9, 11, 13, 15];
const AT_TRAVIS = [4, 11];
const LOST = [
  'CreateRule',
  'CreateAccessKey',
  'CreateDistributionWithTags',
  'RequestCertificate',
  'CreateRepository',
  'ChangeResourceRecordSets',
  'PutObject',
];
const APPS = [
  ...AFTER.map((calls) => `crash-${calls}`),
  ...AT_TRAVIS.map((calls) => `told-${calls}`),
  'lost',
];

let world: AppWorld;
let flags: string[];

beforeAll(async () => {
  world = await newAppWorld({ slugs: APPS.map((app) => `city/${app}`), zone: true });
  const file = join(world.machine.home, 'production.env');
  await writeFile(file, 'SESSION=abc\n');
  flags = ['--env-file', file];
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

const hostOf = (app: string) => `${app}.${ZONE}`;

/** AWS goes on with what it was already asked. */
function allAnswered() {
  const { calls } = world.faults;
  return expect.poll(() => calls.filter(({ ms }) => !ms), { timeout: 10_000 }).toEqual([]);
}

async function begin(app: string) {
  const dir = await world.clone(`city/${app}`);
  return { dir, all: ['--host', hostOf(app), ...flags] };
}

/** The next run finishes, nothing is there twice, and a third has nothing to do. */
async function expectFinished(app: string, dir: string, all: string[]): Promise<void> {
  const next = await world.add(dir, ...all);
  expect(next.exitCode, next.stderr).toBe(0);
  expect(next.stderr).toContain('Done:');
  expect(await appCensus(world.aws, app, hostOf(app))).toEqual(ONE_APP);
  const variables = world.travis.variables(`city/${app}`);
  expect(new Set(variables.map(({ name }) => name)).size).toBe(12);
  expect(variables).toHaveLength(12);
  // The secret that Travis CI has is of the one key.
  const keys = await found.keys(world.aws);
  const [key] = keys.filter(({ apps }) => apps.includes(app));
  expect(variables.find(({ name }) => name === 'AWS_ACCESS_KEY_ID')?.value).toBe(key!.id);
  // None is anybody's that no app has.
  expect(keys.filter(({ apps }) => apps.length !== 1)).toEqual([]);
  const third = await world.add(dir, ...all, '--dry-run');
  expect(third.outcomes, third.stderr).toEqual({});
}

describe('killed when AWS has carried out a call, before it hears of that', () => {
  test.each(AFTER)('call %i: the next run finishes and doubles nothing', async (calls) => {
    const app = `crash-${calls}`;
    const { dir, all } = await begin(app);
    const running = world.start(dir, ...all);
    world.faults.inject({
      operation: CHANGING,
      skip: calls - 1,
      carriedOut: () => running.kill('SIGKILL'),
    });
    expect((await running.ended).signal).toBe('SIGKILL');
    await allAnswered();
    await expectFinished(app, dir, all);
  });
});

describe('killed when Travis CI has carried out a call', () => {
  test.each(AT_TRAVIS)('call %i: the next run finishes and doubles nothing', async (calls) => {
    const app = `told-${calls}`;
    const { dir, all } = await begin(app);
    const running = world.start(dir, ...all);
    for (let before = 1; before < calls; before += 1) {
      world.travis.fail({ method: 'POST', slow: 1 });
    }
    world.travis.fail({ method: 'POST', carriedOut: () => running.kill('SIGKILL') });
    expect((await running.ended).signal).toBe('SIGKILL');
    await allAnswered();
    await expectFinished(app, dir, all);
  });
});

test('calls that were carried out, and whose answers were lost, double nothing', async () => {
  const { dir, all } = await begin('lost');
  for (const operation of LOST) world.faults.inject({ operation, reset: true, after: true });
  const run = await world.add(dir, ...all);
  expect(run.exitCode, run.stderr).toBe(0);
  const lost = world.faults.calls.filter(({ status }) => status === 0);
  expect(lost.map(({ operation }) => operation).sort()).toEqual(LOST.toSorted());
  await expectFinished('lost', dir, all);
});
