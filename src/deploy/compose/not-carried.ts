import type { Readers } from './keys.ts';
import { oneOf } from './values.ts';

/** Keys of a service that can go without anything being missing on ECS. */
export const leftOut: Readers<never> = {
  container_name: {
    leftOut: 'On ECS a container has its service’s name, and Docker’s is made by ECS.',
  },
  restart: {
    leftOut:
      'All but “no” are taken. When a container ends, ECS starts the task anew, and that is what a deploy looks at to tell a version that does not start.',
    check(field) {
      if (field.text() !== 'no') return;
      throw field.wrong(
        'on ECS a task whose container ends is started anew',
        'Take it out. For a container that runs once before others, write in theirs: depends_on, with condition: service_completed_successfully.',
      );
    },
  },
  expose: { leftOut: 'It opens nothing: containers reach all ports of those they have links to.' },
  network_mode: {
    leftOut: 'bridge alone is taken, which is what a task has here.',
    check: (field) => void oneOf(field, ['bridge']),
  },
  pull_policy: {
    leftOut:
      'always and missing are taken: the instance asks for the image whenever a task starts.',
    check: (field) => void oneOf(field, ['always', 'missing', 'if_not_present']),
  },
  attach: { leftOut: 'It says what docker compose up shows.' },
  develop: { leftOut: 'It is for docker compose watch.' },
};

const NETWORK = {
  refused: 'ECS has no networks of compose: the containers of a task are on the instance’s bridge',
  instead: 'Take it out, and reach other containers of the file with links.',
};
const SECRET_FILES = {
  refused: 'ECS has no such files',
  instead:
    'Put secrets into the app’s .env (digital-apps add-app --env-file FILE), and have the Dockerfile copy other files.',
};
const NAMESPACE = {
  refused: 'every container of a task has its own here',
  instead: 'Take it out.',
};
const CPU = {
  refused: 'ECS does not cap the CPU of a container, it shares it out',
  instead: 'Write cpu_shares: 256 for a quarter of a CPU that the container always gets.',
};
const SWAP = {
  refused: 'the instances have no swap, as the ECS-optimized image has none',
  instead: 'Take it out.',
};
const NOTHING_LIKE_IT = { refused: 'ECS has nothing like it', instead: 'Take it out.' };

/** Keys of a service that would mean nothing on ECS, or something else, so that a person must decide. */
export const refused: Readers<never> = {
  build: {
    refused: 'deploy builds the image from deploy/Dockerfile, in the folder of the repository',
    instead: 'Take it out. What stands under args can be a default of ARG in the Dockerfile.',
  },
  env_file: {
    refused: 'ECS cannot read a file of yours',
    instead:
      'Put what is secret into the app’s .env (digital-apps add-app --env-file FILE), and the rest under environment.',
  },
  extends: {
    refused: 'it is not read here',
    instead: 'Use an anchor of YAML: x-common: &common above, and <<: *common here.',
  },
  profiles: {
    refused: 'all containers of this file run on ECS',
    instead: 'Move the service into a file of its own, which docker compose takes with --file.',
  },
  scale: {
    refused: 'how many tasks run is said to the ECS service',
    instead: 'Take it out.',
  },
  platform: {
    refused: 'deploy builds for the processor of the cluster’s instances',
    instead: 'Take it out.',
  },
  stop_signal: {
    refused: 'ECS takes it from the image alone',
    instead: 'Write STOPSIGNAL into the Dockerfile.',
  },
  log_driver: { refused: 'it is a key of older files', instead: 'Write logging, with driver.' },
  log_opt: { refused: 'it is a key of older files', instead: 'Write logging, with options.' },
  external_links: {
    refused: 'containers of other tasks come and go, on any instance',
    instead: 'Take it out, and reach the other app by its host name.',
  },
  label_file: { refused: 'it is not read here', instead: 'Write labels.' },
  group_add: {
    refused: 'ECS has nothing like it',
    instead: 'Have the Dockerfile put the user into the groups.',
  },
  gpus: { refused: 'the instances that init-cluster makes have none', instead: 'Take it out.' },
  networks: NETWORK,
  net: NETWORK,
  configs: SECRET_FILES,
  secrets: SECRET_FILES,
  ipc: NAMESPACE,
  pid: NAMESPACE,
  uts: NAMESPACE,
  cgroup: NAMESPACE,
  userns_mode: NAMESPACE,
  cpus: CPU,
  cpu_count: CPU,
  cpu_percent: CPU,
  cpu_period: CPU,
  cpu_quota: CPU,
  cpu_rt_period: CPU,
  cpu_rt_runtime: CPU,
  cpuset: CPU,
  memswap_limit: SWAP,
  mem_swappiness: SWAP,
  annotations: NOTHING_LIKE_IT,
  blkio_config: NOTHING_LIKE_IT,
  cgroup_parent: NOTHING_LIKE_IT,
  credential_spec: NOTHING_LIKE_IT,
  device_cgroup_rules: NOTHING_LIKE_IT,
  dns_opt: NOTHING_LIKE_IT,
  domainname: NOTHING_LIKE_IT,
  isolation: NOTHING_LIKE_IT,
  mac_address: NOTHING_LIKE_IT,
  models: NOTHING_LIKE_IT,
  oom_kill_disable: NOTHING_LIKE_IT,
  oom_score_adj: NOTHING_LIKE_IT,
  pids_limit: NOTHING_LIKE_IT,
  post_start: NOTHING_LIKE_IT,
  pre_start: NOTHING_LIKE_IT,
  pre_stop: NOTHING_LIKE_IT,
  provider: NOTHING_LIKE_IT,
  runtime: NOTHING_LIKE_IT,
  storage_opt: NOTHING_LIKE_IT,
  use_api_socket: NOTHING_LIKE_IT,
  volume_driver: NOTHING_LIKE_IT,
};
