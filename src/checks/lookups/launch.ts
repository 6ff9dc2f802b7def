import {
  DescribeLaunchTemplateVersionsCommand,
  type Instance,
  paginateDescribeInstances,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { orAbsent } from '../../aws/absent.ts';
import { describeGroup } from '../../tasks/cluster/autoscaling-group.ts';
import type { Place } from '../../tasks/cluster/scope.ts';

/** The version of the launch template that the group starts instances from; undefined without one. */
export async function templateInUse(place: Place): Promise<ResponseLaunchTemplateData | undefined> {
  const group = await describeGroup(place);
  const { LaunchTemplateId, Version = '$Default' } =
    group?.LaunchTemplate ??
    group?.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ??
    {};
  if (!LaunchTemplateId) return undefined;
  const found = await orAbsent(
    place.aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version] }),
    ),
    /NotFound/,
  );
  return found?.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
}

/** The security groups that a template gives its instances. */
export function groupsIn(template: ResponseLaunchTemplateData): string[] {
  return template.NetworkInterfaces?.[0]?.Groups ?? template.SecurityGroupIds ?? [];
}

/** The group's instances that are in service, as EC2 describes them: a page at a time, however many. */
export async function instancesInService(place: Place): Promise<Instance[]> {
  const input = {
    Filters: [{ Name: 'tag:aws:autoscaling:groupName', Values: [place.names.autoscalingGroup] }],
  };
  const client = place.aws.ec2;
  const [group, pages] = await Promise.all([
    describeGroup(place),
    Array.fromAsync(paginateDescribeInstances({ client, pageSize: 1000 }, input)),
  ]);
  const inService = new Set(
    (group?.Instances ?? [])
      .filter(({ LifecycleState }) => LifecycleState === 'InService')
      .map(({ InstanceId }) => InstanceId!),
  );
  return pages
    .flatMap(({ Reservations = [] }) => Reservations)
    .flatMap(({ Instances = [] }) => Instances)
    .filter(({ InstanceId }) => inService.has(InstanceId!));
}
