import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { describeGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { architectureOf } from '../../tasks/cluster/lib/lookups.ts';
import type { Looking } from '../check.ts';
import { ARCHITECTURE, containerInstances, containerInstancesIn } from './container-instances.ts';

/** As ECS and EC2 call it, and as Docker does. */
const IN_DOCKER: Record<string, string> = { x86_64: 'amd64', arm64: 'arm64' };

/** What the cluster's instances have, as Docker calls it: "amd64", "arm64". */
export async function instanceArchitectures(looking: Looking): Promise<string[]> {
  const said = architecturesOf(await containerInstances(looking));
  return said.length > 0 ? said : inDocker(await ofTheGroup(looking));
}

/** The same by the agents of the instances that are registered alone. */
export async function registeredArchitectures(aws: Aws, cluster: string): Promise<string[]> {
  return architecturesOf(await containerInstancesIn({ aws }, cluster));
}

function architecturesOf(registered: ContainerInstance[]): string[] {
  const values = registered
    .filter(({ status }) => status === 'ACTIVE')
    .flatMap(({ attributes = [] }) => attributes)
    .flatMap(({ name, value }) => (name === ARCHITECTURE && value ? value : []));
  return inDocker(new Set(values));
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
