import { masked } from '../../mask.ts';
import { type AppLooking, type Check, fail, pass, type Verdict, warn } from '../check.ts';
import {
  NOT_DEPLOYED,
  runsAsDesired,
  type SeenTask,
  serviceOf,
  stoppedTasksOf,
} from '../lookups/services.ts';
import { explainStop, hasEnded, reasonOf, stoppedByItself } from '../signatures/stopped-tasks.ts';
import { adviceOn, ago, consoleOf, tailLogs } from './words.ts';

export const taskChecks: Check<AppLooking>[] = [
  {
    id: 'app.stopped-tasks',
    ...{ group: 'App', title: 'No container has stopped by itself' },
    problem: 'A container has stopped by itself',
    why: 'A container that stops is started again and again, and drops its requests each time.',
    fix: 'The reason, the exit code and the app’s logs say why it stopped.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      // What the load balancer finds unwell is app.targets' to tell, which knows why.
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
  tasks: SeenTask[],
  looking: AppLooking,
  say: typeof warn | typeof fail,
): Promise<Verdict> {
  const latest = tasks[0]!;
  const explained = explainStop(latest);
  const advice = explained && (await adviceOn(looking, explained.fix, latest.containerInstanceArn));
  const fixes = [advice, hasEnded(latest) ? `See what the app said: ${tailLogs(looking)}` : ''];
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
