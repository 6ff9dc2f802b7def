import type { Explanation } from '../../aws/errors.ts';
import type { UnderWay } from './under-way.ts';

/** What is told while a deployment is watched. */
export type News =
  | ({ kind: 'progress' } & Progress)
  /** What ECS noted about the service, in its words; and what it means, where that is known. */
  | { kind: 'event'; at?: Date; message: string; cause?: string; fix?: string }
  | { kind: 'stopped'; task: FailedTask }
  /** AWS did not answer, and is asked again. */
  | { kind: 'unanswered'; answer: string };

export interface Progress {
  /** Since the watching began. */
  seconds: number;
  desired: number;
  running: number;
  pending: number;
  failed: number;
  /** Of its tasks, those that the load balancer sends requests to. */
  healthy: number;
  /** Why it does not to the others, by AWS's reason: "Elb.InitialHealthChecking". */
  unhealthy: Record<string, number>;
}

/** A task that nobody has stopped, and what is known of why. */
export interface FailedTask {
  id: string;
  /** The container that it ended with. */
  container?: string;
  /** In AWS's words. */
  reason: string;
  exitCode?: number;
  /** Whether its container came to run. */
  hasRun: boolean;
  /** Whether ECS stopped it because the load balancer found it unwell. */
  unhealthy: boolean;
  cause?: string;
  fix?: string;
}

/** The last lines of a container, without secrets; or why there are none. */
export type Log = { stream: string; lines: string[] } | { missing: string };

/** Why a deployment has not come through, as far as it can be told. */
export interface Trouble {
  cause: string;
  fix?: string;
  /** In the order in which they stopped. */
  tasks: FailedTask[];
  log: Log;
}

/** How a deployment has ended, as far as it was watched. */
export type Outcome = {
  seconds: number;
} /** It runs, and is healthy; unless nothing is desired of it. */ & (
  | { kind: 'deployed'; desired: number }
  /** ECS has noted that it came through, and another one has begun since. */
  | { kind: 'replaced'; by: UnderWay }
  /** ECS has given it up, and goes back to the task definition before: "permits:6". */
  | ({ kind: 'rolledBack'; to: string } & Trouble)
  /** ECS has given it up, and there is nothing to go back to, or nobody wanted that. */
  | ({ kind: 'failed' } & Trouble)
  | { kind: 'overtaken'; by: UnderWay }
  /** It goes on. */
  | ({ kind: 'timedOut' } & Trouble)
  /** It goes on, and AWS does not say how. */
  | { kind: 'lostSight'; error: Explanation }
);
