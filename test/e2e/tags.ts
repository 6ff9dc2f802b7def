import {
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand as DeleteGroupTagsCommand,
  DescribeTagsCommand as DescribeGroupTagsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  ListTagsForResourceCommand,
  TagResourceCommand as TagLogGroupCommand,
  UntagResourceCommand as UntagLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInternetGatewaysCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import {
  ListTagsForResourceCommand as ListClusterTagsCommand,
  TagResourceCommand as TagClusterCommand,
  UntagResourceCommand as UntagClusterCommand,
} from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  DescribeTagsCommand as DescribeBalancerTagsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetInstanceProfileCommand,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  ListUserTagsCommand,
  TagInstanceProfileCommand,
  TagPolicyCommand,
  TagRoleCommand,
  TagUserCommand,
  UntagInstanceProfileCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { GetBucketTaggingCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { found } from './found.ts';
import type { Clients } from './world.ts';

const Bucket = 'cob-digital-apps-config';
const AutoScalingGroupName = 'digitalApps';
const logGroup = 'arn:aws:logs:us-east-2:123456789012:log-group:digitalApps';
const cluster = 'arn:aws:ecs:us-east-2:123456789012:cluster/digitalApps';
const roles = ['digitalAppsInstanceRole', 'digitalAppsServiceRole', 'digitalAppsTaskRole'];
const InstanceProfileName = 'digitalAppsInstanceRole';
const policies = ['digitalAppsConfigRead', 'digitalAppsDeploy'].map(
  (name) => `arn:aws:iam::123456789012:policy/${name}`,
);
const UserName = 'digitalTravis';

type Tags = Record<string, string>;

const list = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const record = (tags: { Key?: string; Value?: string }[] = []): Tags =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

const groupTags = (tags: Tags) =>
  list(tags).map((tag) => ({
    ...{ ...tag, PropagateAtLaunch: true },
    ...{ ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group' },
  }));

/** What EC2 finds by name. */
async function named(aws: Clients): Promise<Record<string, string>> {
  const pairs = await aws.ec2.send(new DescribeKeyPairsCommand({}));
  const templates = await aws.ec2.send(new DescribeLaunchTemplatesCommand({}));
  return {
    keyPair: pairs.KeyPairs?.[0]?.KeyPairId ?? '',
    launchTemplate: templates.LaunchTemplates?.[0]?.LaunchTemplateId ?? '',
  };
}

/** Takes our tags off a cluster, and gives its bucket one of another kind. */
export async function untagEverything(aws: Clients): Promise<void> {
  const keys = ['digital-apps:cluster', 'digital-apps:region'];
  const Tags = keys.map((Key) => ({ Key }));
  const Filters = [{ Name: 'tag:digital-apps:cluster', Values: ['digitalApps'] }];
  const gateways = await aws.ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
  const Resources = [
    await found.vpc(aws),
    ...(await found.subnets(aws)),
    await found.routeTable(aws),
    gateways.InternetGateways?.[0]?.InternetGatewayId ?? '',
    await found.group(aws, 'digitalAppsLoadBalancer'),
    await found.group(aws, 'digitalAppsInstances'),
    ...Object.values(await named(aws)),
  ];
  await aws.ec2.send(new DeleteTagsCommand({ Resources, Tags }));
  await aws.autoScaling.send(
    new DeleteGroupTagsCommand({ Tags: groupTags(Object.fromEntries(keys.map((k) => [k, '']))) }),
  );
  await aws.logs.send(new UntagLogGroupCommand({ resourceArn: logGroup, tagKeys: keys }));
  await aws.ecs.send(new UntagClusterCommand({ resourceArn: cluster, tagKeys: keys }));
  const ResourceArns = [await found.loadBalancer(aws)];
  await aws.elb.send(new RemoveTagsCommand({ ResourceArns, TagKeys: keys }));
  for (const RoleName of roles) {
    await aws.iam.send(new UntagRoleCommand({ RoleName, TagKeys: keys }));
  }
  await aws.iam.send(new UntagInstanceProfileCommand({ InstanceProfileName, TagKeys: keys }));
  for (const PolicyArn of policies) {
    await aws.iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: keys }));
  }
  await aws.iam.send(new UntagUserCommand({ UserName, TagKeys: keys }));
  const Tagging = { TagSet: list({ team: 'web' }) };
  await aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
}

/** Puts these tags on everything that has a name. */
export async function tagAll(aws: Clients, tags: Tags): Promise<void> {
  const Tags = list(tags);
  const Resources = [
    await found.group(aws, 'digitalAppsLoadBalancer'),
    await found.group(aws, 'digitalAppsInstances'),
    ...Object.values(await named(aws)),
  ];
  await aws.ec2.send(new CreateTagsCommand({ Resources, Tags }));
  await aws.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: groupTags(tags) }));
  await aws.logs.send(new TagLogGroupCommand({ resourceArn: logGroup, tags }));
  const clusterTags = Object.entries(tags).map(([key, value]) => ({ key, value }));
  await aws.ecs.send(new TagClusterCommand({ resourceArn: cluster, tags: clusterTags }));
  const ResourceArns = [await found.loadBalancer(aws)];
  await aws.elb.send(new AddTagsCommand({ ResourceArns, Tags }));
  for (const RoleName of roles) await aws.iam.send(new TagRoleCommand({ RoleName, Tags }));
  await aws.iam.send(new TagInstanceProfileCommand({ InstanceProfileName, Tags }));
  for (const PolicyArn of policies) {
    await aws.iam.send(new TagPolicyCommand({ PolicyArn, Tags }));
  }
  await aws.iam.send(new TagUserCommand({ UserName, Tags }));
  await aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: Tags } }));
}

/** The tags of everything that has a name, as each service tells them. */
export async function tagsOfEverything(aws: Clients): Promise<Record<string, Tags>> {
  const ofEc2 = async (id: string) => {
    const Filters = [{ Name: 'resource-id', Values: [id] }];
    return record((await aws.ec2.send(new DescribeTagsCommand({ Filters }))).Tags);
  };
  const ids = await named(aws);
  const filter = [{ Name: 'auto-scaling-group', Values: [AutoScalingGroupName] }];
  const group = await aws.autoScaling.send(new DescribeGroupTagsCommand({ Filters: filter }));
  const clusterTags = await aws.ecs.send(new ListClusterTagsCommand({ resourceArn: cluster }));
  const logs = await aws.logs.send(new ListTagsForResourceCommand({ resourceArn: logGroup }));
  const balancer = await aws.elb.send(
    new DescribeBalancerTagsCommand({ ResourceArns: [await found.loadBalancer(aws)] }),
  );
  const profile = await aws.iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
  const user = await aws.iam.send(new ListUserTagsCommand({ UserName }));
  const tags: Record<string, Tags> = {
    keyPair: await ofEc2(ids.keyPair ?? ''),
    launchTemplate: await ofEc2(ids.launchTemplate ?? ''),
    loadBalancerGroup: await ofEc2(await found.group(aws, 'digitalAppsLoadBalancer')),
    instanceGroup: await ofEc2(await found.group(aws, 'digitalAppsInstances')),
    autoscalingGroup: record(group.Tags),
    cluster: Object.fromEntries((clusterTags.tags ?? []).map(({ key, value }) => [key, value])),
    logGroup: logs.tags ?? {},
    loadBalancer: record(balancer.TagDescriptions?.[0]?.Tags),
    instanceProfile: record(profile.InstanceProfile?.Tags),
    user: record(user.Tags),
    bucket: record((await aws.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet),
  };
  for (const RoleName of roles) {
    tags[RoleName] = record((await aws.iam.send(new ListRoleTagsCommand({ RoleName }))).Tags);
  }
  for (const PolicyArn of policies) {
    tags[PolicyArn] = record((await aws.iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags);
  }
  return tags;
}
