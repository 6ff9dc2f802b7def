import type { Place } from '../../tasks/cluster/scope.ts';

/**
 * What a look at the cluster has found, once in a pass. Calls are shared anyway: this is for what is
 * long to ask for or to put together, and wanted by the checks of every app.
 */
export function once<T>(
  { aws, names }: Pick<Place, 'aws' | 'names'>,
  what: string,
  look: () => Promise<T>,
): Promise<T> {
  return aws.reads.ask(`${names.cluster}: ${what}`, look) as Promise<T>;
}

/** In milliseconds. */
const FIVE_MINUTES = 5 * 60_000;

/**
 * The same for what CloudWatch charges for each time, and has a new value of once a minute or in
 * five, and for what leaves a trace: who watches is told what it was a few minutes ago.
 */
export function seldom<T>(
  { aws, names }: Pick<Place, 'aws' | 'names'>,
  what: string,
  look: () => Promise<T>,
): Promise<T> {
  return aws.reads.askSeldom(`${names.cluster}: ${what}`, FIVE_MINUTES, look);
}

/** What may have been asked a while ago. */
export interface Aged {
  /** " (asked 3 min ago)"; empty where it is of now. */
  age: string;
}

/** @param asked when, in milliseconds since 1970. */
export function ageOf(asked: number): string {
  const minutes = Math.floor((Date.now() - asked) / 60_000);
  return minutes > 0 ? ` (asked ${minutes} min ago)` : '';
}
