import type { Broken } from '../clinic.ts';
import type { Recording } from './recorded.ts';

/** One thing that goes wrong with a cluster that is well, with all that follows from it. */
export interface Breakage {
  what: string;
  /** The check that is to name it as the root cause. */
  cause: string;
  /** The checks that are to be named as what follows from it. */
  follows: string[];
  /** Breaks it, and waits until what follows from it can be seen. All of it is real. */
  happen(clinic: Broken): Promise<unknown>;
  /** What the emulator cannot show of it. Without any, nothing is laid over what it answers. */
  recorded?: Recording[];
}
