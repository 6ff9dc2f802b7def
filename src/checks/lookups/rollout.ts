import type { Deployment, Service, ServiceEvent } from '@aws-sdk/client-ecs';
import { primaryOf } from './services.ts';

/** What became of a service's last deployment. */
export interface Rollout {
  state: 'done' | 'underWay' | 'failed' | 'rolledBack';
  /** The one that it is about; after a rollback, that which ECS went back to. */
  deployment: Deployment;
  /** By which ECS said that it goes back. */
  rollback?: ServiceEvent;
}

/** Undefined for a service without a deployment. */
export function rolloutOf(service: Service): Rollout | undefined {
  const deployment = primaryOf(service);
  if (!deployment) return undefined;
  const failed = service.deployments?.find(({ rolloutState }) => rolloutState === 'FAILED');
  if (failed) return { state: 'failed', deployment: failed };
  // The circuit breaker notes which one it goes back to.
  const words = `rolling back to deployment ${deployment.id}`;
  const rollback = service.events?.find(({ message }) => message?.includes(words));
  if (rollback) return { state: 'rolledBack', deployment, rollback };
  return { state: deployment.rolloutState === 'IN_PROGRESS' ? 'underWay' : 'done', deployment };
}
