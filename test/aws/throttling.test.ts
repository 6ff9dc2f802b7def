import { expect, test } from 'vitest';
import { waitOutThrottling } from '../../src/aws/throttling.ts';
import { Interrupted } from '../../src/errors.ts';

const { signal } = new AbortController();

function named(name: string): Error {
  return Object.assign(new Error('Rate exceeded'), { name });
}

test('what AWS wants less often is asked again, later each time', async () => {
  const asked: number[] = [];
  const answer = await waitOutThrottling(
    async () => {
      asked.push(performance.now());
      if (asked.length < 4) throw named('ThrottlingException');
      return 'done';
    },
    signal,
    20,
  );
  expect(answer).toBe('done');
  const waits = asked.slice(1).map((at, index) => at - asked[index]!);
  for (const [index, least] of [20, 40, 80].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(least - 2);
  }
});

test('any other error is none of its business', async () => {
  let asked = 0;
  const asking = waitOutThrottling(async () => {
    asked += 1;
    throw named('AccessDeniedException');
  }, signal);
  await expect(asking).rejects.toThrow('Rate exceeded');
  expect(asked).toBe(1);
});

test('who waits leaves when interrupted', async () => {
  const stop = new AbortController();
  const asking = waitOutThrottling(async () => {
    setTimeout(() => stop.abort(), 5);
    throw named('Throttling');
  }, stop.signal);
  await expect(asking).rejects.toThrow(Interrupted);
});
