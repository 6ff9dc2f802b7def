import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Field } from './field.ts';
import type { Compose } from './read.ts';

interface Read {
  field: Field;
  container: ContainerDefinition & { name: string };
}

/**
 * What ECS wants of a task's containers beyond each of their keys.
 * @throws UserError where ECS would certainly refuse, or start nothing.
 */
export function checkContainers(services: Field, read: Read[]): Omit<Compose, 'volumes'> {
  if (read.length === 0) throw services.wrong('there is no container', 'Write one by its name.');
  if (read.length > 10) {
    throw services.wrong(`ECS takes 10 containers in a task, and these are ${read.length}`);
  }
  for (const one of read) checkAlone(one);
  for (const one of read) checkDependencies(one, read);
  const waitedFor = new Set(read.flatMap(({ container }) => waitsForEndOf(container)));
  const containers = read.map(({ container }) =>
    waitedFor.has(container.name) ? { ...container, essential: false } : container,
  );
  return { containers, front: front(services, containers) };
}

function checkAlone({ field, container }: Read): void {
  const { name, image, memory, memoryReservation } = container;
  if (!/^[\w-]{1,255}$/.test(name)) {
    throw field.wrong('letters, digits, _ and - make a container’s name for ECS');
  }
  if (!image) throw field.wrong('there is no image', `Write image: \${AWS_ECS_IMAGE}.`);
  if (!memory && !memoryReservation) {
    throw field.wrong(
      'ECS must know how much memory it takes',
      'Write mem_limit: 512m, which is what ecs-cli took where a file said nothing.',
    );
  }
  if (memory && memoryReservation && memory < memoryReservation) {
    throw keyOf(field, 'mem_reservation', 'deploy').wrong(
      `${memoryReservation} MiB are reserved, and ${memory} MiB is the limit`,
      'Make the limit as high at least.',
    );
  }
}

function checkDependencies({ field, container }: Read, read: Read[]): void {
  for (const { containerName, condition } of container.dependsOn ?? []) {
    const other = read.find(({ container: { name } }) => name === containerName)!;
    if (condition === 'HEALTHY' && !other.container.healthCheck) {
      throw keyOf(field, 'depends_on').wrong(
        `${containerName} has no healthcheck that would tell when it is healthy`,
        'Give it one, or write condition: service_started.',
      );
    }
  }
  const round = findRound([container.name], read);
  if (round) {
    throw field.wrong(
      `${round.join(' needs ')}: none of them could start first`,
      'Take one of the links or depends_on out.',
    );
  }
}

/** The way from the first container back to it, through all that one needs to be started. */
function findRound(way: string[], read: Read[]): string[] | undefined {
  const { container } = read.find(({ container: { name } }) => name === way.at(-1))!;
  for (const next of needsOf(container)) {
    if (next === way[0]) return [...way, next];
    const round = way.includes(next) ? undefined : findRound([...way, next], read);
    if (round) return round;
  }
  return undefined;
}

function needsOf({ dependsOn = [], links = [], volumesFrom = [] }: ContainerDefinition): string[] {
  return [
    ...dependsOn.map(({ containerName }) => containerName!),
    ...links.map((link) => link.split(':')[0]!),
    ...volumesFrom.map(({ sourceContainer }) => sourceContainer!),
  ];
}

/** ECS wants them not essential, or their end would be the task's. */
function waitsForEndOf({ dependsOn = [] }: ContainerDefinition): string[] {
  return dependsOn.flatMap(({ condition, containerName }) =>
    condition === 'SUCCESS' ? [containerName!] : [],
  );
}

function front(services: Field, containers: Read['container'][]): Compose['front'] {
  for (const { name, portMappings = [], essential } of containers) {
    const port = portMappings.find(({ protocol }) => protocol === 'tcp');
    if (port && essential === false) {
      throw services.wrong(
        `${name} has the port for the load balancer, but others wait for it to end`,
      );
    }
    if (port) return { containerName: name, containerPort: port.containerPort! };
  }
  throw services.wrong(
    'no container has a port that the load balancer could send requests to',
    'Write under the app’s: ports: ["3000"].',
  );
}

/** Where a key stands, for errors; the whole service where it has none of them. */
function keyOf(service: Field, ...names: string[]): Field {
  const entries = service.entries();
  return names.map((name) => entries.get(name)).find(Boolean) ?? service;
}
