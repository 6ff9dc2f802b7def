import type { PortMapping } from '@aws-sdk/client-ecs';
import type { Field } from './field.ts';
import { type Context, type Readers, readKeys } from './keys.ts';
import { oneOf, whole } from './values.ts';

const DYNAMIC =
  'With a fixed port on the instance no second task fits there, so that a new version could not start before the old one has stopped';

/** The long form. */
export const portKeys: Readers<PortMapping> = {
  target: {
    to: 'portMappings.containerPort',
    read: (field) => ({ containerPort: whole(field, 1, 65535) }),
  },
  published: {
    to: 'portMappings.hostPort, 0 alone',
    read(field) {
      if (field.text() !== '0') throw fixed(field, 'Take it out.');
      return { hostPort: 0 };
    },
  },
  protocol: {
    to: 'portMappings.protocol',
    read: (field) => ({ protocol: oneOf(field, ['tcp', 'udp']) }),
  },
  host_ip: {
    refused: 'the load balancer must reach the port from outside',
    instead: 'Take it out.',
  },
  mode: {
    leftOut: 'ingress alone is taken; it says what the load balancer does.',
    check: (field) => void oneOf(field, ['ingress']),
  },
  name: { leftOut: 'It is for people.' },
  app_protocol: { leftOut: 'The target group says which protocol the load balancer speaks.' },
};

/** A container's port gets one of the instance's that is free, which the load balancer is told by ECS. */
export function ports(field: Field, context: Context): PortMapping[] {
  return field.items().map((item) => {
    const port = item.isMap ? readKeys(item, portKeys, context) : short(item);
    if (!port.containerPort) throw item.wrong('there is no target', 'Write target: 3000.');
    return { hostPort: 0, protocol: 'tcp', ...port };
  });
}

/** [[IP:]HOST:]CONTAINER[/PROTOCOL] */
const SHORT = /^(?:(?<host>.*):)?(?<port>\d+)(?:\/(?<protocol>tcp|udp))?$/;

function short(field: Field): PortMapping {
  const text = field.text();
  if (/\d-\d/.test(text)) {
    throw field.wrong(`“${text}” is a range`, 'Write every port in a line of its own.');
  }
  const { host, port, protocol } = SHORT.exec(text)?.groups ?? {};
  const number = Number(port);
  if (!port || number < 1 || number > 65535) {
    throw field.wrong(
      `“${text}” is no port`,
      'Write the port that the app listens on, like "3000".',
    );
  }
  if (host && host !== '0') throw fixed(field, `Write "${port}${protocol ? `/${protocol}` : ''}".`);
  return { containerPort: number, protocol: (protocol as PortMapping['protocol']) ?? 'tcp' };
}

function fixed(field: Field, instead: string): Error {
  return field.wrong(DYNAMIC.replace('a fixed port', `the fixed port “${field.text()}”`), instead);
}
