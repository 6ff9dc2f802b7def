import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Interrupted } from '../src/errors.ts';
import { Pace } from '../src/pace.ts';

const { signal } = new AbortController();

test('calls are made one at a time and in order, also after one that failed', async () => {
  const pace = new Pace({ calls: 100, within: 1_000 }, signal);
  const seen: string[] = [];
  const call = (name: string, fails = false) =>
    pace.take(async () => {
      seen.push(`${name} begins`);
      await sleep(5);
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([call('first', true), call('second'), call('third')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(seen).toEqual(
    ['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('no more are begun within the time than the limit allows', async () => {
  const pace = new Pace({ calls: 3, within: 300 }, signal);
  const begun: number[] = [];
  await Promise.all(
    Array.from({ length: 8 }, () => pace.take(async () => begun.push(performance.now()))),
  );
  for (const [index, at] of begun.slice(3).entries()) {
    expect(at - begun[index]!).toBeGreaterThanOrEqual(298);
  }
  expect(begun[2]! - begun[0]!).toBeLessThan(250);
});

test('who waits for a turn leaves when interrupted', async () => {
  const stop = new AbortController();
  const pace = new Pace({ calls: 1, within: 60_000 }, stop.signal);
  await pace.take(async () => {});
  const waiting = pace.take(async () => 'made');
  stop.abort();
  await expect(waiting).rejects.toThrow(Interrupted);
});
