import type { ContainerDefinition, Volume } from '@aws-sdk/client-ecs';
import { nearest } from '../../nearest.ts';
import type { Field } from './field.ts';
import { type Context, group, merged, type Readers, readKeys } from './keys.ts';
import { tmpfsMount } from './tmpfs.ts';
import { flag, mebibytes, oneOf } from './values.ts';

/** What a key of a service becomes: a part of its container, and volumes of the task. */
export type Part = Partial<ContainerDefinition> & { volumes?: Volume[] };

interface Mount {
  type?: 'volume' | 'bind' | 'tmpfs';
  source?: string;
  target?: string;
  readOnly?: boolean;
  size?: number;
}

const HOW = { refused: 'ECS mounts it as Docker does by itself', instead: 'Take it out.' };

/** The long form. */
export const mountKeys: Readers<Mount> = {
  type: {
    to: 'mountPoints, or linuxParameters.tmpfs',
    read: (field) => ({ type: oneOf(field, ['volume', 'bind', 'tmpfs']) }),
  },
  source: { to: 'mountPoints.sourceVolume', read: (field) => ({ source: field.text() }) },
  target: { to: 'mountPoints.containerPath', read: (field) => ({ target: field.text() }) },
  read_only: { to: 'mountPoints.readOnly', read: (field) => ({ readOnly: flag(field) }) },
  tmpfs: group<Mount>({
    size: { to: 'linuxParameters.tmpfs.size', read: (field) => ({ size: mebibytes(field) }) },
    mode: {
      refused: 'ECS takes it with the short form alone',
      instead: 'Write tmpfs: /PATH:size=64m,mode=1777 beside volumes.',
    },
  }),
  bind: HOW,
  volume: HOW,
  image: HOW,
  consistency: { leftOut: 'It is for Docker on a Mac.' },
};

export function volumes(field: Field, context: Context): Part {
  return field.items().reduce<Part>((whole, item) => {
    const mount = item.isMap ? readKeys(item, mountKeys, context) : short(item);
    return merged(whole, mounted(item, mount, context), item);
  }, {});
}

/** SOURCE:TARGET[:ro|rw] */
function short(field: Field): Mount {
  const [source, target, mode = 'rw', ...more] = field.text().split(':');
  if (more.length > 0 || !['ro', 'rw'].includes(mode)) {
    throw field.wrong(
      'ro and rw alone can follow a mount',
      'Write SOURCE:TARGET or SOURCE:TARGET:ro.',
    );
  }
  return target === undefined ? { target: source } : { source, target, readOnly: mode === 'ro' };
}

function mounted(
  field: Field,
  { type, source, target, readOnly, size }: Mount,
  context: Context,
): Part {
  if (!target?.startsWith('/')) {
    throw field.wrong('a mount needs an absolute path in the container', 'Write SOURCE:/PATH.');
  }
  if (type === 'tmpfs') {
    if (source) throw field.wrong('a tmpfs has no source', 'Take it out.');
    return tmpfsMount(field, target, size, readOnly ? ['ro'] : []);
  }
  if (size) throw field.wrong('a size is for a tmpfs', 'Write type: tmpfs, or take it out.');
  if (!source) {
    throw field.wrong(
      `the volume at ${target} has no name`,
      'Write NAME:/PATH, and NAME: under the file’s volumes.',
    );
  }
  const volume = source.startsWith('/') ? onInstance(source) : named(field, source, type, context);
  return {
    mountPoints: [
      { sourceVolume: volume.name, containerPath: target, readOnly: readOnly ?? false },
    ],
    volumes: [volume],
  };
}

/** A folder of the instance, which outlives the task. */
function onInstance(path: string): Volume {
  return { name: `host${path.replace(/[^\w-]+/g, '-')}`, host: { sourcePath: path } };
}

/** Shared by the task's containers, and gone with the task. */
function named(field: Field, name: string, type: Mount['type'], { volumes }: Context): Volume {
  if (type === 'bind' || /^[.~]|[/\\]/.test(name)) {
    throw field.wrong(
      `“${name}” is a folder of your machine, which is not there on an instance`,
      'Have the Dockerfile copy what the app needs.',
    );
  }
  if (!volumes.has(name)) {
    const near = nearest(name, [...volumes]);
    throw field.wrong(
      `no volume ${name} is declared`,
      near ? `Did you mean ${near}?` : `Write ${name}: under the file’s volumes.`,
    );
  }
  return { name, host: {} };
}
