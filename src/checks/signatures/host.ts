import { DEPTH, onHost, REPLACE_INSTANCE, RESTART_DOCKER, type Signature } from './signature.ts';

const { disk, memory, docker } = DEPTH;

const FASTER_DISK =
  'Give the instances a faster disk (gp3 with more IOPS) or a bigger type: digital-apps init-cluster --set instance-type=TYPE --replace-instances.';

/** Docker, and the host beneath it. */
export const HOST: Signature[] = [
  {
    id: 'docker.down',
    pattern:
      /^Docker SDK client unable to (?:connect|ping)|^(?:Could not|Cannot) connect to (?:the )?docker daemon/i,
    level: 'host',
    cause: 'Docker on the instance does not answer.',
    fix: RESTART_DOCKER,
    precedence: docker + 3,
  },
  {
    id: 'docker.boot-race',
    pattern: /^dial unix \/var\/run\/docker\.sock: connect: no such file or directory/,
    level: 'host',
    cause: 'The agent was started before Docker was up.',
    fix: onHost('dnf update -y ecs-init', 'systemctl restart docker ecs'),
    precedence: docker + 2,
    transient: true,
  },
  {
    id: 'docker.storage',
    pattern:
      /^dial unix \/var\/run\/docker\.sock: connect: connection refused|^error initializing graphdriver/,
    level: 'host',
    cause: 'Docker could not start: its storage could not be set up.',
    fix: `Replace the instance: ${REPLACE_INSTANCE}`,
    precedence: docker,
  },
  {
    id: 'host.out-of-memory',
    pattern: /^(?:fatal error: )?runtime: out of memory|^Out of memory: Kill/,
    level: 'host',
    cause: 'The instance has run out of memory.',
    fix: 'Take a bigger instance type (digital-apps init-cluster --set instance-type=TYPE --replace-instances), or give the tasks memory limits.',
    precedence: memory,
  },
  {
    id: 'host.disk-full',
    pattern: /^no space left on device/,
    level: 'host',
    cause: 'The instance’s disk is full.',
    fix: `${onHost('docker system prune -af')}; for good: digital-apps init-cluster --set disk-size=60 --replace-instances.`,
    precedence: disk,
  },
  {
    id: 'docker.slow',
    pattern:
      /^(?:DockerTimeoutError: )?Could not transition to (?:created|started|pulled)[;:,] timed out/,
    level: 'host',
    cause: 'Docker took too long to start a container; usually the disk is too slow.',
    fix: FASTER_DISK,
    precedence: docker + 5,
  },
  {
    id: 'docker.saturated',
    pattern:
      /^CannotInspectContainerError|^(?:DockerTimeoutError: )?Could not transition to inspecting/,
    level: 'host',
    cause: 'Docker is too busy to say what became of a container.',
    fix: FASTER_DISK,
    precedence: docker + 4,
  },
  {
    id: 'docker.stuck-stop',
    pattern: /^(?:CannotStopContainerError: |DockerTimeoutError: )?Could not transition to stopped/,
    level: 'host',
    cause: 'Docker could not stop a container.',
    fix: `Drain the instance in the ECS console, then: ${RESTART_DOCKER}`,
    precedence: docker + 5,
  },
  {
    id: 'docker.bridge-store',
    pattern: /^failed to update bridge store\b.*timeout/,
    level: 'host',
    cause: 'Docker’s record of its network is stuck.',
    fix: RESTART_DOCKER,
    precedence: docker + 1,
  },
  {
    id: 'docker.ping',
    pattern: /^\[DockerRuntimeHealthcheck\] Docker Ping failed/,
    level: 'host',
    cause: 'Docker does not answer the agent, which reports the instance as impaired.',
    fix: RESTART_DOCKER,
    precedence: docker + 3,
    transient: true,
  },
];
