import type { ContainerInstance } from '@aws-sdk/client-ecs';

/** CPU units, of which a vCPU has 1024, and MiB of memory. */
export interface Resources {
  cpu: number;
  memory: number;
}

/** What a task or its definition says of what it asks for; ECS writes some of the numbers as text. */
interface Asking {
  cpu?: string | number;
  memory?: string | number;
}

/** What ECS sets aside for a task when it looks for a place. */
export function needsOf({
  cpu,
  memory,
  containers = [],
}: Asking & { containers?: (Asking & { memoryReservation?: string | number })[] }): Resources {
  const sum = (part: (container: (typeof containers)[number]) => string | number | undefined) =>
    containers.reduce((total, container) => total + Number(part(container) ?? 0), 0);
  return {
    cpu: Number(cpu) || sum((container) => container.cpu),
    memory: Number(memory) || sum((container) => container.memoryReservation ?? container.memory),
  };
}

/** Those that ECS places tasks on. */
export function openInstances(instances: ContainerInstance[]): ContainerInstance[] {
  return instances.filter(({ status, agentConnected }) => status === 'ACTIVE' && agentConnected);
}

/** What an instance has left. */
export function remaining({ remainingResources }: ContainerInstance): Resources {
  return resources(remainingResources);
}

/** What an instance has in all. */
export function registered({ registeredResources }: ContainerInstance): Resources {
  return resources(registeredResources);
}

/** Whether a task that asks for so much has room in what is there of one instance. */
export function fits(asked: Resources, { cpu, memory }: Resources): boolean {
  return asked.cpu <= cpu && asked.memory <= memory;
}

/** How many more tasks that ask for so much the instances take. */
export function roomFor({ cpu, memory }: Resources, instances: ContainerInstance[]): number {
  const rooms = instances.map(remaining);
  const counts = rooms.map((room) =>
    // A task need not ask for CPU; for memory every one does.
    Math.floor(Math.min(cpu > 0 ? room.cpu / cpu : Infinity, room.memory / memory)),
  );
  return counts.reduce((total, count) => total + Math.max(count, 0), 0);
}

function resources(list: ContainerInstance['remainingResources'] = []): Resources {
  const of = (resource: string) => list.find(({ name }) => name === resource)?.integerValue ?? 0;
  return { cpu: of('CPU'), memory: of('MEMORY') };
}
