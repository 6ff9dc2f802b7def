import { type Deployment, DescribeTaskDefinitionCommand, type Service } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { ago } from '../../checks/app/words.ts';
import { primaryOf } from '../../checks/lookups/services.ts';
import { explainReason } from '../../checks/signatures/read.ts';
import { StepFailed } from '../../errors.ts';
import type { Running } from '../../tasks/env.ts';
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

/**
 * The deployment that ECS is at, if it is at one.
 * @param ours a deployment that is none of somebody else's.
 */
export async function underWay(
  aws: Aws,
  target: Target,
  ours?: string,
): Promise<UnderWay | undefined> {
  const service = await describeService(aws, target);
  const primary = service && primaryOf(service);
  if (service?.status !== 'ACTIVE' || primary?.rolloutState !== 'IN_PROGRESS') return undefined;
  if (primary.id === ours) return undefined;
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
 * Waits until nobody else's deployment is under way that may still come to its end.
 * @param upTo in seconds.
 * @returns one that is stuck, and whose place may be taken.
 * @throws StepFailed when it has not ended by then, saying whose it is.
 */
export async function waitForOther(
  aws: Aws,
  target: Target,
  { signal, waiting, upTo }: Running & { upTo: number },
): Promise<UnderWay | undefined> {
  let last: UnderWay | undefined;
  const { stuck } = await waitUntil({
    ...{ signal, upTo },
    async look() {
      last = await underWay(aws, target);
      if (!last) return {};
      if (last.stuck) return { stuck: last };
      waiting(`another deployment: ${whose(last)}`);
      return undefined;
    },
    givingUp: () =>
      new StepFailed(
        `Another deployment of ${target.service} has not ended: ${whose(last!)}.`,
        'Deploy again when it has.',
      ),
  });
  return stuck;
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
