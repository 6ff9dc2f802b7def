import type { Clinic } from '../clinic.ts';

/** One thing that goes wrong with a cluster that is well, with all that follows from it. */
export interface Breakage {
  what: string;
  /** The check that is to name it as the root cause. */
  cause: string;
  /** The checks that are to be named as what follows from it. */
  follows: string[];
  /** Breaks it, and records what AWS would show then; answers with what mends it. */
  happen(clinic: Clinic): Promise<Mend | undefined>;
}

export type Mend = () => Promise<unknown>;
