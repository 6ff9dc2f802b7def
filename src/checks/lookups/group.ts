import {
  type Activity,
  type AutoScalingGroup,
  DescribeScalingActivitiesCommand,
  type LaunchTemplateSpecification,
} from '@aws-sdk/client-auto-scaling';
import { orAbsent } from '../../aws/absent.ts';
import { describeGroup } from '../../tasks/cluster/autoscaling-group.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import type { Looking } from '../check.ts';

/** The ids of a group's instances that are in service and healthy. */
export function inService(group: AutoScalingGroup | undefined): string[] {
  return (group?.Instances ?? [])
    .filter(
      ({ LifecycleState, HealthStatus }) =>
        LifecycleState === 'InService' && HealthStatus?.toLowerCase() === 'healthy',
    )
    .map(({ InstanceId }) => InstanceId!);
}

/** The ids of a group's instances that it is taking out, which takes up to hours where what runs on them may end first. */
export function leavingOf(group: AutoScalingGroup | undefined): string[] {
  return (group?.Instances ?? [])
    .filter(({ LifecycleState }) => LifecycleState?.startsWith('Terminating'))
    .map(({ InstanceId }) => InstanceId!);
}

/** The cluster's autoscaling group; undefined where there is none. */
export async function groupOf(place: Place): Promise<AutoScalingGroup | undefined> {
  const found = await describeGroup(place);
  return found?.Status ? undefined : found;
}

/** What the group starts instances from; undefined of a launch configuration. */
export function templateOf({
  LaunchTemplate,
  MixedInstancesPolicy,
}: AutoScalingGroup): LaunchTemplateSpecification | undefined {
  return LaunchTemplate ?? MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
}

/** The group's last activities, the newest first; at most 100. */
export async function activitiesOf({ aws, names }: Looking): Promise<Activity[]> {
  const found = await orAbsent(
    aws.autoScaling.send(
      new DescribeScalingActivitiesCommand({
        AutoScalingGroupName: names.autoscalingGroup,
        MaxRecords: 100,
      }),
    ),
    /^ValidationError$/,
  );
  return found?.Activities ?? [];
}
