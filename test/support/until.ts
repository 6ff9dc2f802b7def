import { setTimeout as sleep } from 'node:timers/promises';

/** In milliseconds, on a machine that has much else to do. */
const PATIENCE = 60_000;

/** Looks again and again until it is so; also outside of tests, for the pictures. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE; !(await isSo()); await sleep(100)) {
    if (Date.now() > deadline) throw new Error(`it did not come to that: ${isSo}`);
  }
}
