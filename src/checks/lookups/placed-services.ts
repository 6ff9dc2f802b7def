import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  paginateListServices,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../../aws/absent.ts';
import type { Looking } from '../check.ts';
import { inBatches } from './instances.ts';

/** ECS describes this many at a time. */
const AT_ONCE = 10;

/** The cluster's services that are not being deleted; none without a cluster. */
export async function servicesOf({ aws, names: { cluster } }: Looking): Promise<Service[]> {
  const listed = Array.fromAsync(
    paginateListServices({ client: aws.ecs }, { cluster, maxResults: 100 }),
  );
  const pages = (await orAbsent(listed, /^ClusterNotFound/)) ?? [];
  const arns = pages.flatMap(({ serviceArns = [] }) => serviceArns);
  const described = await Promise.all(
    inBatches(arns, AT_ONCE).map((services) =>
      aws.ecs.send(new DescribeServicesCommand({ cluster, services })),
    ),
  );
  return described
    .flatMap(({ services = [] }) => services)
    .filter(({ status }) => status === 'ACTIVE');
}

/** Undefined where it is gone. */
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
