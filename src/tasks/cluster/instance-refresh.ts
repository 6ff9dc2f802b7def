import {
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { waitUntil } from '../../aws/waiting.ts';
import { StepFailed } from '../../errors.ts';
import type { Live } from '../resource.ts';
import {
  autoscalingGroup,
  describeGroup,
  liveGroup,
  templateVersion,
} from './autoscaling-group.ts';
import { launchTemplate } from './launch-template.ts';
import { type Env, resourceWhen } from './scope.ts';

interface Instances extends Live {
  /** The versions of the template that they were made from. */
  versions: string[];
}

/** Replaces running instances, a few at a time; only when it was asked for. */
export const instanceRefresh = resourceWhen<
  Instances,
  { autoscalingGroup: typeof autoscalingGroup; launchTemplate: typeof launchTemplate }
>(({ replaceInstances }) => replaceInstances, {
  name: 'Instances on the current template',
  section: 'EC2 > Autoscaling Group',
  why: 'A changed template reaches running instances only by replacing them.',
  docs: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html',
  usually: { least: 300, most: 1200 },
  needs: { autoscalingGroup, launchTemplate },
  async read(place) {
    const found = await describeGroup(place);
    if (!found?.Instances?.length) return undefined;
    const group = liveGroup(found);
    const versions = new Set(group.instances.map(({ madeFrom }) => madeFrom));
    return { id: idOf(group.instances), versions: [...versions].sort() };
  },
  wanted: (_env, { launchTemplate }) => ({
    versions: [templateVersion(launchTemplate.id, launchTemplate.version)],
  }),
  // A group made in this run has no instances of an older template.
  create: async (_env, { autoscalingGroup, launchTemplate }) => ({
    id: idOf(autoscalingGroup.instances),
    versions: [templateVersion(launchTemplate.id, launchTemplate.version)],
  }),
  set: {
    async versions({ env }) {
      await refreshed(env, (await underWay(env)) ?? (await startRefresh(env)));
    },
  },
});

/** One that an earlier run began. */
async function underWay({ aws, names }: Env): Promise<string | undefined> {
  const { InstanceRefreshes = [] } = await aws.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: names.autoscalingGroup }),
  );
  return InstanceRefreshes.find(({ Status }) => /^(Pending|InProgress|Baking)$/.test(Status ?? ''))
    ?.InstanceRefreshId;
}

/** New instances come before old ones go, with time to join the cluster and take over containers. */
async function startRefresh({ aws, names }: Env): Promise<string> {
  const { InstanceRefreshId } = await aws.autoScaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: names.autoscalingGroup,
      Preferences: {
        SkipMatching: true,
        MinHealthyPercentage: 100,
        MaxHealthyPercentage: 110,
        InstanceWarmup: 300,
        ScaleInProtectedInstances: 'Refresh',
      },
    }),
  );
  return InstanceRefreshId!;
}

async function refreshed(env: Env, id: string): Promise<void> {
  const { aws, names, signal } = env;
  await waitUntil({
    signal,
    upTo: 3600,
    async look() {
      const { InstanceRefreshes = [] } = await aws.autoScaling.send(
        new DescribeInstanceRefreshesCommand({
          AutoScalingGroupName: names.autoscalingGroup,
          InstanceRefreshIds: [id],
        }),
      );
      const refresh = InstanceRefreshes[0];
      env.waiting(`replacing instances, ${refresh?.PercentageComplete ?? 0} % done`);
      if (refresh?.Status === 'Successful') return true;
      if (/Failed|Cancelled|RollbackSuccessful/.test(refresh?.Status ?? '')) {
        throw new StepFailed(
          `The instance refresh ended as ${refresh?.Status}: ${refresh?.StatusReason ?? 'AWS gives no reason'}.`,
          'Look at the group’s Instance refresh tab in the EC2 console, then run again.',
        );
      }
      return undefined;
    },
    givingUp: () =>
      new StepFailed(
        'The instances were not all replaced within an hour.',
        'AWS goes on; look at the group’s Instance refresh tab in the EC2 console.',
      ),
  });
}

function idOf(instances: { id: string }[]): string {
  return instances.map(({ id }) => id).join(', ') || 'no instances yet';
}
