import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeInternetGatewaysCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ListInstanceProfilesCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import type { awsClients } from './clients.ts';

const Filters = [{ Name: 'tag:digital-apps:cluster', Values: ['digitalApps'] }];

/** How many there are of everything that a cluster is made of; those of the default VPC left out. */
export async function census({ autoScaling, ec2, ecs, elb, iam, logs, s3 }: Clients) {
  const ours = { Filters };
  const [vpcs, gateways, subnets, tables, groups, pairs, templates] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({})),
    ec2.send(new DescribeInternetGatewaysCommand({})),
    ec2.send(new DescribeSubnetsCommand(ours)),
    ec2.send(new DescribeRouteTablesCommand(ours)),
    ec2.send(new DescribeSecurityGroupsCommand(ours)),
    ec2.send(new DescribeKeyPairsCommand({})),
    ec2.send(new DescribeLaunchTemplatesCommand({})),
  ]);
  const versions = await Promise.all(
    (templates.LaunchTemplates ?? []).map(({ LaunchTemplateId }) =>
      ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId })),
    ),
  );
  const [scaling, clusters, balancers, buckets, logGroups] = await Promise.all([
    autoScaling.send(new DescribeAutoScalingGroupsCommand({})),
    ecs.send(new ListClustersCommand({})),
    elb.send(new DescribeLoadBalancersCommand({})),
    s3.send(new ListBucketsCommand({})),
    logs.send(new DescribeLogGroupsCommand({})),
  ]);
  const listeners = await Promise.all(
    (balancers.LoadBalancers ?? []).map(({ LoadBalancerArn }) =>
      elb.send(new DescribeListenersCommand({ LoadBalancerArn })),
    ),
  );
  const [roles, profiles, users, policies] = await Promise.all([
    iam.send(new ListRolesCommand({})),
    iam.send(new ListInstanceProfilesCommand({})),
    iam.send(new ListUsersCommand({})),
    iam.send(new ListPoliciesCommand({ Scope: 'Local' })),
  ]);
  const policyVersions = await Promise.all(
    (policies.Policies ?? []).map(({ Arn }) =>
      iam.send(new ListPolicyVersionsCommand({ PolicyArn: Arn })),
    ),
  );
  return {
    vpcs: vpcs.Vpcs?.filter(({ IsDefault }) => !IsDefault).length,
    // One of them is the default VPC's.
    internetGateways: Number(gateways.InternetGateways?.length) - 1,
    subnets: subnets.Subnets?.length,
    routeTables: tables.RouteTables?.length,
    securityGroups: groups.SecurityGroups?.length,
    keyPairs: pairs.KeyPairs?.length,
    launchTemplates: templates.LaunchTemplates?.length,
    launchTemplateVersions: versions.flatMap((each) => each.LaunchTemplateVersions ?? []).length,
    autoscalingGroups: scaling.AutoScalingGroups?.length,
    instances: scaling.AutoScalingGroups?.flatMap(({ Instances = [] }) => Instances).length,
    clusters: clusters.clusterArns?.length,
    loadBalancers: balancers.LoadBalancers?.length,
    listeners: listeners.flatMap(({ Listeners = [] }) => Listeners).length,
    buckets: buckets.Buckets?.length,
    logGroups: logGroups.logGroups?.length,
    roles: roles.Roles?.length,
    instanceProfiles: profiles.InstanceProfiles?.length,
    users: users.Users?.length,
    policies: policies.Policies?.length,
    policyVersions: policyVersions.flatMap(({ Versions = [] }) => Versions).length,
  };
}

type Clients = ReturnType<typeof awsClients>;

/** What the census says of one whole cluster made with the default answers, and nothing besides. */
export const ONE_CLUSTER = {
  vpcs: 1,
  internetGateways: 1,
  subnets: 2,
  routeTables: 1,
  securityGroups: 2,
  keyPairs: 1,
  launchTemplates: 1,
  launchTemplateVersions: 1,
  autoscalingGroups: 1,
  instances: 2,
  clusters: 1,
  loadBalancers: 1,
  listeners: 1,
  buckets: 1,
  logGroups: 1,
  // Three of our own, and three that are linked to services.
  roles: 6,
  instanceProfiles: 1,
  users: 1,
  policies: 2,
  policyVersions: 2,
};
