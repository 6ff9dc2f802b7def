import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { newWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe('a call that was carried out, and whose answer was lost, doubles nothing', () => {
  test.each([
    { operations: 'creates', operation: /\.(Create|Import)/ },
    { operations: 'other changes', operation: /\.(?!Create|Import|Describe|Get|List|Head|Assume)/ },
  ])('of all $operations, the first of each', async ({ operation }) => {
    const met = new Set<string>();
    world.faults.inject({
      operation: {
        test: (name: string) => operation.test(name) && !met.has(name) && Boolean(met.add(name)),
      } as never,
      times: 1000,
      reset: true,
      after: true,
    });
    const ran = await world.run('--no-wait');
    expect(met.size).toBeGreaterThan(5);
    expect(ran.outcomes).not.toContain('failed');
    expect(ran.exitCode).toBe(0);
    expect(await census(world.aws)).toEqual(ONE_CLUSTER);
    expect((await world.run('--dry-run', '--no-wait')).outcomes).toEqual({});
  });
});
