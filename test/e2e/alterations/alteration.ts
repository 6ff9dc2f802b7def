import type { Clients } from '../world.ts';

/** One thing done to a cluster behind the program's back, which AWS lets one do. */
export interface Alteration {
  what: string;
  alter(aws: Clients): Promise<unknown>;
  /** What the next run does about it; everything else is kept. */
  outcomes: Record<string, 'create' | 'change'>;
  notes?: RegExp[];
}
