import { type Deployment, DescribeTaskDefinitionCommand, type Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { ago } from '../../checks/app/words.ts';
import { primaryOf } from '../../checks/lookups/services.ts';
import { explainReason } from '../../checks/signatures/read.ts';
import { StepFailed, UserError } from '../../errors.ts';
import type { Running as Waiting } from '../../tasks/env.ts';
import type { Target } from '../target.ts';
import { describeService } from './describe.ts';

/** Somebody's deployment of the same service. */
export interface UnderWay {
  deploymentId: string;
  /** "permits:7". */
  taskDefinition: string;
  /** The tag of its image, where it has one. */
  image?: string;
  /** Who registered the task definition: "user/digitalTravis". */
  by?: string;
  since?: Date;
  /** Why it will hardly end by itself, so that nobody need wait for it. */
  stuck?: string;
}

/** In minutes. A failing one takes ECS up to a quarter of an hour to give up. */
const LONGEST = 30;
/** In seconds. There may be room for a task again as soon as those before it have left. */
const UNPLACED = 90;

export interface Running extends Waiting {
  /** How long another deployment is waited for, in seconds. */
  upTo: number;
}

/** How a service stands when nobody need be waited for. */
export interface Turn {
  /** Undefined where there is none that runs. */
  service?: Service;
  /** A deployment that is stuck, and whose place may be taken. */
  stuck?: UnderWay;
}

/** The deployment that ECS is at, if it is at one. */
export async function underWay(aws: Aws, service: Service): Promise<UnderWay | undefined> {
  const primary = primaryOf(service);
  if (service.status !== 'ACTIVE' || primary?.rolloutState !== 'IN_PROGRESS') return undefined;
  return { ...(await describeDeployment(aws, primary)), stuck: whyStuck(service, primary) };
}

/** What can be told of whose a deployment is. */
export async function describeDeployment(
  aws: Aws,
  { id, taskDefinition = '', createdAt }: Deployment,
): Promise<UnderWay> {
  // One that has been deleted meanwhile is known by its name alone.
  const found = await aws.ecs
    .send(new DescribeTaskDefinitionCommand({ taskDefinition }))
    .catch(() => undefined);
  const { containerDefinitions = [], registeredBy } = found?.taskDefinition ?? {};
  return {
    ...{ deploymentId: id!, taskDefinition: nameOf(taskDefinition), since: createdAt },
    image: /:([^:/@]+)(?:@|$)/.exec(containerDefinitions[0]?.image ?? '')?.[1],
    by: registeredBy?.split(':').at(-1),
  };
}

/** "permits:7", of its ARN. */
export function nameOf(taskDefinitionArn: string): string {
  return taskDefinitionArn.split('/').at(-1)!;
}

/** In words: "permits:7 (image 124-abc1234, by user/digitalTravis), begun 3 min ago". */
export function whose({ taskDefinition, image, by, since }: UnderWay): string {
  const details = [image && `image ${image}`, by && `by ${by}`].filter(Boolean).join(', ');
  return `${taskDefinition}${details && ` (${details})`}, begun ${ago(since)}`;
}

/**
 * Waits until nobody else's deployment is under way that may still come to its end, and a service that
 * was deleted has stopped its tasks.
 * @param ours the ARN of a task definition: a deployment of that one is nobody else's.
 * @throws StepFailed when it has not ended in time, saying whose it is; UserError for a service that
 * ECS does not deploy by itself.
 */
export async function waitForTurn(
  aws: Aws,
  target: Target,
  { signal, waiting, upTo, ours }: Running & { ours?: string },
): Promise<Turn> {
  let givenUp: StepFailed | undefined;
  return waitUntil({
    ...{ signal, upTo, givingUp: () => givenUp! },
    async look() {
      const service = await describeService(aws, target);
      if (service?.status === 'DRAINING') {
        givenUp = stillDraining(target);
        waiting(`the service ${target.service} was deleted, and its last tasks are stopping`);
        return undefined;
      }
      if (service?.status !== 'ACTIVE') return {};
      refuseOthers(service, target);
      if (primaryOf(service)?.taskDefinition === ours) return { service };
      const other = await underWay(aws, service);
      if (!other || other.stuck) return { service, stuck: other };
      givenUp = notEnded(target, other);
      waiting(`another deployment: ${whose(other)}`);
      return undefined;
    },
  });
}

/** @throws UserError for a service whose deployments are somebody else's than ECS's own. */
export function refuseOthers({ deploymentController }: Service, { service }: Target): void {
  const { type = 'ECS' } = deploymentController ?? {};
  if (type === 'ECS') return;
  const who = type === 'CODE_DEPLOY' ? 'AWS CodeDeploy' : 'a program of your own (EXTERNAL)';
  throw new UserError(
    `The service ${service} is deployed by ${who}, and deploy would not take that over.`,
    'Deploy it there; or delete the service, and deploy makes one that ECS deploys.',
  );
}

function stillDraining({ service }: Target): StepFailed {
  return new StepFailed(
    `The service ${service} was deleted, and its tasks have not all stopped.`,
    'Look at its tasks in the ECS console, then deploy again.',
  );
}

function notEnded({ service }: Target, other: UnderWay): StepFailed {
  return new StepFailed(
    `Another deployment of ${service} has not ended: ${whose(other)}.`,
    'Deploy again when it has.',
  );
}

function whyStuck(service: Service, { failedTasks, createdAt }: Deployment): string | undefined {
  const { deploymentConfiguration, events = [] } = service;
  if (failedTasks && !deploymentConfiguration?.deploymentCircuitBreaker?.enable) {
    return 'Its tasks fail, and without a circuit breaker ECS tries for ever.';
  }
  const { message = '', createdAt: noted } = events[0] ?? {};
  const isOld = Date.now() - Number(noted) > UNPLACED * 1000;
  if (/unable to place a task/.test(message) && isOld && noted! >= createdAt!) {
    return explainReason(message)?.cause ?? message;
  }
  const minutes = (Date.now() - Number(createdAt)) / 60_000;
  return minutes > LONGEST ? `It has taken more than ${LONGEST} minutes.` : undefined;
}
