import { type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { inBatches } from '../../aws/batches.ts';
import type { Looking } from '../check.ts';
import { groupOf, inService } from './group.ts';

/** EC2 takes this many values in one filter. */
const VALUES = 200;

/** The instances that the cluster's autoscaling group has started, by id; those that are gone, or about to be, left out. */
export async function groupInstances(looking: Looking): Promise<Map<string, Instance>> {
  const { autoscalingGroup } = looking.names;
  const all = await instancesBy(looking, 'tag:aws:autoscaling:groupName', [autoscalingGroup]);
  return new Map([...all].filter(([, instance]) => !isShuttingDown(instance)));
}

export function isShuttingDown({ State }: Instance): boolean {
  return State?.Name === 'shutting-down';
}

/** Those among them that are in service. */
export async function instancesInService(looking: Looking): Promise<Instance[]> {
  const [group, instances] = await Promise.all([groupOf(looking), groupInstances(looking)]);
  return inService(group).flatMap((id) => instances.get(id) ?? []);
}

/** The instances of those ids, as far as they are there; those that are shutting down are. */
export async function instancesOf(looking: Looking, ids: string[]): Promise<Map<string, Instance>> {
  const batches = await Promise.all(
    inBatches([...ids].sort(), VALUES).map((batch) => instancesBy(looking, 'instance-id', batch)),
  );
  return new Map(batches.flatMap((found) => [...found]));
}

async function instancesBy(
  { aws }: Looking,
  Name: string,
  Values: string[],
): Promise<Map<string, Instance>> {
  const pages = await Array.fromAsync(
    paginateDescribeInstances(
      { client: aws.ec2 },
      { Filters: [{ Name, Values }], MaxResults: 1000 },
    ),
  );
  const instances = pages
    .flatMap(({ Reservations = [] }) => Reservations)
    .flatMap(({ Instances = [] }) => Instances)
    // EC2 goes on to show what has been terminated for an hour.
    .filter(({ State }) => State?.Name !== 'terminated');
  return new Map(instances.map((instance) => [instance.InstanceId!, instance]));
}
