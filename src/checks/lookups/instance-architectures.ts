import {
  DescribeContainerInstancesCommand,
  paginateListContainerInstances,
} from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { describeGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { architectureOf } from '../../tasks/cluster/lib/lookups.ts';
import type { Looking } from '../check.ts';

/** As ECS and EC2 call it, and as Docker does. */
const IN_DOCKER: Record<string, string> = { x86_64: 'amd64', arm64: 'arm64' };

/** What the cluster's instances have, as Docker calls it: "amd64", "arm64". */
export async function instanceArchitectures(looking: Looking): Promise<string[]> {
  const said = await registeredArchitectures(looking.aws, looking.names.cluster);
  return said.length > 0 ? said : inDocker(await ofTheGroup(looking));
}

/** The same by the agents of the instances that are registered alone. */
export async function registeredArchitectures(aws: Aws, cluster: string): Promise<string[]> {
  const found = new Set<string>();
  const lists = paginateListContainerInstances({ client: aws.ecs }, { cluster, status: 'ACTIVE' });
  for await (const { containerInstanceArns: containerInstances = [] } of lists) {
    if (containerInstances.length === 0) continue;
    const described = await aws.ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances }),
    );
    for (const { attributes = [] } of described.containerInstances ?? []) {
      const value = attributes.find(({ name }) => name === 'ecs.cpu-architecture')?.value;
      if (value) found.add(value);
    }
  }
  return inDocker(found);
}

/** By the types of its instances. */
async function ofTheGroup(looking: Looking): Promise<Set<string>> {
  const { Instances = [] } = (await describeGroup(looking)) ?? {};
  const types = new Set(Instances.flatMap(({ InstanceType }) => InstanceType ?? []));
  return new Set(await Promise.all([...types].map((type) => architectureOf(looking.aws, type))));
}

function inDocker(found: Set<string>): string[] {
  return [...found].map((each) => IN_DOCKER[each] ?? each).sort();
}
