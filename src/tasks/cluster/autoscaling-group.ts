import {
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { waitUntil } from '../../aws/waiting.ts';
import { StepFailed } from '../../errors.ts';
import type { Live } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { ecsCluster } from './ecs-cluster.ts';
import { instanceProfile } from './instance-profile.ts';
import { launchTemplate } from './launch-template.ts';
import { instanceRole } from './roles.ts';
import { routeTable } from './route-table.ts';
import { type Env, type Place, resource } from './scope.ts';
import { autoScalingLinkedRole } from './service-linked-roles.ts';
import { subnets } from './subnets.ts';

export interface Group extends Live {
  subnets: string[];
  template: { id: string; version: string };
  /** In seconds. */
  gracePeriod: number;
  size: { min: number; max: number };
  desired: number;
  /** Whether instances are given the cluster's name as theirs. */
  namesInstances: boolean;
  /** Each with the template and version that it was made from. */
  instances: { id: string; madeFrom: string }[];
}

export const autoscalingGroup = resource<
  Group,
  { launchTemplate: typeof launchTemplate; subnets: typeof subnets }
>({
  name: 'Autoscaling group',
  section: 'EC2 > Autoscaling Group',
  why: 'Keeps as many instances running as you want, spread over the zones, and replaces broken ones.',
  docs: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-groups.html',
  cost: 'per instance hour, GB of disk, public IPv4 address hour, and monitored instance',
  needs: { launchTemplate, subnets },
  // An instance that starts before these could not join the cluster.
  after: [instanceProfile, instanceRole, routeTable, ecsCluster, autoScalingLinkedRole],
  async read(place) {
    const found = await describeGroup(place);
    // With a status it is being deleted; what takes its place must wait for that.
    return found && !found.Status ? liveGroup(found) : undefined;
  },
  wanted: ({ answers }, { launchTemplate, subnets }) => ({
    subnets: subnets.subnets.map(({ id }) => id).sort(),
    template: { id: launchTemplate.id, version: String(launchTemplate.version) },
    gracePeriod: 0,
    // How many are wanted right now is left to whoever scales.
    size: { min: answers.min, max: answers.max },
    namesInstances: true,
  }),
  async create(env, _needs, wanted) {
    const { aws, names, answers, tags } = env;
    const { subnets = [], template } = wanted;
    await untilGone(env);
    await aws.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: names.autoscalingGroup,
        MinSize: answers.min,
        DesiredCapacity: answers.desired,
        MaxSize: answers.max,
        VPCZoneIdentifier: subnets.join(','),
        LaunchTemplate: { LaunchTemplateId: template?.id, Version: template?.version },
        HealthCheckGracePeriod: wanted.gracePeriod,
        Tags: groupTags(env),
      }),
    );
    const { autoscalingGroup: id } = names;
    return { ...(wanted as Group), id, tags, desired: answers.desired, instances: [] };
  },
  set: {
    subnets: ({ env, live, to }) => update(env, live, { VPCZoneIdentifier: to.join(',') }),
    template: ({ env, live, to }) =>
      update(env, live, { LaunchTemplate: { LaunchTemplateId: to.id, Version: to.version } }),
    gracePeriod: ({ env, live, to }) => update(env, live, { HealthCheckGracePeriod: to }),
    // AWS moves the desired number itself where it falls outside; sending it could undo scaling.
    size: ({ env, live, to }) => update(env, live, { MinSize: to.min, MaxSize: to.max }),
    namesInstances: (change) => tagGroup(change.env),
  },
  tag: tagGroup,
  remarks({ answers }, live, { launchTemplate }) {
    const { instances } = live;
    const current = templateVersion(launchTemplate.id, launchTemplate.version);
    const older = instances.filter(({ madeFrom }) => madeFrom !== current).length;
    const { desired, ending } = resized(live, answers);
    return [
      ...(ending ? [ending] : []),
      ...(older > 0
        ? [
            `${older} of ${instances.length} instances run on an older template; --replace-instances replaces them`,
          ]
        : []),
      ...(answers.desired !== desired
        ? [
            `desired=${answers.desired} is not applied: the group ${desired === live.desired ? 'stands' : 'is left'} with ${desired}, and scaling it is left to you`,
          ]
        : []),
    ];
  },
});

export interface Resized {
  /** How many instances it will have. */
  desired: number;
  /** Said where some of them end. */
  ending?: string;
}

/** What other bounds make of a group that stands: AWS moves its desired number into them. */
export function resized(
  { desired, instances, size }: Group,
  { min, max }: { min: number; max: number },
): Resized {
  const running = Math.min(instances.length, desired);
  const ends = max < size.max ? running - max : 0;
  return {
    desired: Math.min(Math.max(desired, min), max),
    ...(ends > 0 && { ending: `max ${max} ends ${ends} of the ${running} instances that run` }),
  };
}

/** A template's version in one word, to compare. */
export function templateVersion(id?: string, version?: string | number): string {
  return `${id ?? 'no template'} v${version ?? '?'}`;
}

export async function describeGroup({ aws, names }: Place): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [names.autoscalingGroup] }),
  );
  return AutoScalingGroups[0];
}

export function liveGroup(found: AutoScalingGroup): Group {
  const tags = fromTagList(found.Tags);
  return {
    id: found.AutoScalingGroupName!,
    tags,
    subnets: (found.VPCZoneIdentifier ?? '').split(',').sort(),
    template: {
      id: found.LaunchTemplate?.LaunchTemplateId ?? 'none',
      version: found.LaunchTemplate?.Version ?? 'none',
    },
    gracePeriod: found.HealthCheckGracePeriod ?? 0,
    size: { min: found.MinSize ?? 0, max: found.MaxSize ?? 0 },
    desired: found.DesiredCapacity ?? 0,
    namesInstances: (found.Tags ?? []).some((tag) => tag.Key === 'Name' && tag.PropagateAtLaunch),
    instances: (found.Instances ?? []).map(({ InstanceId, LaunchTemplate }) => ({
      id: InstanceId!,
      madeFrom: templateVersion(LaunchTemplate?.LaunchTemplateId, LaunchTemplate?.Version),
    })),
  };
}

async function update(env: Env, live: Group, fields: object): Promise<void> {
  await env.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: live.id, ...fields }),
  );
}

async function tagGroup(env: Env): Promise<void> {
  await env.aws.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: groupTags(env) }));
}

function groupTags({ names, tags }: Env) {
  return tagList({ ...tags, Name: names.cluster }).map((tag) => ({
    ...tag,
    ResourceId: names.autoscalingGroup,
    ResourceType: 'auto-scaling-group',
    PropagateAtLaunch: true,
  }));
}

async function untilGone(env: Env): Promise<void> {
  await waitUntil({
    signal: env.signal,
    upTo: 900,
    async look() {
      const before = await describeGroup(env);
      if (!before?.Status) return true;
      env.waiting('AWS is still deleting the one before');
      return undefined;
    },
    givingUp: () =>
      new StepFailed('AWS did not finish deleting the group before within 15 minutes.'),
  });
}
