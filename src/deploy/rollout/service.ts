import { type LoadBalancer, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { primaryOf } from '../../checks/lookups/services.ts';
import { StepFailed } from '../../errors.ts';
import type { Target } from '../target.ts';
import { create } from './create.ts';
import { behind, type Placed, placed, type Release } from './placed.ts';
import { describeDeployment, type Running, waitForTurn, whose } from './under-way.ts';

/** In seconds, until ECS shows a service that it has just called made. */
const SHOWN = 30;

/**
 * Creates the app's service, or has it run another task definition. How many tasks run is 1 at first,
 * and a person's to change; what a service was made with otherwise stays, too.
 * @param service as it stood a moment ago, when its turn had come.
 * @throws StepFailed where the service is behind another target group, or where somebody else has
 * just made it whose deployment does not end; AWS's errors as they are.
 */
export async function putIntoService(
  aws: Aws,
  target: Target,
  release: Release,
  service: Service | undefined,
  running: Running,
): Promise<Placed> {
  if (service) return update(aws, target, service, release);
  try {
    return await create(aws, target, release);
  } catch (error) {
    if (!/not idempotent/.test((error as Error).message)) throw error;
  }
  // Somebody was quicker, or a first answer was lost.
  const ours = release.taskDefinitionArn;
  const made = await waitUntil({
    signal: running.signal,
    upTo: SHOWN,
    look: async () => (await waitForTurn(aws, target, { ...running, ours })).service,
    givingUp: () => new StepFailed(`ECS does not show the service ${target.service}.`),
  });
  return update(aws, target, made, release);
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
  const result = placed('updated', updated.service!, release);
  const remarks = await whoIsOvertaken(aws, service, updated.service!);
  return { ...result, remarks };
}

/** Who looked in the same moment has not seen the other's deployment, nor been seen. */
async function whoIsOvertaken(aws: Aws, before: Service, after: Service): Promise<string[]> {
  const known = new Set(before.deployments?.map(({ id }) => id));
  const overtaken = (after.deployments ?? []).filter(
    ({ id, status }) => status !== 'PRIMARY' && !known.has(id),
  );
  const described = await Promise.all(overtaken.map((each) => describeDeployment(aws, each)));
  return described.map(
    (other) =>
      `Another deployment had begun in the same moment, and this one has taken its place: ${whose(other)}.`,
  );
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
