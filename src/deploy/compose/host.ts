import {
  type Device,
  DeviceCgroupPermission,
  type HostEntry,
  type Ulimit,
  UlimitName,
} from '@aws-sdk/client-ecs';
import type { Field } from './field.ts';
import { type Context, type Readers, readKeys } from './keys.ts';
import { address, fields, whole } from './values.ts';

/** HOST:IP or HOST=IP, or a map; an IPv6 address may stand in brackets. */
export function extraHosts(field: Field): HostEntry[] {
  if (field.isMap) {
    return [...field.entries()].flatMap(([hostname, ips]) =>
      fields(ips).map((ip) => ({ hostname, ipAddress: bare(ip.text(), ip) })),
    );
  }
  return field.items().map((item) => {
    const [, hostname, ip = ''] = /^([^:=]+)[:=](.*)$/.exec(item.text()) ?? [];
    if (!hostname) throw item.wrong('a host and its address belong here', 'Write HOST:IP.');
    return { hostname, ipAddress: bare(ip, item) };
  });
}

function bare(ip: string, field: Field): string {
  return address(field, ip.replace(/^\[(.*)\]$/, '$1'));
}

/** Of the long form. */
export const deviceKeys: Readers<Partial<Device>> = {
  source: { to: 'linuxParameters.devices.hostPath', read: (field) => ({ hostPath: field.text() }) },
  target: {
    to: 'linuxParameters.devices.containerPath',
    read: (field) => ({ containerPath: field.text() }),
  },
  permissions: {
    to: 'linuxParameters.devices.permissions',
    read: (field) => ({ permissions: permissions(field, field.text()) }),
  },
};

/** SOURCE[:TARGET[:rwm]] */
export function devices(field: Field, context: Context): Device[] {
  return field.items().map((item) => {
    const { hostPath, ...more } = item.isMap ? readKeys(item, deviceKeys, context) : device(item);
    if (!hostPath?.startsWith('/'))
      throw item.wrong('a device of the instance belongs here', 'Write /dev/NAME.');
    return { hostPath, ...more };
  });
}

function device(field: Field): Partial<Device> {
  const [hostPath, containerPath, allowed] = field.text().split(':');
  return {
    hostPath,
    ...(containerPath && { containerPath }),
    ...(allowed && { permissions: permissions(field, allowed) }),
  };
}

const { READ: r, WRITE: w, MKNOD: m } = DeviceCgroupPermission;
const PERMISSIONS = { r, w, m };

function permissions(field: Field, letters: string): DeviceCgroupPermission[] {
  if (!/^[rwm]+$/.test(letters)) throw field.wrong('permissions are letters of rwm');
  return [...new Set(letters)].map((letter) => PERMISSIONS[letter as keyof typeof PERMISSIONS]);
}

const limitKeys: Readers<Partial<Ulimit>> = {
  soft: { to: 'ulimits.softLimit', read: (field) => ({ softLimit: whole(field, -1) }) },
  hard: { to: 'ulimits.hardLimit', read: (field) => ({ hardLimit: whole(field, -1) }) },
};

/** A number for both limits, or one for each; -1 is none. */
export function ulimits(field: Field, context: Context): Ulimit[] {
  return [...field.entries()].map(([limit, value]) => {
    const name = Object.values(UlimitName).find((one) => one === limit);
    if (!name)
      throw value.wrong(
        `there is no limit “${limit}”`,
        `There are ${Object.values(UlimitName).join(', ')}.`,
      );
    if (!value.isMap) {
      const both = whole(value, -1);
      return { name, softLimit: both, hardLimit: both };
    }
    const { softLimit, hardLimit } = readKeys(value, limitKeys, context);
    if (softLimit === undefined || hardLimit === undefined)
      throw value.wrong('soft and hard belong here');
    if (hardLimit !== -1 && (softLimit > hardLimit || softLimit === -1)) {
      throw value.wrong('soft is more than hard');
    }
    return { name, softLimit, hardLimit };
  });
}

/** As ECS lists them, without CAP_. */
const CAPABILITIES = [
  'ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID',
  'IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN',
  'NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT',
  'SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME',
  'SYS_TTY_CONFIG SYSLOG WAKE_ALARM',
].flatMap((line) => line.split(' '));

export function capabilities(field: Field): string[] {
  return field.items().map((item) => {
    const name = item.text().toUpperCase().replace(/^CAP_/, '');
    if (CAPABILITIES.includes(name)) return name;
    throw item.wrong(`ECS has no capability “${name}”`);
  });
}

/** no-new-privileges, apparmor:PROFILE or label:VALUE. */
export function securityOptions(field: Field): string[] {
  return field.items().map((item) => {
    const option = item.text().replace(/^no-new-privileges[:=]true$/, 'no-new-privileges');
    if (/^(no-new-privileges$|(apparmor|label)[:=].)/.test(option)) return option.replace('=', ':');
    throw item.wrong(
      `ECS has no security option “${option}”`,
      'It has no-new-privileges, apparmor:PROFILE and label:VALUE.',
    );
  });
}
