import { group, type Readers } from './keys.ts';
import { mebibytes, oneOf } from './values.ts';
import type { Part } from './volumes.ts';

const limits: Readers<Part> = {
  memory: { to: 'memory', read: (field) => ({ memory: mebibytes(field, 6) }) },
  cpus: {
    refused: 'ECS does not cap the CPU of a container, it shares it out',
    instead: 'Write it under reservations, where it is what the container always gets.',
  },
  pids: { refused: 'ECS has nothing like it', instead: 'Take it out.' },
};

const reservations: Readers<Part> = {
  memory: {
    to: 'memoryReservation',
    read: (field) => ({ memoryReservation: mebibytes(field, 6) }),
  },
  cpus: {
    to: 'cpu, 1024 for each',
    read(field) {
      const cpus = field.text();
      if (!/^\d*\.?\d+$/.test(cpus)) throw field.wrong(`“${cpus}” is no number of CPUs`);
      return { cpu: Math.round(Number(cpus) * 1024) };
    },
  },
  devices: { refused: 'the instances that init-cluster makes have none', instead: 'Take it out.' },
  generic_resources: { refused: 'ECS has nothing like it', instead: 'Take it out.' },
};

const SWARM = { refused: 'it is for a swarm', instead: 'Take it out.' };
const ROLLOUT = {
  refused: 'how a new version takes the place of the old one is settled by digital-apps deploy',
  instead: 'Take it out.',
};

/** A service's `deploy`, of which version 3 made much. */
export const deploy = group<Part>({
  resources: group({ limits: group(limits), reservations: group(reservations) }),
  mode: {
    leftOut: 'replicated alone is taken, which is what an ECS service is here.',
    check: (field) => void oneOf(field, ['replicated']),
  },
  restart_policy: {
    leftOut: 'As with restart, all but the condition “none” is taken.',
    check(field) {
      const condition = field.entries().get('condition');
      if (condition) oneOf(condition, ['any', 'on-failure']);
    },
  },
  replicas: {
    refused: 'how many tasks run is said to the ECS service',
    instead: 'Take it out.',
  },
  update_config: ROLLOUT,
  rollback_config: ROLLOUT,
  placement: SWARM,
  endpoint_mode: SWARM,
  labels: SWARM,
});
