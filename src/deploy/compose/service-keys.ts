import { dependencies, dependencyKeys, links, volumesFrom } from './dependencies.ts';
import { deploy } from './deploy-keys.ts';
import { environment, record } from './environment.ts';
import type { Field } from './field.ts';
import { healthcheck } from './healthcheck.ts';
import { capabilities, deviceKeys, devices, extraHosts, securityOptions, ulimits } from './host.ts';
import type { Readers } from './keys.ts';
import { logging } from './logging.ts';
import { leftOut, refused } from './not-carried.ts';
import { portKeys, ports } from './ports.ts';
import { tmpfs } from './tmpfs.ts';
import { addresses, flag, mebibytes, seconds, texts, whole, words } from './values.ts';
import { mountKeys, type Part, volumes } from './volumes.ts';

const carried: Readers<Part> = {
  image: { to: 'image', read: (field) => ({ image: image(field) }) },
  ports: {
    to: 'portMappings, with a port of the instance that is free',
    keys: portKeys,
    read: (field, context) => ({ portMappings: ports(field, context) }),
  },
  mem_limit: { to: 'memory', read: (field) => ({ memory: mebibytes(field, 6) }) },
  mem_reservation: {
    to: 'memoryReservation',
    read: (field) => ({ memoryReservation: mebibytes(field, 6) }),
  },
  cpu_shares: { to: 'cpu', read: (field) => ({ cpu: whole(field, 0) }) },
  deploy,
  environment: {
    to: 'environment',
    read: (field, context) => ({ environment: environment(field, context) }),
  },
  command: { to: 'command', read: (field) => ({ command: words(field) }) },
  entrypoint: { to: 'entryPoint', read: (field) => ({ entryPoint: words(field) }) },
  healthcheck,
  logging,
  depends_on: {
    to: 'dependsOn; a container that others wait for to end is not essential',
    keys: dependencyKeys,
    read: (field, context) => ({ dependsOn: dependencies(field, context) }),
  },
  links: { to: 'links', read: (field, context) => ({ links: links(field, context) }) },
  volumes: { to: 'mountPoints, and the task’s volumes', keys: mountKeys, read: volumes },
  volumes_from: {
    to: 'volumesFrom',
    read: (field, context) => ({ volumesFrom: volumesFrom(field, context) }),
  },
  tmpfs: { to: 'linuxParameters.tmpfs, with a size', read: tmpfs },
  shm_size: {
    to: 'linuxParameters.sharedMemorySize',
    read: (field) => ({ linuxParameters: { sharedMemorySize: mebibytes(field) } }),
  },
  init: {
    to: 'linuxParameters.initProcessEnabled',
    read: (field) => ({ linuxParameters: { initProcessEnabled: flag(field) } }),
  },
  cap_add: {
    to: 'linuxParameters.capabilities.add',
    read: (field) => ({ linuxParameters: { capabilities: { add: capabilities(field) } } }),
  },
  cap_drop: {
    to: 'linuxParameters.capabilities.drop',
    read: (field) => ({ linuxParameters: { capabilities: { drop: capabilities(field) } } }),
  },
  devices: {
    to: 'linuxParameters.devices',
    keys: deviceKeys,
    read: (field, context) => ({ linuxParameters: { devices: devices(field, context) } }),
  },
  ulimits: {
    to: 'ulimits',
    read: (field, context) => ({ ulimits: ulimits(field, context) }),
  },
  user: { to: 'user', read: (field) => ({ user: field.text() }) },
  working_dir: { to: 'workingDirectory', read: (field) => ({ workingDirectory: field.text() }) },
  hostname: { to: 'hostname', read: (field) => ({ hostname: field.text() }) },
  extra_hosts: { to: 'extraHosts', read: (field) => ({ extraHosts: extraHosts(field) }) },
  dns: { to: 'dnsServers', read: (field) => ({ dnsServers: addresses(field) }) },
  dns_search: { to: 'dnsSearchDomains', read: (field) => ({ dnsSearchDomains: texts(field) }) },
  labels: { to: 'dockerLabels', read: (field) => ({ dockerLabels: record(field) }) },
  sysctls: {
    to: 'systemControls',
    read: (field) => ({
      systemControls: Object.entries(record(field)).map(([namespace, value]) => ({
        namespace,
        value,
      })),
    }),
  },
  security_opt: {
    to: 'dockerSecurityOptions',
    read: (field) => ({ dockerSecurityOptions: securityOptions(field) }),
  },
  privileged: { to: 'privileged', read: (field) => ({ privileged: flag(field) }) },
  read_only: {
    to: 'readonlyRootFilesystem',
    read: (field) => ({ readonlyRootFilesystem: flag(field) }),
  },
  tty: { to: 'pseudoTerminal', read: (field) => ({ pseudoTerminal: flag(field) }) },
  stdin_open: { to: 'interactive', read: (field) => ({ interactive: flag(field) }) },
  stop_grace_period: { to: 'stopTimeout', read: (field) => ({ stopTimeout: seconds(field, 1) }) },
};

/** Every key that a service can have in compose, old ones included, and what becomes of it on ECS. */
export const serviceKeys: Readers<Part> = { ...carried, ...leftOut, ...refused };

function image(field: Field): string {
  const name = field.text();
  if (/^[^\s@]{1,255}(@sha256:[\da-f]{64})?$/i.test(name)) return name;
  throw field.wrong(
    `“${name}” is no image`,
    `Write the one that was just built: \${AWS_ECS_IMAGE}.`,
  );
}
