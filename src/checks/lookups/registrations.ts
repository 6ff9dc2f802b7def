import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { Looking } from '../check.ts';
import { containerInstances } from './container-instances.ts';
import { groupOf, leavingOf } from './group.ts';
import { groupInstances, instancesOf, isShuttingDown } from './instances.ts';

/** The cluster's container instances, by what stands behind them; those that are on their way out in `all` alone. */
export interface Registrations {
  all: ContainerInstance[];
  /** One of each instance that is there. */
  valid: ContainerInstance[];
  /** Of instances that EC2 does not have any more. */
  gone: ContainerInstance[];
  /** Of instances that have another one, which is connected or newer. */
  doubles: ContainerInstance[];
  /** The ids of instances that are stopped, or about to be. */
  stopped: Set<string>;
}

export async function registrationsOf(looking: Looking): Promise<Registrations> {
  const [all, known, group] = await Promise.all([
    containerInstances(looking),
    groupInstances(looking),
    groupOf(looking),
  ]);
  const ids = all.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
  const strange = ids.filter((id) => !known.has(id));
  const instances = new Map([...known, ...(await instancesOf(looking, strange))]);
  const leaving = new Set([
    ...[...instances.values()].filter(isShuttingDown).map(({ InstanceId }) => InstanceId!),
    ...leavingOf(group),
  ]);
  // ECS forgets by itself those that leave.
  const staying = all.filter(({ ec2InstanceId = '' }) => !leaving.has(ec2InstanceId));
  // Machines outside of AWS (“mi-…”) EC2 never had.
  const isThere = (id?: string) => !id?.startsWith('i-') || instances.has(id);
  const there = staying.filter(({ ec2InstanceId }) => isThere(ec2InstanceId));
  const best = bestOf(there);
  const valid = there.filter(
    (each) => !each.ec2InstanceId || best.get(each.ec2InstanceId) === each,
  );
  return {
    ...{ all, valid },
    gone: staying.filter((each) => !there.includes(each)),
    doubles: there.filter((each) => !valid.includes(each)),
    stopped: new Set(ids.filter((id) => /^stopp/.test(instances.get(id)?.State?.Name ?? ''))),
  };
}

/** By instance: the registration that is connected, else the newest. */
export function bestOf(registrations: ContainerInstance[]): Map<string, ContainerInstance> {
  const rank = ({ agentConnected, registeredAt }: ContainerInstance) =>
    (agentConnected ? Number.MAX_SAFE_INTEGER : 0) + Number(registeredAt ?? 0);
  // Of those with the same key a map keeps the last.
  return new Map(
    registrations
      .toSorted((a, b) => rank(a) - rank(b))
      .flatMap((each) => (each.ec2InstanceId ? [[each.ec2InstanceId, each] as const] : [])),
  );
}
