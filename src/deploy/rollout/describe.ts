import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  paginateListTasks,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { inBatches } from '../../aws/batches.ts';
import type { Aws } from '../../aws/clients.ts';

import type { Target } from '../target.ts';

/** Whatever its state; undefined where there is none. A deleted one lingers as INACTIVE. */
export async function describeService(
  aws: Aws,
  { cluster, service }: Target,
): Promise<Service | undefined> {
  const { services = [] } = await aws.ecs.send(
    new DescribeServicesCommand({ cluster, services: [service] }),
  );
  return services[0];
}

/**
 * The tasks of one of a service's deployments: those that ECS wants to run, or wants to stop.
 * @param known ARNs of tasks that need not be described.
 */
export async function describeTasks(
  aws: Aws,
  { cluster, service: serviceName }: Target,
  deploymentId: string,
  desiredStatus: DesiredStatus,
  known: ReadonlySet<string> = new Set(),
): Promise<Task[]> {
  const lists = paginateListTasks({ client: aws.ecs }, { cluster, serviceName, desiredStatus });
  const arns = (await Array.fromAsync(lists)).flatMap(({ taskArns = [] }) => taskArns);
  const unknown = arns.filter((arn) => !known.has(arn));
  const described = await Promise.all(
    inBatches(unknown, 100).map((tasks) =>
      aws.ecs.send(new DescribeTasksCommand({ cluster, tasks })),
    ),
  );
  return described
    .flatMap(({ tasks = [] }) => tasks)
    .filter(({ startedBy }) => startedBy === deploymentId);
}

/**
 * By which digests a deployment runs that image, each once; [] where no task runs, or its instance's
 * agent does not say. ECS stays with what a tag meant when the deployment began.
 */
export async function runningDigests(
  aws: Aws,
  target: Target,
  deploymentId: string,
  image: string,
): Promise<string[]> {
  const tasks = await describeTasks(aws, target, deploymentId, 'RUNNING');
  const containers = tasks.flatMap((task) => task.containers ?? []);
  const its = containers.filter((container) => container.image === image);
  return [...new Set(its.flatMap(({ imageDigest }) => imageDigest ?? []))];
}
