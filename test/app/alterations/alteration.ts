import type { AppWorld } from '../world.ts';

/** One thing done to an app behind the program's back. */
export interface Alteration {
  what: string;
  alter(world: AppWorld, dir: string): Promise<unknown>;
  /** What the next run does about it; everything else is kept. */
  outcomes: Record<string, 'create' | 'change' | 'failed' | 'skipped'>;
  /** Where a person must do something: in which words it is said. The exit code is 1 then. */
  needsYou?: RegExp;
}
