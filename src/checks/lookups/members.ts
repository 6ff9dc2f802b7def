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
  /** Of the launch template that it was started from: "3". */
  templateVersion?: string;
}

/** The instances of the cluster's autoscaling group. */
export async function membersOf(looking: Looking): Promise<Member[]> {
  const [group, instances, registered] = await Promise.all([
    groupOf(looking),
    groupInstances(looking),
    containerInstances(looking),
  ]);
  const serving = new Set(inService(group));
  const byInstance = bestOf(registered);
  return (group?.Instances ?? []).map(({ InstanceId: id, LaunchTemplate }) => ({
    id: id!,
    instance: instances.get(id!),
    isInService: serving.has(id!),
    registered: byInstance.get(id!),
    templateVersion: LaunchTemplate?.Version,
  }));
}

export function isImpaired({ healthStatus }: ContainerInstance): boolean {
  return healthStatus?.overallStatus === 'IMPAIRED';
}

/** Whether its agent has something to tell that explains trouble. */
export function isUnwell(member: Member): boolean {
  return symptomOf(member) !== undefined;
}

/** What can be seen of its trouble from outside; undefined where it is well. */
export function symptomOf({ isInService, registered }: Member): string | undefined {
  if (!registered) return 'not registered';
  if (!registered.agentConnected) return 'not connected';
  if (isImpaired(registered)) return 'impaired';
  return isInService ? undefined : 'not in service';
}
