import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Field } from './field.ts';
import { merged } from './keys.ts';
import { fields, mebibytesIn } from './values.ts';

type Part = Partial<ContainerDefinition>;

/** As ECS lists them; some take a value. */
const OPTIONS = [
  'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand',
  'atime noatime diratime nodiratime relatime norelatime strictatime nostrictatime',
  'bind rbind unbindable runbindable private rprivate shared rshared slave rslave',
  'mode uid gid nr_inodes nr_blocks mpol',
].flatMap((line) => line.split(' '));

/** PATH:size=64m[,OPTION…], one or several. */
export function tmpfs(field: Field): Part {
  return fields(field).reduce<Part>((whole, item) => merged(whole, short(item), item), {});
}

function short(field: Field): Part {
  const [, path = '', list = ''] = /^([^:]*):?(.*)$/.exec(field.text()) ?? [];
  const options = list.split(',').filter(Boolean);
  const size = options.find((option) => option.startsWith('size='));
  const others = options.filter((option) => option !== size);
  const strange = others.find((option) => !OPTIONS.includes(option.split('=')[0]!));
  if (strange) throw field.wrong(`ECS has no option “${strange}” for a tmpfs`);
  return tmpfsMount(field, path, size && mebibytesIn(size.slice('size='.length), field), others);
}

/** @param size in MiB; ECS wants one, Docker does not. */
export function tmpfsMount(
  field: Field,
  containerPath: string,
  size: number | '' | undefined,
  mountOptions: string[],
): Part {
  if (!containerPath.startsWith('/')) throw field.wrong('a tmpfs needs an absolute path');
  if (!size)
    throw field.wrong('ECS wants a size for a tmpfs', `Write tmpfs: ${containerPath}:size=64m.`);
  return {
    linuxParameters: {
      tmpfs: [{ containerPath, size, ...(mountOptions.length > 0 && { mountOptions }) }],
    },
  };
}
