import type { Ask } from '../questions/gather.ts';
import type { Progress, Result } from '../tasks/graph.ts';
import type { Plan } from '../tasks/plan.ts';

/** Which account, Region and endpoint a command is about to work on. */
export interface Where {
  command: string;
  account: string;
  caller: string;
  region: string;
  /** An emulator's URL, where it is not AWS. */
  endpoint?: string;
  sandbox: boolean;
}

/** How a run ended. */
export interface Report extends Where {
  plan: Plan;
  /** Empty after a dry run. */
  results: Result[];
  dryRun: boolean;
  interrupted: boolean;
  outputs: Record<string, string>;
  /** What a person should know or do now, a sentence each. */
  notes: string[];
  calls: { total: number; changing: number };
  seconds: number;
  /** The run's log file. */
  log: string;
}

/** One way of talking with a person; a command does not know which. */
export interface Conversation {
  where(where: Where): void;
  /** Says that something takes a moment. */
  busy(sentence: string): void;
  /** Absent where nobody can be asked. */
  ask?: Ask;
  review(plan: Plan): void;
  /** Whether to go ahead; absent where that was said beforehand. */
  confirm?(plan: Plan): Promise<boolean>;
  progress(progress: Progress): void;
  /** The first Ctrl-C during a run. */
  stopping(): void;
  report(report: Report): void;
}
