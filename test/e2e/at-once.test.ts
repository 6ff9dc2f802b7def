import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { newMachine } from '../support/program.ts';
import { newWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

test('two runs at once, on two machines, make one of everything', async () => {
  const other = await newMachine(world.faults.endpoint);
  const both = await Promise.all([
    world.start('--no-wait').ended,
    other.run('init-cluster', '--yes', '--json', '--no-wait'),
  ]);
  for (const { exitCode, stderr } of both) expect(exitCode, stderr).toBe(0);
  expect(await census(world.aws)).toEqual(ONE_CLUSTER);
  // Both made a key, and AWS knows one of them.
  const notes = both.map(({ json }) => json.notes.join('\n'));
  expect(notes.filter((note) => note.includes('The private key is'))).toHaveLength(1);
  expect(notes.filter((note) => note.includes('holds another key than this pair’s'))).toHaveLength(
    1,
  );
  await other.remove();
  const after = await world.run('--no-wait');
  expect(after.outcomes).toEqual({});
});
