import type { Deployment } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { explain, isPassing } from '../../aws/errors.ts';
import { pause } from '../../aws/waiting.ts';
import { explainReason } from '../../checks/signatures/read.ts';
import { Interrupted } from '../../errors.ts';
import type { Target } from '../target.ts';
import type { News, Outcome, Progress } from './outcome.ts';
import type { Placed } from './placed.ts';
import { type Look, Rollout } from './rollout.ts';
import { troubleOf } from './trouble.ts';
import { describeDeployment, nameOf } from './under-way.ts';

interface Watching {
  /** Ends the watching alone: the deployment goes on. */
  signal: AbortSignal;
  /** In seconds. */
  upTo: number;
  tell(news: News): void;
}

/** In milliseconds, between two looks: short at first, then as AWS likes it. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;

/**
 * Follows a deployment until it has come through, and its containers get requests; or until it has
 * not. ECS calls a service stable again after a rollback: that is none of this deployment's success.
 * What AWS does not answer for now is asked again.
 * @throws Interrupted when the signal says so.
 */
export async function watch(
  aws: Aws,
  target: Target,
  placed: Placed,
  { signal, upTo, tell }: Watching,
): Promise<Outcome> {
  const started = performance.now();
  const rollout = new Rollout(aws, target, placed);
  for (let delay = FIRST_PAUSE; ; delay = Math.min(delay * 1.3, LONGEST_PAUSE)) {
    const look = await rollout.look().catch((error: unknown) => ({ error }));
    const seconds = Math.round((performance.now() - started) / 1000);
    const isOver = seconds >= upTo;
    if (look && 'error' in look) {
      const { error } = look;
      if (signal.aborted) throw new Interrupted();
      if (isOver || !isPassing(error)) {
        return { seconds, kind: 'lostSight', error: explain(error) };
      }
      tell({ kind: 'unanswered', answer: explain(error).answer });
    } else {
      for (const news of look ? newsOf(look, rollout, seconds) : []) tell(news);
      const end = endOf(look, rollout) ?? (isOver ? { kind: 'timedOut' } : undefined);
      if (end) return concluded(aws, end, rollout, look, seconds);
    }
    await pause(delay, signal);
  }
}

type End =
  | { kind: 'deployed'; desired: number }
  | { kind: 'rolledBack'; to: string }
  | { kind: 'failed' }
  | { kind: 'replaced'; by: Deployment }
  | { kind: 'overtaken'; by: Deployment }
  | { kind: 'timedOut' };

async function concluded(
  aws: Aws,
  end: End,
  rollout: Rollout,
  look: Look | undefined,
  seconds: number,
): Promise<Outcome> {
  if (end.kind === 'deployed') return { seconds, ...end };
  if ('by' in end) return { seconds, ...end, by: await describeDeployment(aws, end.by) };
  return { seconds, ...end, ...(await troubleOf(aws, rollout, look)) };
}

/** Undefined while it goes on. */
function endOf(look: Look | undefined, { placed, events, givenUp }: Rollout): End | undefined {
  if (!look) return { kind: 'failed' };
  const { service, primary } = look;
  if (primary?.id === placed.deploymentId) {
    if (givenUp === 0) return successOf(look);
    // A rollback begins a moment after.
    const mayRollBack = givenUp === 1 && service.deployments!.length > 1;
    return mayRollBack ? undefined : { kind: 'failed' };
  }
  const hasNoted = (what: string) =>
    events.some(({ message }) =>
      message?.includes(`(deployment ${placed.deploymentId}) deployment ${what}`),
    );
  if (hasNoted('completed')) return { kind: 'replaced', by: primary ?? {} };
  const isRolledBack =
    givenUp > 0 || /rolling back/.test(primary?.rolloutStateReason ?? '') || hasNoted('failed');
  if (!isRolledBack) return { kind: 'overtaken', by: primary ?? {} };
  return { kind: 'rolledBack', to: nameOf(primary?.taskDefinition ?? '') };
}

function successOf({ service, ours, health }: Look): End | undefined {
  const { desiredCount: desired = 0, deployments = [] } = service;
  const { rolloutState = 'COMPLETED', runningCount = 0 } = ours ?? {};
  const others = deployments.filter(({ id }) => id !== ours?.id);
  if (rolloutState !== 'COMPLETED' || runningCount !== desired) return undefined;
  if (others.some(({ desiredCount }) => desiredCount !== 0)) return undefined;
  const healthy = health.filter(({ State }) => State === 'healthy').length;
  return healthy === desired ? { kind: 'deployed', desired } : undefined;
}

function newsOf(look: Look, rollout: Rollout, seconds: number): News[] {
  return [
    ...look.events.map(
      ({ createdAt, message = '' }): News => ({
        ...{ kind: 'event', at: createdAt, message },
        ...explainReason(message),
      }),
    ),
    ...look.failed.map((task): News => ({ kind: 'stopped', task })),
    { kind: 'progress', ...progressOf(look, rollout, seconds) },
  ];
}

function progressOf(
  { service, ours, health }: Look,
  { failed }: Rollout,
  seconds: number,
): Progress {
  const { runningCount = 0, pendingCount: pending = 0, failedTasks = 0 } = ours ?? {};
  // Some have come to run since the service was looked at.
  const running = Math.max(runningCount, health.length);
  const sick = health.filter(({ State }) => State !== 'healthy');
  const reasons = Map.groupBy(sick, ({ Reason, State }) => Reason ?? State ?? 'unknown');
  return {
    ...{ seconds, desired: service.desiredCount ?? 0, running, pending },
    failed: Math.max(failed.length, failedTasks),
    healthy: health.length - sick.length,
    unhealthy: Object.fromEntries([...reasons].map(([reason, all]) => [reason, all.length])),
  };
}
