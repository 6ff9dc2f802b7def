import type { Preflight } from '../aws/preflight.ts';
import type { UserError } from '../errors.ts';
import type { Ask } from '../questions/gather.ts';
import type { AnyQuestion } from '../questions/question.ts';
import type { Progress, Result } from '../tasks/graph.ts';
import type { Plan } from '../tasks/plan.ts';

/** Which account, Region and endpoint a command is about to work on. */
export interface Where {
  command: string;
  account: string;
  caller: string;
  region: string;
  profile?: string;
  /** An emulator's URL, where it is not AWS. */
  endpoint?: string;
  sandbox: boolean;
}

/** A plan as it is put to a person. */
export interface Proposal {
  plan: Plan;
  /** What decides most, a line each: "Network    new, 10.20.0.0/16". */
  inShort: string[];
  /** What can be answered otherwise, and how it is answered, in words where the answer needs them. */
  answered: { question: AnyQuestion; answer: unknown }[];
  /** What one types to go ahead where something live changes. */
  name: string;
  /** Why nobody goes ahead with it who was not asked. */
  unasked?: UserError;
}

/** Values to be copied elsewhere. */
export interface Outputs {
  /** What they are for, in a few words. */
  title: string;
  values: Record<string, string>;
  /** Commands that set them there, each a line to be copied; never broken. */
  lines?: string[];
}

/** How a run ended. */
export interface Report extends Where {
  plan: Plan;
  /** Empty after a dry run. */
  results: Result[];
  dryRun: boolean;
  interrupted: boolean;
  outputs: Outputs;
  /** What a person should know or do now, a sentence each. */
  notes: string[];
  /** What was left alone because a person must decide, a sentence each. */
  attention: string[];
  calls: { total: number; changing: number };
  /** What it took from a person's going ahead; all of it, where none was asked. */
  seconds: number;
  /** The run's log file. */
  log: string;
}

/** Another place to work in. */
export interface Elsewhere {
  region?: string;
  profile?: string;
}

/** What a person says to a plan. */
export type Decision = 'apply' | 'leave' | { edit: string };

/** One way of talking with a person; a command does not know which. What is optional needs somebody to ask. */
export interface Conversation {
  where(where: Where): void;
  /** Whether this is the right place; undefined goes on. */
  settle?(where: Where, permissions: Promise<Preflight>): Promise<Elsewhere | undefined>;
  /** Says that something takes a moment. */
  busy(sentence: string): void;
  /** Says something that is good to know while one is asked. */
  remark(sentence: string): void;
  ask?: Ask;
  review(proposal: Proposal): void;
  decide?(proposal: Proposal): Promise<Decision>;
  /** `calls` counts those made so far. */
  running(plan: Plan, calls: () => number): void;
  progress(progress: Progress): void;
  /** The first Ctrl-C during a run. */
  stopping(): void;
  report(report: Report): void;
  /** Whether to try again what failed. */
  retry?(report: Report): Promise<boolean>;
  /** Gives the terminal back. */
  close(): void;
}
