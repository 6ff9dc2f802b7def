import {
  type Container,
  type ContainerDefinition,
  type Deployment,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  paginateListServices,
  paginateListTasks,
  type Service,
  type ServiceEvent,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../../aws/absent.ts';
import { inBatches } from '../../aws/batches.ts';
import type { AppLooking, Looking, Verdict } from '../check.ts';
import { skip } from '../check.ts';
import { once } from './once.ts';

/** Up to so many apps, a call for each does not matter. */
export const FEW = 20;
/** ECS lists and describes so many at a time. */
const AT_ONCE = 100;
const SERVICES_AT_ONCE = 10;
/** Of the last so many, even where they say the same. */
const FEW_EVENTS = 5;

/** What each check says that has nothing to look at before the first deploy. */
export const NOT_DEPLOYED: Verdict = skip('Not deployed yet.');
export const NOT_WORTH_A_CALL: Verdict = skip(
  'Not looked at: the app seems well, and there are many (--deep looks, or the app’s name).',
);
export const ONE_OF_MANY: Verdict = skip(
  'Not looked at: there are many apps (--deep looks, or the app’s name).',
);

/** The cluster's services by name, those as well that are being deleted; none without a cluster. */
export function servicesOf(looking: Looking): Promise<Map<string, Service>> {
  return once(looking, 'services of the cluster', () => askServices(looking));
}

async function askServices({ aws, names }: Looking): Promise<Map<string, Service>> {
  const { cluster } = names;
  const lists = paginateListServices({ client: aws.ecs }, { cluster, maxResults: AT_ONCE });
  const pages = await orAbsent(Array.fromAsync(lists), /^ClusterNotFound/);
  const arns = (pages ?? []).flatMap(({ serviceArns = [] }) => serviceArns).sort();
  const described = await Promise.all(
    inBatches(arns, SERVICES_AT_ONCE).map(async (services) => {
      const answer = await aws.ecs.send(new DescribeServicesCommand({ cluster, services }));
      return (answer.services ?? []).map(withoutOldEvents);
    }),
  );
  return new Map(described.flat().map((service) => [service.serviceName!, service]));
}

/** ECS tells a hundred events of each, most of them again and again: of many services too much to keep. */
function withoutOldEvents(service: Service): Service {
  const events = (service.events ?? []).toSorted(
    (a, b) => Number(b.createdAt ?? 0) - Number(a.createdAt ?? 0),
  );
  const kinds = new Set<string>();
  const isKept = ({ message = '' }: ServiceEvent, index: number) => {
    const kind = message.replace(/[\da-f-]{8,}|\d+/g, '');
    const isNew = !kinds.has(kind);
    kinds.add(kind);
    return isNew || index < FEW_EVENTS || message.includes('rolling back');
  };
  return { ...service, events: events.filter(isKept) };
}

/** Whether that event says that all of the service's tasks run. */
export function isSteady(message = ''): boolean {
  return message.includes('has reached a steady state');
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
  if (isOneOfFew(looking)) return true;
  const service = await anyServiceOf(looking);
  return !service || !runsAsDesired(service);
}

/** Whether a call for this app alone is in order however well it is: where all is to be looked at, or few apps are. */
export function isOneOfFew({ deep, isOneOfMany }: AppLooking): boolean {
  return deep || !isOneOfMany;
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
export async function stoppedTasksOf(looking: AppLooking): Promise<SeenTask[]> {
  const tasks = (await tasksBy(looking, 'STOPPED')).get(looking.app.names.service) ?? [];
  return tasks
    .filter(({ lastStatus }) => lastStatus === 'STOPPED')
    .sort((a, b) => Number(b.stoppedAt ?? 0) - Number(a.stoppedAt ?? 0));
}

/** The app's tasks that run. All apps' are asked for at once. */
export async function runningTasksOf(looking: AppLooking): Promise<SeenTask[]> {
  const tasks = (await tasksBy(looking, 'RUNNING')).get(looking.app.names.service) ?? [];
  return tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
}

/** The cluster's tasks by the service that they are of. */
function tasksBy(
  looking: Looking,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<Map<string, SeenTask[]>> {
  return once(looking, `${desiredStatus} tasks by service`, async () =>
    Map.groupBy(
      await tasksOf(looking, desiredStatus),
      ({ group = '' }) => /^service:(.+)$/.exec(group)?.[1] ?? '',
    ),
  );
}

/** What the `group` of a service's tasks is. */
export function groupOfTasks(service: string): string {
  return `service:${service}`;
}

/** The cluster's tasks that run or are about to, or those that do not any more; a hundred a call. */
export async function tasksOf(
  { aws, names: { cluster } }: Looking,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<SeenTask[]> {
  const asked = { cluster, desiredStatus, maxResults: AT_ONCE };
  const lists = paginateListTasks({ client: aws.ecs }, asked);
  const pages = await orAbsent(Array.fromAsync(lists), /^ClusterNotFound/);
  const arns = (pages ?? []).flatMap(({ taskArns = [] }) => taskArns);
  const described = await Promise.all(
    inBatches(arns, AT_ONCE).map(async (tasks) => {
      const answer = await aws.ecs.send(new DescribeTasksCommand({ cluster, tasks }));
      return (answer.tasks ?? []).map(seenOf);
    }),
  );
  return described.flat();
}

/** What is looked at of a task; of many, all that AWS tells would be too much to keep. */
export type SeenTask = Pick<
  Task,
  | 'clusterArn'
  | 'containerInstanceArn'
  | 'cpu'
  | 'group'
  | 'lastStatus'
  | 'memory'
  | 'startedAt'
  | 'stopCode'
  | 'stoppedAt'
  | 'stoppedReason'
  | 'taskArn'
  | 'taskDefinitionArn'
> & { containers?: SeenContainer[] };

type SeenContainer = Pick<
  Container,
  'cpu' | 'exitCode' | 'image' | 'imageDigest' | 'memory' | 'memoryReservation' | 'name' | 'reason'
>;

function seenOf(task: Task): SeenTask {
  const { clusterArn, containerInstanceArn, cpu, group, lastStatus, memory } = task;
  const { containers, startedAt, stopCode, stoppedAt, stoppedReason } = task;
  const { taskArn, taskDefinitionArn } = task;
  return {
    ...{ clusterArn, containerInstanceArn, cpu, group, lastStatus, memory },
    ...{ startedAt, stopCode, stoppedAt, stoppedReason, taskArn, taskDefinitionArn },
    containers: containers?.map(
      ({ cpu, exitCode, image, imageDigest, memory, memoryReservation, name, reason }) => ({
        ...{ cpu, exitCode, image, imageDigest, memory, memoryReservation, name, reason },
      }),
    ),
  };
}

/** What a task of a service asks for, and the images of its containers. */
export interface Running {
  cpu?: string;
  memory?: string;
  containers: (SeenContainer | ContainerDefinition)[];
}

/**
 * What the service runs. Its tasks tell it of all services by pages; where there is none, its task
 * definition does, a call each. Undefined where that is gone.
 */
export async function runningOf(looking: Looking, service: Service): Promise<Running | undefined> {
  for (const status of ['RUNNING', 'STOPPED'] as const) {
    const tasks = (await tasksBy(looking, status)).get(service.serviceName!) ?? [];
    const told = tasks.find((task) => task.taskDefinitionArn === service.taskDefinition);
    const { memory, containers = [] } = told ?? {};
    if (memory && containers.every(({ image }) => image)) return { ...told, containers };
  }
  const definition = await taskDefinitionOf(looking, service);
  return definition && { ...definition, containers: definition.containerDefinitions ?? [] };
}

/** What is registered as what the service runs; undefined where it is gone. */
export async function taskDefinitionOf(
  { aws }: Looking,
  { taskDefinition }: Service,
): Promise<TaskDefinition | undefined> {
  const found = await orAbsent(
    aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition })),
    /^ClientException$/,
  );
  return found?.taskDefinition;
}
