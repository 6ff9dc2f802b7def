import type { AppOutcome, Step } from '../cleanup/outcome.ts';
import type { CleanupPlan } from '../cleanup/plan.ts';
import type { Conversation, Where } from './conversation.ts';

/** What a person is shown before they agree. */
export interface CleanupReview {
  cluster: string;
  plan: CleanupPlan;
  /** How long AWS makes it take, in seconds. */
  seconds: number;
}

/** How it ended. */
export interface CleanupReport extends Where {
  cluster: string;
  plan: CleanupPlan;
  /** Empty where nothing was to do, or only to be shown. */
  outcomes: AppOutcome[];
  dryRun: boolean;
  interrupted: boolean;
  calls: { total: number; changing: number };
  seconds: number;
  /** The run's log file. */
  log: string;
}

/** One way of showing somebody what goes; the command does not know which. */
export interface CleanupTalk {
  /** For all that is not particular to cleaning up: where one is, and questions. */
  conversation: Conversation;
  review(review: CleanupReview): void;
  /** Whether to go ahead; absent where nobody can be asked. */
  agrees?(): Promise<boolean>;
  advanced(step: Step): void;
  report(report: CleanupReport): void;
}
