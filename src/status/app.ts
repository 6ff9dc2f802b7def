import type { Service } from '@aws-sdk/client-ecs';
import { rolloutOf } from '../checks/lookups/rollout.ts';
import { primaryOf, runsAsDesired } from '../checks/lookups/services.ts';
import type { AppState, AppStatus } from './status.ts';

/** What is known of an app from elsewhere than its service. */
export interface Around
  extends Pick<AppStatus, 'service' | 'hosts' | 'targets' | 'alarm' | 'alarming' | 'room'> {
  /** The tag of the image that runs. */
  running?: string;
  /** That of the last deployment. */
  deployed?: string;
  /** That of a task which the last deployment is to replace. */
  replaced?: string;
}

/** How an app stands, whose service that is. */
export function appStatus(found: Service | undefined, around: Around): AppStatus {
  const { running, deployed, replaced, ...known } = around;
  if (!found) return { ...known, state: 'notDeployed' };
  const { runningCount = 0, desiredCount = 0, pendingCount = 0 } = found;
  const status: Omit<AppStatus, 'state'> = {
    ...known,
    version: running ?? deployed,
    deployedAt: primaryOf(found)?.createdAt,
    tasks: { running: runningCount, desired: desiredCount, pending: pendingCount },
    rollout: rolloutStatus(found, deployed, replaced),
  };
  return { ...status, state: stateOf(found, status) };
}

/** Undefined where the last deployment came through. */
function rolloutStatus(
  found: Service,
  deployed: string | undefined,
  replaced: string | undefined,
): AppStatus['rollout'] {
  const last = rolloutOf(found);
  if (!last || last.state === 'done') return undefined;
  const { state, deployment, rollback } = last;
  // The same image once more, with other settings: its tag would not tell which is meant.
  const version = deployed === replaced ? found.taskDefinition?.split('/').at(-1) : deployed;
  return {
    state,
    // While ECS goes back, the service is by then the one before.
    version: deployment === primaryOf(found) ? version : undefined,
    running: deployment.runningCount ?? 0,
    desired: deployment.desiredCount ?? 0,
    failed: deployment.failedTasks ?? 0,
    reason: rollback ? undefined : deployment.rolloutStateReason,
  };
}

function stateOf(found: Service, { rollout, targets, alarm }: Omit<AppStatus, 'state'>): AppState {
  const { status, runningCount = 0, desiredCount = 0 } = found;
  if (status === 'DRAINING') return 'leaving';
  if (rollout?.state === 'failed') return 'failed';
  if (desiredCount === 0) return 'stopped';
  if (rollout?.state === 'underWay') return 'deploying';
  if (runningCount === 0) return 'down';
  const isUnwell = targets && targets.healthy < targets.total;
  if (!runsAsDesired(found) || isUnwell || alarm === 'ALARM') return 'degraded';
  return rollout ? 'rolledBack' : 'running';
}
