import { type LoadBalancer, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { primaryOf } from '../../checks/lookups/services.ts';
import { StepFailed } from '../../errors.ts';
import type { Running } from '../../tasks/env.ts';
import type { Target } from '../target.ts';
import { create } from './create.ts';
import { describeService } from './describe.ts';
import { behind, type Placed, placed, type Release } from './placed.ts';

/** In seconds: as long as connections may be drained, and a container take to stop. */
const LONGEST_DRAINING = 600;

/**
 * Creates the app's service, or has it run another task definition. How many tasks run is 1 at first,
 * and a person's to change; what a service was made with otherwise stays, too.
 * @throws StepFailed where the service is behind another target group, or does not end its draining;
 * AWS's errors as they are.
 */
export async function putIntoService(
  aws: Aws,
  target: Target,
  release: Release,
  running: Running,
): Promise<Placed> {
  const standing = await standingService(aws, target, running);
  if (standing) return update(aws, target, standing, release);
  try {
    return await create(aws, target, release);
  } catch (error) {
    if (!/not idempotent/.test((error as Error).message)) throw error;
  }
  // Somebody was quicker, or a first answer was lost.
  const made = await waitUntil({
    signal: running.signal,
    upTo: 30,
    look: () => describeService(aws, target),
    givingUp: () => new StepFailed(`ECS does not show the service ${target.service}.`),
  });
  return update(aws, target, made, release);
}

async function standingService(
  aws: Aws,
  target: Target,
  { signal, waiting }: Running,
): Promise<Service | undefined> {
  const { service } = target;
  const { found } = await waitUntil({
    signal,
    upTo: LONGEST_DRAINING,
    async look() {
      const found = await describeService(aws, target);
      if (found?.status !== 'DRAINING') return { found };
      waiting(`the service ${service} was deleted, and its last tasks are stopping`);
      return undefined;
    },
    givingUp: () =>
      new StepFailed(
        `The service ${service} was deleted, and its tasks have not all stopped within ${LONGEST_DRAINING / 60} minutes.`,
        'Look at its tasks in the ECS console, then deploy again.',
      ),
  });
  return found?.status === 'ACTIVE' ? found : undefined;
}

async function update(
  aws: Aws,
  target: Target,
  service: Service,
  release: Release,
): Promise<Placed> {
  const primary = primaryOf(service);
  const loadBalancers = newLoadBalancers(target, service, release);
  const isSame = primary?.taskDefinition === release.taskDefinitionArn && !loadBalancers;
  // What ECS has given up it does not try again by itself.
  const isGivenUp = primary?.rolloutState === 'FAILED';
  if (isSame && !isGivenUp && !release.isMoved)
    return { ...placed('unchanged', service, release), since: new Date() };
  const updated = await aws.ecs.send(
    new UpdateServiceCommand({
      ...{ cluster: target.cluster, service: target.service, loadBalancers },
      taskDefinition: release.taskDefinitionArn,
      deploymentConfiguration: withCircuitBreaker(service),
      ...(isSame && { forceNewDeployment: true }),
    }),
  );
  return placed('updated', updated.service!, release);
}

/** Nothing where there is one: whether it rolls back is somebody's choice. */
function withCircuitBreaker({ deploymentConfiguration = {} }: Service) {
  const { minimumHealthyPercent, maximumPercent, deploymentCircuitBreaker } =
    deploymentConfiguration;
  if (deploymentCircuitBreaker?.enable) return undefined;
  return {
    ...{ minimumHealthyPercent, maximumPercent },
    deploymentCircuitBreaker: { enable: true, rollback: true },
  };
}

/** Undefined where the service is behind its target group as it should be. */
function newLoadBalancers(
  target: Target,
  { loadBalancers = [] }: Service,
  release: Release,
): LoadBalancer[] | undefined {
  const wanted = behind(target, release);
  if (loadBalancers.length === 0) return [wanted];
  const { targetGroupArn, containerName, containerPort } = wanted;
  const ours = loadBalancers.find((each) => each.targetGroupArn === targetGroupArn);
  if (!ours) {
    const others = loadBalancers.map((each) => each.targetGroupArn ?? each.loadBalancerName);
    throw new StepFailed(
      `The service ${target.service} is behind another target group: ${others.join(', ')}.`,
      `Set AWS_EC2_TARGET_GROUP_ARN to that one, or move the service: aws ecs update-service --region ${target.region} --cluster ${target.cluster} --service ${target.service} --load-balancers targetGroupArn=${targetGroupArn},containerName=${containerName},containerPort=${containerPort}`,
    );
  }
  if (ours.containerName === containerName && ours.containerPort === containerPort) {
    return undefined;
  }
  return loadBalancers.map((each) => (each === ours ? wanted : each));
}
