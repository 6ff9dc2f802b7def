import {
  DescribeContainerInstancesCommand,
  paginateListContainerInstances,
} from '@aws-sdk/client-ecs';
import type { Looking } from '../check.ts';

/** As ECS and EC2 call it, and as Docker does. */
const IN_DOCKER: Record<string, string> = { x86_64: 'amd64', arm64: 'arm64' };

/** What the cluster's instances have, as Docker calls it: "amd64", "arm64". */
export async function instanceArchitectures({ aws, names }: Looking): Promise<string[]> {
  const { cluster } = names;
  const found = new Set<string>();
  const lists = paginateListContainerInstances({ client: aws.ecs }, { cluster, status: 'ACTIVE' });
  for await (const { containerInstanceArns: containerInstances = [] } of lists) {
    if (containerInstances.length === 0) continue;
    const described = await aws.ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances }),
    );
    for (const { attributes = [] } of described.containerInstances ?? []) {
      const value = attributes.find(({ name }) => name === 'ecs.cpu-architecture')?.value;
      if (value) found.add(IN_DOCKER[value] ?? value);
    }
  }
  return [...found].sort();
}
