import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { CHANGING, newWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

/** Kills the program when AWS has carried out its Nth changing call, before it hears of that. */
async function crashAfter(calls: number): Promise<void> {
  const { faults } = world;
  const running = world.start('--no-wait');
  faults.inject({
    operation: CHANGING,
    skip: calls - 1,
    carriedOut: () => running.kill('SIGKILL'),
  });
  expect((await running.ended).signal).toBe('SIGKILL');
  // AWS goes on with what it was already asked.
  await expect.poll(() => faults.calls.every(({ ms }) => ms !== undefined)).toBe(true);
}

// A whole run makes 46 such calls.
test.each([1, 4, 10, 16, 22, 28, 34, 40, 45])(
  'killed after %i changing calls, the next run finishes and doubles nothing',
  async (calls) => {
    await crashAfter(calls);
    const next = await world.run('--no-wait');
    expect(next.stderr).toContain('Done:');
    expect(next.exitCode).toBe(0);
    expect(await census(world.aws)).toEqual(ONE_CLUSTER);
    const after = await world.run('--dry-run', '--no-wait');
    expect(after.outcomes).toEqual({});
  },
);
