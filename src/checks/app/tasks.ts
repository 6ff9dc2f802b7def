import type { Container, Task } from '@aws-sdk/client-ecs';
import { type AppLooking, type Check, fail, pass, type Verdict, warn } from '../check.ts';
import { NOT_DEPLOYED, runsAsDesired, serviceOf, stoppedTasksOf } from '../lookups/services.ts';
import { masked } from '../signatures/mask.ts';
import { explainReason } from '../signatures/read.ts';
import { adviceOn, ago, consoleOf, tailLogs } from './words.ts';

export const taskChecks: Check<AppLooking>[] = [
  {
    id: 'app.stopped-tasks',
    ...{ group: 'App', title: 'No container has stopped by itself' },
    why: 'A container that stops is started again and again, and drops its requests each time.',
    fix: 'The reason, the exit code and the app’s logs say why it stopped.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      const failed = (await stoppedTasksOf(looking)).filter(stoppedByItself);
      if (failed.length === 0) return pass('None did in the last hour.');
      // What has come right since is worth knowing, and no reason to get up at night.
      const say = runsAsDesired(service) ? warn : fail;
      const groups = Map.groupBy(failed, (task) => reasonOf(task));
      return Promise.all(
        [...groups].map(([reason, tasks]) => verdict(reason, tasks, looking, say)),
      );
    },
  },
];

async function verdict(
  reason: string,
  tasks: Task[],
  looking: AppLooking,
  say: typeof warn | typeof fail,
): Promise<Verdict> {
  const latest = tasks[0]!;
  const hasRun = latest.stopCode === 'EssentialContainerExited';
  // A container that others stopped ends with a code that says nothing of itself.
  const explained =
    (hasRun && EXITS[failedContainer(latest)?.exitCode ?? 0]) || explainReason(reason);
  const advice = explained && (await adviceOn(looking, explained.fix, latest.containerInstanceArn));
  const fixes = [advice, hasRun ? `See what the app said: ${tailLogs(looking)}` : ''];
  const often = tasks.length > 1 ? `${tasks.length} times in the last hour, last` : 'once,';
  const evidence = [
    explained?.cause,
    `Stopped ${often} ${ago(latest.stoppedAt)}: ${masked(reason)}`,
  ];
  return say(
    evidence.filter(Boolean).join(' '),
    fixes.filter(Boolean).join(' ') || `See its tasks: ${consoleOf(looking)}`,
  );
}

/** Whom nobody has stopped: neither a person, nor a deployment or scaling. */
function stoppedByItself(task: Task): boolean {
  const { stopCode, stoppedReason = '' } = task;
  if (stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited') return true;
  // What the load balancer finds unwell is app.targets' to tell, which knows why.
  if (/ELB health checks/.test(stoppedReason)) return false;
  return stopCode === 'ServiceSchedulerInitiated' && /failed|unhealthy/i.test(stoppedReason);
}

function reasonOf(task: Task): string {
  const container = failedContainer(task);
  const { exitCode, reason, name } = container ?? {};
  const words = [
    task.stoppedReason ?? 'AWS gives no reason',
    reason && reason !== task.stoppedReason ? reason : undefined,
    exitCode ? `${name} exited with ${exitCode}` : undefined,
  ];
  return words.filter(Boolean).join('; ');
}

/** The container that the others were stopped for. */
function failedContainer({ containers = [] }: Task): Container | undefined {
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
