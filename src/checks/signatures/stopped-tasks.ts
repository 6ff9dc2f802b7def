import type { Container, Task } from '@aws-sdk/client-ecs';
import { explainReason } from './read.ts';

/** Whom nobody has stopped: neither a person, nor a deployment or scaling. */
export function stoppedByItself(task: Task): boolean {
  const { stopCode, stoppedReason = '' } = task;
  if (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited') return true;
  if (stoppedByLoadBalancer(task)) return false;
  return stopCode === 'ServiceSchedulerInitiated' && /failed|unhealthy/i.test(stoppedReason);
}

/** Whom ECS stopped because the load balancer found it unwell. */
export function stoppedByLoadBalancer({ stoppedReason = '' }: Task): boolean {
  return /ELB health checks/.test(stoppedReason);
}

/** Whether its container came to run and ended, so that it may have logged why. */
export function hasEnded({ stopCode }: Task): boolean {
  return stopCode === 'EssentialContainerExited';
}

/** What AWS says of why a task stopped: of the task, of the container, and its exit code. */
export function reasonOf(task: Task): string {
  const { exitCode, reason, name } = failedContainer(task) ?? {};
  const words = [
    task.stoppedReason ?? 'AWS gives no reason',
    reason && reason !== task.stoppedReason ? reason : undefined,
    exitCode ? `${name} exited with ${exitCode}` : undefined,
  ];
  return words.filter(Boolean).join('; ');
}

/** What that means; undefined where nobody knows. */
export function explainStop(task: Task): { cause: string; fix: string } | undefined {
  // A container that others stopped ends with a code that says nothing of itself.
  const exit = hasEnded(task) ? EXITS[failedContainer(task)?.exitCode ?? 0] : undefined;
  return exit ?? explainReason(reasonOf(task));
}

/** The container that the others were stopped for. */
export function failedContainer({ containers = [] }: Task): Container | undefined {
  return containers.find(({ exitCode, reason }) => exitCode || reason) ?? containers[0];
}

const EXITS: Record<number, { cause: string; fix: string }> = {
  126: {
    cause: 'What the container should start cannot be run.',
    fix: 'Make it executable in the repository (git update-index --chmod=+x deploy/entrypoint.sh) and deploy again.',
  },
  127: {
    cause: 'The container has not what it should start.',
    fix: 'Look at ENTRYPOINT and CMD of deploy/Dockerfile, and whether scripts have Windows line ends.',
  },
  137: {
    cause: 'The container was killed, usually because it took more memory than it may.',
    fix: 'Raise mem_limit in deploy/docker-compose.yml and deploy again.',
  },
  139: {
    cause: 'The app crashed in native code (a segmentation fault).',
    fix: 'Look for a native module that was built for another system, and deploy again.',
  },
};
