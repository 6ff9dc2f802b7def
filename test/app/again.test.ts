import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delivery } from './alterations/delivery.ts';
import { traffic } from './alterations/traffic.ts';
import { appCensus, found, ONE_APP } from './found.ts';
import { type AppRun, type AppWorld, newAppWorld } from './world.ts';

const SLUG = 'city/parks';
const HOST = 'parks.springfield.gov';

let world: AppWorld;
let dir: string;
let flags: string[];
let first: AppRun;

beforeAll(async () => {
  world = await newAppWorld({ slugs: [SLUG], zone: true });
  dir = await world.clone(SLUG);
  const file = join(world.machine.home, 'production.env');
  await writeFile(file, 'SESSION=abc\n');
  flags = [
    ...['--host', HOST, '--env-file', file],
    ...['--set', 'health-check=/admin/ok', '--set', 'https-only=no'],
  ];
  first = await world.add(dir, ...flags);
});
afterAll(() => world.stop());

async function modified(): Promise<Record<string, number>> {
  const paths = await readdir(dir, { recursive: true });
  const files = paths.filter((path) => !path.startsWith('.git/') && path !== '.git');
  const times = files.map(async (path) => [path, (await stat(join(dir, path))).mtimeMs]);
  return Object.fromEntries(await Promise.all(times));
}

describe('a second run', () => {
  test('keeps everything, and says so', async () => {
    expect(first.exitCode, first.stderr).toBe(0);
    const before = await modified();
    expect(Object.keys(before)).toContain('deploy/Dockerfile');
    const second = await world.add(dir, ...flags);
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.outcomes).toEqual({});
    expect(second.stderr).toMatch(/All \d+ are as wanted: there is nothing to change\./);
    expect(second.json.outputs).toEqual(first.json.outputs);
    expect(second.json.calls.changing).toBe(0);
    expect(world.changing()).toEqual([]);
    expect(world.written()).toEqual([]);
    expect(await modified()).toEqual(before);
    // Travis CI has the secret, so that nobody need look for it.
    expect(second.json.notes.join('\n')).not.toContain('is not on this machine');
  });

  test('takes what stands for its answers', async () => {
    const { exitCode, outcomes, stderr } = await world.add(dir);
    expect(exitCode, stderr).toBe(0);
    expect(outcomes).toEqual({});
    expect(world.changing()).toEqual([]);
  });
});

// Each run shows too that the one before had put everything right.
describe('after a change from outside, the next run puts right that alone', () => {
  test.each([...traffic, ...delivery])('$what', async ({ alter, outcomes, needsYou }) => {
    await alter(world, dir);
    const run = await world.add(dir, ...flags);
    expect(run.outcomes, run.stderr).toEqual(outcomes);
    expect(run.exitCode).toBe(needsYou ? 1 : 0);
    if (needsYou) expect(run.stderr).toMatch(needsYou);
    // One call for one variable.
    expect(world.written().toSorted()).toEqual(
      Object.entries(outcomes)
        .filter(([name, outcome]) => name.startsWith('AWS_') && /create|change/.test(outcome))
        .map(([name]) => name)
        .sort(),
    );
  });

  test('a key replaced by a new one, which Travis CI is given', async () => {
    const [old] = await found.keysOf(world.aws, 'parks');
    const run = await world.add(dir, ...flags, '--set', `access-key=replace-${old!.id}`);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.outcomes).toEqual({
      'Access key': 'change',
      AWS_SECRET_ACCESS_KEY: 'change',
      AWS_ACCESS_KEY_ID: 'change',
      'Replaced access key': 'change',
    });
    const keys = await found.keys(world.aws);
    expect(keys).toHaveLength(1);
    expect(keys[0]!.id).not.toBe(old!.id);
  });

  test('and then everything is as it was made', async () => {
    const { outcomes } = await world.add(dir, ...flags);
    expect(outcomes).toEqual({});
    expect(world.changing()).toEqual([]);
    expect(await appCensus(world.aws, 'parks', HOST)).toEqual(ONE_APP);
  });
});
