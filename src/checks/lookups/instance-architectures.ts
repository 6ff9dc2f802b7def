import { describeGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { architectureOf } from '../../tasks/cluster/lib/lookups.ts';
import type { Looking } from '../check.ts';
import { containerInstances } from './container-instances.ts';

/** As ECS and EC2 call it, and as Docker does. */
const IN_DOCKER: Record<string, string> = { x86_64: 'amd64', arm64: 'arm64' };

/** What the cluster's instances have, as Docker calls it: "amd64", "arm64". */
export async function instanceArchitectures(looking: Looking): Promise<string[]> {
  const said = await saidByAgents(looking);
  const found = said.size > 0 ? said : await ofTheGroup(looking);
  return [...found].map((each) => IN_DOCKER[each] ?? each).sort();
}

async function saidByAgents(looking: Looking): Promise<Set<string>> {
  const registered = await containerInstances(looking);
  const values = registered
    .filter(({ status }) => status === 'ACTIVE')
    .flatMap(({ attributes = [] }) => attributes)
    .flatMap(({ name, value }) => (name === 'ecs.cpu-architecture' && value ? value : []));
  return new Set(values);
}

/** By the types of its instances. */
async function ofTheGroup(looking: Looking): Promise<Set<string>> {
  const { Instances = [] } = (await describeGroup(looking)) ?? {};
  const types = new Set(Instances.flatMap(({ InstanceType }) => InstanceType ?? []));
  return new Set(await Promise.all([...types].map((type) => architectureOf(looking.aws, type))));
}
