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
  /** Whether Auto Scaling brings it in or takes it out, or somebody has set it aside: “Pending:Wait”, “Standby”. */
  isInTransit: boolean;
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
  return (group?.Instances ?? []).map(({ InstanceId: id, LaunchTemplate, LifecycleState }) => ({
    id: id!,
    instance: instances.get(id!),
    isInService: serving.has(id!),
    isInTransit: LifecycleState !== 'InService',
    registered: byInstance.get(id!),
    templateVersion: LaunchTemplate?.Version,
  }));
}

export function isImpaired({ healthStatus }: ContainerInstance): boolean {
  return healthStatus?.overallStatus === 'IMPAIRED';
}

/** Until an instance has booted and joined; usually it takes 2 to 4. In milliseconds. */
const BOOT = 5 * 60_000;

/** Whether it may still be booting. An emulator's instances need no time for that. */
export function isStarting({ aws }: Looking, { instance }: Member): boolean {
  const age = Date.now() - (instance?.LaunchTime?.getTime() ?? 0);
  return !aws.connection.endpoint && age < BOOT;
}

/** Whether its agent has something to tell that explains trouble. */
export function isUnwell(looking: Looking, member: Member): boolean {
  return symptomOf(looking, member) !== undefined;
}

/** What can be seen of its trouble from outside; undefined where it is well, or need not be yet or any more. */
export function symptomOf(looking: Looking, member: Member): string | undefined {
  if (member.isInTransit || isStarting(looking, member)) return undefined;
  const { isInService, registered } = member;
  if (!registered) return 'not registered';
  if (!registered.agentConnected) return 'not connected';
  if (isImpaired(registered)) return 'impaired';
  return isInService ? undefined : 'not in service';
}
