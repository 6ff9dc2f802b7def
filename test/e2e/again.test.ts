import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { alterations } from './alterations.ts';
import { newWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());

describe('a dry run', () => {
  test('shows the plan and changes nothing', async () => {
    const { exitCode, json, stderr } = await world.run('--dry-run');
    expect(exitCode).toBe(0);
    expect(world.changing()).toEqual([]);
    expect(json.resources.filter(({ action }) => action === 'create')).toHaveLength(24);
    expect(stderr).toContain('24 to create');
    expect(stderr).toContain('A dry run: nothing was changed.');
    const { roles, vpcs, buckets, keyPairs } = await census(world.aws);
    expect({ roles, vpcs, buckets, keyPairs }).toEqual({
      ...{ roles: 0, vpcs: 0, buckets: 0, keyPairs: 0 },
    });
  });
});

describe('a second run', () => {
  test('keeps everything, and makes no call that could change anything', async () => {
    const first = await world.run();
    expect(first.exitCode).toBe(0);
    expect(world.changing().length).toBe(first.json.calls.changing);
    const second = await world.run();
    expect(second.exitCode).toBe(0);
    expect(world.changing()).toEqual([]);
    expect(second.json.calls.changing).toBe(0);
    expect(second.outcomes).toEqual({});
    expect(second.json.outputs).toEqual(first.json.outputs);
  });
});

// Each run shows too that the one before had put everything right.
describe('after a change from outside, the next run puts right that alone', () => {
  test.each(alterations)('$what', async ({ alter, outcomes, notes = [] }) => {
    await alter(world.aws);
    const run = await world.run('--no-wait');
    expect(run.outcomes).toEqual(outcomes);
    expect(run.exitCode).toBe(0);
    for (const note of notes) expect(run.json.notes.join('\n')).toMatch(note);
  });

  test('and then everything is as it was made', async () => {
    const { outcomes } = await world.run();
    expect(outcomes).toEqual({});
    expect(world.changing()).toEqual([]);
    // A policy that is full of versions stays so: four older ones, and the one in force.
    expect(await census(world.aws)).toEqual({ ...ONE_CLUSTER, policyVersions: 5 });
  });
});
