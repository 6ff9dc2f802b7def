import type { ContainerDependency, VolumeFrom } from '@aws-sdk/client-ecs';
import { nearest } from '../../nearest.ts';
import type { Field } from './field.ts';
import { type Context, type Readers, readKeys } from './keys.ts';
import { oneOf } from './values.ts';

const CONDITIONS = {
  service_started: 'START',
  service_healthy: 'HEALTHY',
  service_completed_successfully: 'SUCCESS',
} as const;

/** Of the long form. */
export const dependencyKeys: Readers<Partial<ContainerDependency>> = {
  condition: {
    to: 'dependsOn.condition: START, HEALTHY or SUCCESS',
    read: (field) => ({
      condition: CONDITIONS[oneOf(field, Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[])],
    }),
  },
  restart: { leftOut: 'ECS replaces the containers of a task together.' },
  required: {
    leftOut: 'true alone is taken: all containers of a task are started.',
    check: (field) => void oneOf(field, ['true']),
  },
};

export function dependencies(field: Field, context: Context): ContainerDependency[] {
  if (!field.isMap) {
    return field.items().map((item) => ({
      containerName: container(item.text(), item, context),
      condition: 'START',
    }));
  }
  return [...field.entries()].map(([name, dependency]) => {
    const { condition } = readKeys(dependency, dependencyKeys, context);
    if (!condition)
      throw dependency.wrong('there is no condition', 'Write condition: service_started.');
    return { containerName: container(name, dependency, context), condition };
  });
}

/** NAME or NAME:ALIAS, which ECS writes in the same way. */
export function links(field: Field, context: Context): string[] {
  return field.items().map((item) => {
    const link = item.text();
    container(link.split(':')[0]!, item, context);
    return link;
  });
}

/** NAME, NAME:ro or NAME:rw. */
export function volumesFrom(field: Field, context: Context): VolumeFrom[] {
  return field.items().map((item) => {
    const [, name = '', mode = 'rw'] = /^(.*?)(?::(ro|rw))?$/.exec(item.text()) ?? [];
    return { sourceContainer: container(name, item, context), readOnly: mode === 'ro' };
  });
}

function container(name: string, field: Field, { service, services }: Context): string {
  if (name === service) throw field.wrong('a container cannot depend on itself');
  if (services.includes(name)) return name;
  const near = nearest(name, services);
  throw field.wrong(
    `there is no service “${name}” in this file`,
    near ? `Did you mean ${near}?` : 'Containers of other tasks are reached by their host names.',
  );
}
