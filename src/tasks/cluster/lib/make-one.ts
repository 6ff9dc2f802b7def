import { setTimeout as sleep } from 'node:timers/promises';

interface Rivals<Thing> {
  create(): Promise<Thing>;
  idOf(thing: Thing): string;
  /** Every one that carries our tags. */
  all(): Promise<Thing[]>;
  /** Fails, and does no harm, on one that is in use. */
  remove(id: string): Promise<unknown>;
}

/** In milliseconds: longer than another run's look and its making can lie apart. */
const SETTLE = 500;

/**
 * Makes what AWS would make twice, for two runs at once or after an answer that got lost. It looks
 * right before and a moment after; of several the first by id stays, for every run alike, and the
 * others are removed, empty as they still are.
 */
export async function makeOne<Thing>(rivals: Rivals<Thing>): Promise<Thing> {
  const { create, idOf, all, remove } = rivals;
  const before = firstOf(await all(), idOf);
  if (before) return before;
  const made = await create();
  // Not even a stop cuts this short: what was just made must be told of.
  await sleep(SETTLE);
  const others = (await all()).filter((thing) => idOf(thing) !== idOf(made));
  const first = firstOf([made, ...others], idOf)!;
  for (const thing of [made, ...others]) {
    if (thing !== first) await remove(idOf(thing)).catch(ignoreGoneOrInUse);
  }
  return first;
}

function firstOf<Thing>(things: Thing[], idOf: (thing: Thing) => string): Thing | undefined {
  return things.toSorted((a, b) => idOf(a).localeCompare(idOf(b)))[0];
}

function ignoreGoneOrInUse(error: Error): void {
  if (!/NotFound(Exception)?$|^DependencyViolation$/.test(error.name)) throw error;
}
