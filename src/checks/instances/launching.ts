import type { Activity } from '@aws-sdk/client-auto-scaling';
import { type Check, fail, type Looking, pass, skip, type Verdict } from '../check.ts';
import { awsCli, initCluster } from '../command-lines.ts';
import { activitiesOf, groupOf } from '../lookups/group.ts';
import { LAUNCH_FAILURES } from './launch-failures.ts';

const DAY = 24 * 3_600_000;

export const launching: Check = {
  id: 'instances.launching',
  group: 'Instances',
  title: 'Auto Scaling can start instances',
  problem: 'Auto Scaling cannot start instances',
  why: 'An instance that fails is replaced only if AWS can start another.',
  fix: 'Mend what AWS names in the group’s activity history.',
  async look(looking) {
    const [group, activities] = await Promise.all([groupOf(looking), activitiesOf(looking)]);
    if (!group) return skip('there is no autoscaling group');
    const suspended = group.SuspendedProcesses?.find(({ ProcessName }) => ProcessName === 'Launch');
    if (suspended) {
      return fail(
        `Somebody has told the group to start no instances: ${suspended.SuspensionReason}.`,
        awsCli(
          looking,
          'autoscaling resume-processes',
          `--auto-scaling-group-name ${looking.names.autoscalingGroup}`,
          '--scaling-processes Launch',
        ),
      );
    }
    const failed = failuresOfLate(activities);
    if (failed.length === 0) return pass('No start has failed since the last that succeeded.');
    // The same once is enough, however often it was tried.
    const messages = Map.groupBy(failed, ({ StatusMessage = 'AWS gives no reason' }) =>
      StatusMessage.trim(),
    );
    return [...messages].map(([message, tries]) => translated(looking, message, tries));
  },
};

/** Newest first, as they come: what failed before an instance could be started is over. */
function failuresOfLate(activities: Activity[]): Activity[] {
  const launches = activities.filter(({ Description = '' }) => /^Launching/.test(Description));
  const success = launches.findIndex(({ StatusCode }) => StatusCode === 'Successful');
  return launches
    .slice(0, success < 0 ? undefined : success)
    .filter(({ StatusCode }) => StatusCode === 'Failed')
    .filter(({ StartTime }) => Date.now() - (StartTime?.getTime() ?? 0) < DAY);
}

function translated(looking: Looking, message: string, tries: Activity[]): Verdict {
  const first = message.replace(/\s*Launching EC2 instance failed\.?$/, '');
  const said = `AWS says${tries.length > 1 ? `, ${tries.length} times` : ''}: “${first}”`;
  const known = LAUNCH_FAILURES.find(({ pattern }) => pattern.test(message));
  if (!known) return fail(said, 'Mend what AWS names; Auto Scaling then tries again by itself.');
  return fail(`${known.cause} ${said}`, known.fix(initCluster(looking)));
}
