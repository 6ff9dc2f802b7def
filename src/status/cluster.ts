import type { ContainerInstance } from '@aws-sdk/client-ecs';
import type { Looking } from '../checks/check.ts';
import { clusterState, containerInstancesIn } from '../checks/lookups/container-instances.ts';
import { groupOf } from '../checks/lookups/group.ts';
import { openInstances, type Resources, registered, remaining } from '../checks/lookups/room.ts';
import type { Seen } from './seen.ts';
import type { ClusterStatus } from './status.ts';

/** How the cluster stands, and its instances that ECS places tasks on; those are absent where nobody may look. */
export async function clusterStatus(
  looking: Looking,
  seen: Seen,
): Promise<{ cluster: ClusterStatus; open?: ContainerInstance[] }> {
  const { cluster: name } = looking.names;
  const [state, instances, group] = await Promise.all([
    seen('the ECS cluster', stateOf(looking)),
    seen('the instances', containerInstancesIn(looking, name)),
    seen('the autoscaling group', groupOf(looking)),
  ]);
  const cluster: ClusterStatus = { name, state };
  if (!instances) return { cluster };
  const open = openInstances(instances);
  const counts = {
    ready: open.length,
    registered: instances.length,
    desired: group?.DesiredCapacity,
  };
  const capacity = { free: sum(open.map(remaining)), total: sum(open.map(registered)) };
  return { cluster: { ...cluster, instances: counts, capacity }, open };
}

async function stateOf(looking: Looking): Promise<string> {
  return (await clusterState(looking)) ?? 'missing';
}

function sum(all: Resources[]): Resources {
  return all.reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory }), {
    cpu: 0,
    memory: 0,
  });
}
