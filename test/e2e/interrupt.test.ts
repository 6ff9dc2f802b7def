import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { CHANGING, newWorld, type World, withOutcomes } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe.each(['SIGINT', 'SIGTERM'] as const)('%s during a run', (signal) => {
  test('lets finish what is under way, starts nothing new, and says what stands', async () => {
    const running = world.start();
    const { faults } = world;
    let sent: string[] = [];
    faults.inject({
      operation: CHANGING,
      skip: 19,
      latency: 100,
      carriedOut() {
        sent = world.changing();
        running.kill(signal);
      },
    });
    const ran = withOutcomes(await running.ended);
    expect(ran.exitCode).toBe(130);
    // Those on their way when the signal came are all that arrived, and all were answered.
    expect(world.changing().length - sent.length).toBeLessThanOrEqual(12);
    expect(faults.calls.every(({ ms }) => ms !== undefined)).toBe(true);
    expect(ran.stderr).toContain('Stopping after what is under way');
    expect(ran.stderr).toMatch(/Stopped: \d+ created, \d+ skipped/);
    expect(ran.stderr).toContain('the same command carries on from here');
    expect(Object.values(ran.outcomes)).not.toContain('failed');

    const next = await world.run('--no-wait');
    expect(next.exitCode).toBe(0);
    expect(await census(world.aws)).toEqual(ONE_CLUSTER);
  });
});

test('a second SIGINT leaves at once', async () => {
  const running = world.start();
  world.faults.inject({ operation: 'CreateVpc', latency: 20_000 });
  await expect.poll(() => world.changing().includes('CreateVpc'), { timeout: 15_000 }).toBe(true);
  const stopping = running.says(/Stopping after what is under way/);
  running.kill('SIGINT');
  await stopping;
  const started = performance.now();
  running.kill('SIGINT');
  expect((await running.ended).exitCode).toBe(130);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('SIGINT while waiting stops the wait', async () => {
  await world.emulator.settings({ agents: false });
  const running = world.start();
  await running.says(/0 of 2 joined/);
  running.kill('SIGINT');
  const ran = await running.ended;
  expect(ran.exitCode).toBe(130);
  expect(ran.json.resources).toContainEqual(
    expect.objectContaining({ name: 'Instances in the cluster', action: 'skipped' }),
  );
});

test('SIGINT while planning changes nothing', async () => {
  world.faults.inject({ operation: 'DescribeVpcs', times: 100, latency: 20_000 });
  const running = world.start();
  await expect
    .poll(() => world.faults.calls.some(({ operation }) => operation === 'DescribeVpcs'), {
      timeout: 15_000,
    })
    .toBe(true);
  running.kill('SIGINT');
  const ran = await running.ended;
  expect(ran.exitCode).toBe(130);
  expect(ran.stderr).toContain('nothing was changed');
  expect(world.changing()).toEqual([]);
  expect(await readdir(world.machine.home)).not.toContain('.ssh');
});
