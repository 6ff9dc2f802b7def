import type { Instance } from '@aws-sdk/client-ec2';
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { Looking } from '../check.ts';
import { containerInstances } from './container-instances.ts';
import { groupOf, inService } from './group.ts';
import { groupInstances } from './instances.ts';
import { bestOf } from './registrations.ts';

/** An instance of the group, from all sides. */
export interface Member {
  id: string;
  /** Absent where EC2 does not know it any more. */
  instance?: Instance;
  isInService: boolean;
  /** Absent where it is not registered in the cluster. */
  registered?: ContainerInstance;
}

/** The instances of the cluster's autoscaling group. */
export async function membersOf(looking: Looking): Promise<Member[]> {
  const [group, instances, registered] = await Promise.all([
    groupOf(looking),
    groupInstances(looking),
    containerInstances(looking),
  ]);
  const serving = new Set(group && inService(group));
  const byInstance = bestOf(registered);
  return (group?.Instances ?? []).map(({ InstanceId: id }) => ({
    id: id!,
    instance: instances.get(id!),
    isInService: serving.has(id!),
    registered: byInstance.get(id!),
  }));
}

export function isImpaired({ healthStatus }: ContainerInstance): boolean {
  return healthStatus?.overallStatus === 'IMPAIRED';
}

/** Whether its agent has something to tell that explains trouble. */
export function isUnwell({ isInService, registered }: Member): boolean {
  return !isInService || !registered?.agentConnected || isImpaired(registered);
}
