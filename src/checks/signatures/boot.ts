import {
  DEPTH,
  FORGET_STATE,
  onHost,
  REPAIR_AND_REPLACE,
  REPLACE_INSTANCE,
  type Signature,
} from './signature.ts';

const { boot, config } = DEPTH;

const USER_DATA = `Correct the launch template’s user data, then replace the instance: ${REPLACE_INSTANCE}`;

/** How an instance starts, and what its agent is told and remembers. */
export const BOOT: Signature[] = [
  {
    id: 'boot.cloud-init',
    pattern:
      /^Cloud-init failure detected\b|^Cloud-init v\. \S+ finished at .+ Datasource DataSourceNone\b/,
    level: 'host',
    cause: 'The user data never ran, so that the instance does not know its cluster.',
    fix: `Replace the instance: ${REPLACE_INSTANCE}`,
    precedence: boot,
  },
  {
    id: 'state.cluster-changed',
    pattern: /^Data mismatch; saved cluster '.*' does not match configured cluster/,
    level: 'agent',
    cause:
      'The cluster’s name in /etc/ecs/ecs.config was changed after the instance had registered.',
    fix: FORGET_STATE,
    precedence: config - 3,
  },
  {
    id: 'state.instance-copied',
    pattern: /^Data mismatch; saved InstanceID/,
    level: 'agent',
    cause:
      'The image was taken of an instance that had registered already; the agent starts afresh by itself.',
    fix: 'Nothing now; remove /var/lib/ecs/data/agent.db before taking an image.',
    precedence: config,
    benign: true,
  },
  {
    id: 'state.corrupt',
    pattern: /^Error (?:loading previously saved state|checking compatibility)/,
    level: 'agent',
    cause: 'What the agent wrote down about itself cannot be read.',
    fix: FORGET_STATE,
    precedence: config,
  },
  {
    id: 'config.invalid',
    pattern: /^Error loading config|^Missing required fields|^Invalid logging drivers/,
    level: 'agent',
    cause: 'The agent does not understand /etc/ecs/ecs.config.',
    fix: USER_DATA,
    precedence: config,
  },
  {
    id: 'config.json',
    pattern: /^Error reading cfg json data/,
    level: 'agent',
    cause: 'The agent’s configuration in JSON is malformed.',
    fix: USER_DATA,
    precedence: config,
  },
  {
    id: 'boot.cgroup',
    pattern: /^Unable to initialize cgroup root/,
    level: 'agent',
    cause: 'The agent and the image do not fit each other: cgroups are not as it needs them.',
    fix: REPAIR_AND_REPLACE,
    precedence: config,
  },
  {
    id: 'boot.old-docker',
    pattern: /^Required minimum docker API version .*not supported/,
    level: 'agent',
    cause: 'Docker on the instance is too old for the agent.',
    fix: REPAIR_AND_REPLACE,
    precedence: config,
  },
  {
    id: 'boot.broken-install',
    pattern: /^Failed to load pause container|^(?:The )?agent is not started with an init system/i,
    level: 'agent',
    cause: 'The agent is not fully installed.',
    fix: onHost('dnf reinstall -y ecs-init', 'systemctl restart ecs'),
    precedence: config,
  },
  {
    id: 'boot.lifecycle',
    pattern: /^Could not determine target lifecycle of instance/,
    level: 'agent',
    cause:
      'The agent could not tell whether Auto Scaling wants the instance in service (a warm pool).',
    fix: 'Look at the group’s lifecycle hooks and warm pool in the EC2 console.',
    precedence: config,
    transient: true,
  },
  {
    id: 'boot.gpu',
    pattern: /^Could not initialize Nvidia GPU Manager/i,
    level: 'agent',
    cause: 'ECS_ENABLE_GPU_SUPPORT is set on an instance without GPUs or their drivers.',
    fix: 'Take it out of the user data, or use AWS’s ECS image for GPUs; then replace the instance.',
    precedence: config,
  },
];
