import type { Explanation } from '../../aws/errors.ts';
import { whereverCopied } from '../../checks/command-lines.ts';
import type { Definition } from '../../deploy/definition.ts';
import type { Outcome } from '../../deploy/rollout/outcome.ts';
import type { Target } from '../../deploy/target.ts';
import type { Where } from '../conversation.ts';

/** What goes where. */
export interface Going {
  target: Target;
  image: string;
}

export type Result =
  /** Nothing was to be done. */
  | { kind: 'dryRun' }
  /** Somebody has stopped it; what was begun goes on. */
  | { kind: 'stopped'; isUnderWay: boolean }
  /** It did not come as far as a deployment. */
  | { kind: 'broken'; error: Explanation }
  | Outcome;

/** How a deploy ended. */
export interface DeployReport extends Where, Going {
  /** sha256:… of the image, where it was pushed. */
  digest?: string;
  definition: Definition;
  /** Whether the definition is as it was, and its image another one than runs. */
  isMoved: boolean;
  /** The revision that was put into service: "permits:7". */
  revision?: string;
  /** Whether that ran before. */
  isUnchanged: boolean;
  result: Result;
  /** What is good to know, a sentence each. */
  remarks: string[];
  calls: { total: number; changing: number };
  seconds: number;
  /** The run's log file. */
  log: string;
}

/** An advice whose commands of ours can be copied: they say where they work, as the deploy did. */
export function copiable(
  advice: string,
  { sandbox, endpoint, region, profile, target }: Where & Pick<Going, 'target'>,
): string {
  const { cluster, service } = target;
  const aws = { connection: { isSandbox: sandbox, endpoint, profile } };
  return whereverCopied(advice, { names: { cluster }, region, aws, app: { service } });
}

/** 0 where all is as wanted, or was, 130 where it was stopped, else 1. */
export function exitCodeOf({ kind }: Result): number {
  if (kind === 'stopped') return 130;
  return isGood({ kind }) ? 0 : 1;
}

export function isGood({ kind }: Pick<Result, 'kind'>): boolean {
  return kind === 'deployed' || kind === 'replaced' || kind === 'dryRun';
}
