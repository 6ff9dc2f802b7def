import { pause } from '../../aws/waiting.ts';

interface Rivals<Thing> {
  made: Thing;
  idOf(thing: Thing): string;
  /** Every one that carries our tags, in an order that every run sees alike. */
  all(): Promise<Thing[]>;
  remove(id: string): Promise<unknown>;
  signal: AbortSignal;
}

/** In milliseconds: longer than a rival's call can lie between having looked and having made. */
const SETTLE = 500;

/**
 * For what AWS makes twice when two runs ask at once: both look again a moment after making theirs,
 * both take the first, and the one whose own is not that one removes it, empty as it still is.
 */
export async function keepTheFirst<Thing>(rivals: Rivals<Thing>): Promise<Thing> {
  const { made, idOf, all, remove, signal } = rivals;
  await pause(SETTLE, signal);
  const first = (await all())[0] ?? made;
  if (idOf(first) !== idOf(made)) await remove(idOf(made));
  return first;
}
