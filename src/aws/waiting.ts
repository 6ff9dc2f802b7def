import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted, type StepFailed } from '../errors.ts';

/** Waits; rejects with Interrupted as soon as the signal says so. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new Interrupted();
  }
}

export interface Wait<Value> {
  signal: AbortSignal;
  /** Looks once; undefined means not yet. */
  look(): Promise<Value | undefined>;
  /** Seconds after which to give up. */
  upTo: number;
  /** What to say then: what was waited for, and where to look. */
  givingUp(): StepFailed | Promise<StepFailed>;
}

/** Looks again and again, less than a second apart at first and ten at the most, until there is an answer. */
export async function waitUntil<Value>({
  signal,
  look,
  upTo,
  givingUp,
}: Wait<Value>): Promise<Value> {
  const deadline = performance.now() + upTo * 1000;
  for (let delay = 400; ; delay = Math.min(delay * 1.4, 10_000)) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() + delay > deadline) throw await givingUp();
    await pause(delay, signal);
  }
}
