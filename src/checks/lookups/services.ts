import {
  type Deployment,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  paginateListServices,
  paginateListTasks,
  type Service,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../../aws/absent.ts';
import type { AppLooking, Looking, Verdict } from '../check.ts';
import { skip } from '../check.ts';
import { once } from './once.ts';

/** Up to so many apps, a call for each does not matter. */
export const FEW = 20;

/** What each check says that has nothing to look at before the first deploy. */
export const NOT_DEPLOYED: Verdict = skip('Not deployed yet.');
export const NOT_WORTH_A_CALL: Verdict = skip(
  'Not looked at: the app seems well, and there are many (--deep looks, or the app’s name).',
);

/** The cluster's services by name. AWS lists a hundred a call, and describes ten. */
export function servicesOf(looking: Looking): Promise<Map<string, Service>> {
  return once(looking, 'services of the cluster', () => askServices(looking));
}

async function askServices({ aws, names }: Looking): Promise<Map<string, Service>> {
  const { cluster } = names;
  const lists = paginateListServices({ client: aws.ecs }, { cluster, maxResults: 100 });
  const pages = await orAbsent(Array.fromAsync(lists), /^ClusterNotFound/);
  const arns = (pages ?? []).flatMap(({ serviceArns = [] }) => serviceArns).sort();
  const described = await Promise.all(
    inParts(arns, 10).map((services) =>
      aws.ecs.send(new DescribeServicesCommand({ cluster, services })),
    ),
  );
  const all = described.flatMap(({ services = [] }) => services);
  return new Map(all.map((service) => [service.serviceName!, service]));
}

/** The app's service, if it is deployed. */
export async function serviceOf(looking: AppLooking): Promise<Service | undefined> {
  const service = (await servicesOf(looking)).get(looking.app.names.service);
  return service?.status === 'ACTIVE' ? service : undefined;
}

/** Its service whatever its state. */
export async function anyServiceOf(looking: AppLooking): Promise<Service | undefined> {
  return (await servicesOf(looking)).get(looking.app.names.service);
}

/**
 * Whether a call for this app alone is in order: where it is not well, where all is to be looked
 * at, or where few apps are.
 */
export async function isWorthACall(looking: AppLooking): Promise<boolean> {
  if (looking.deep || !looking.isOneOfMany) return true;
  const service = await anyServiceOf(looking);
  return !service || !runsAsDesired(service);
}

/** As many tasks as desired run, and no deployment is under way or failed. */
export function runsAsDesired(service: Service): boolean {
  const { rolloutState } = primaryOf(service) ?? {};
  return (
    (service.runningCount ?? 0) >= (service.desiredCount ?? 0) &&
    rolloutState !== 'IN_PROGRESS' &&
    rolloutState !== 'FAILED'
  );
}

export function primaryOf({ deployments = [] }: Service): Deployment | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY');
}

/** The app's tasks that have stopped; ECS keeps them for about an hour. All apps' are asked for at once. */
export async function stoppedTasksOf(looking: AppLooking): Promise<Task[]> {
  const tasks = await tasksOf(looking, 'STOPPED');
  return tasks
    .filter(
      ({ group, lastStatus }) =>
        group === groupOfTasks(looking.app.names.service) && lastStatus === 'STOPPED',
    )
    .sort((a, b) => Number(b.stoppedAt ?? 0) - Number(a.stoppedAt ?? 0));
}

/** What the `group` of a service's tasks is. */
export function groupOfTasks(service: string): string {
  return `service:${service}`;
}

/** The cluster's tasks that run or are about to, or those that do not any more; a hundred a call. */
export async function tasksOf(
  { aws, names: { cluster } }: Looking,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<Task[]> {
  const lists = paginateListTasks({ client: aws.ecs }, { cluster, desiredStatus, maxResults: 100 });
  const pages = (await orAbsent(Array.fromAsync(lists), /^ClusterNotFound/)) ?? [];
  const described = await Promise.all(
    inParts(
      pages.flatMap(({ taskArns = [] }) => taskArns),
      100,
    ).map((tasks) => aws.ecs.send(new DescribeTasksCommand({ cluster, tasks }))),
  );
  return described.flatMap(({ tasks = [] }) => tasks);
}

/** What the service runs. */
export async function taskDefinitionOf(
  { aws }: Looking,
  { taskDefinition }: Service,
): Promise<TaskDefinition> {
  const found = await aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return found.taskDefinition!;
}

export function inParts<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
    all.slice(part * size, part * size + size),
  );
}
