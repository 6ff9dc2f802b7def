import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { Looking } from '../check.ts';
import { containerInstances } from './container-instances.ts';
import { groupInstances, instancesOf } from './instances.ts';

/** What is registered in the cluster and is not what it says. */
export interface StaleInstances {
  /** How many of all that are registered are of EC2. */
  total: number;
  /** EC2 has no such instance any more. */
  gone: ContainerInstance[];
  /** The instance is there, and registered once more. */
  doubles: ContainerInstance[];
}

export async function staleInstances(looking: Looking): Promise<StaleInstances> {
  const all = (await containerInstances(looking)).filter(({ ec2InstanceId }) => ec2InstanceId);
  if (all.length === 0) return { total: 0, gone: [], doubles: [] };
  const known = await groupInstances(looking);
  const strange = all.map(({ ec2InstanceId }) => ec2InstanceId!).filter((id) => !known.has(id));
  const others = await instancesOf(looking, strange);
  const isThere = ({ ec2InstanceId: id }: ContainerInstance) => known.has(id!) || others.has(id!);
  return {
    total: all.length,
    gone: all.filter((each) => !isThere(each)),
    doubles: all.filter(
      (each) =>
        isThere(each) &&
        !each.agentConnected &&
        all.some((other) => other !== each && other.ec2InstanceId === each.ec2InstanceId),
    ),
  };
}
