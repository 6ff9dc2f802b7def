import { pause } from './waiting.ts';

const THROTTLED =
  /^(Throttling(Exception)?|RequestLimitExceeded|TooManyRequests(Exception)?|SlowDown)$/;

/** In milliseconds. */
const FIRST = 2_000;
const LONGEST = 60_000;
const PATIENCE = 15 * 60_000;

/**
 * Goes on where AWS wants fewer calls, also when the SDK has tried often enough: for work that has time.
 * @param first how long to wait at first, in milliseconds; then twice as long each time, up to a minute.
 * @throws what the call throws, for throttling only after a quarter of an hour.
 */
export async function waitOutThrottling<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  first = FIRST,
): Promise<T> {
  const started = performance.now();
  for (let delay = first; ; delay = Math.min(delay * 2, LONGEST)) {
    try {
      return await call();
    } catch (error) {
      const isOver = performance.now() - started > PATIENCE;
      if (!THROTTLED.test((error as Error).name) || isOver) throw error;
      await pause(delay, signal);
    }
  }
}
