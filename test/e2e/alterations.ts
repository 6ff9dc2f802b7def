import {
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateLaunchTemplateVersionCommand,
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { UpdateClusterSettingsCommand } from '@aws-sdk/client-ecs';
import {
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AttachRolePolicyCommand,
  CreateLoginProfileCommand,
  CreatePolicyVersionCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { found } from './found.ts';
import type { Clients } from './world.ts';

/** One thing done to a cluster behind the program's back, which AWS lets one do. */
interface Alteration {
  what: string;
  alter(aws: Clients): Promise<unknown>;
  /** What the next run does about it; everything else is kept. */
  outcomes: Record<string, 'create' | 'change'>;
  notes?: RegExp[];
}

const Bucket = 'cob-digital-apps-config';
const logGroupName = 'digitalApps';
const LaunchTemplateName = 'digitalApps';
const AutoScalingGroupName = 'digitalApps';
const UserName = 'digitalTravis';
const policy = (name: string) => `arn:aws:iam::123456789012:policy/${name}`;
const forEc2 = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';
const forSsm = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
const trustingLambda = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});
const useless = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`arn:aws:s3:::${Bucket}`] }],
});

const storage: Alteration[] = [
  {
    what: 'bucket deleted',
    alter: ({ s3 }) => s3.send(new DeleteBucketCommand({ Bucket })),
    outcomes: { 'Config bucket': 'create' },
  },
  {
    what: 'versioning suspended',
    alter: ({ s3 }) =>
      s3.send(
        new PutBucketVersioningCommand({
          Bucket,
          VersioningConfiguration: { Status: 'Suspended' },
        }),
      ),
    outcomes: { 'Config bucket': 'change' },
  },
  {
    what: 'bucket policy and public-access block removed',
    async alter({ s3 }) {
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    },
    outcomes: { 'Config bucket': 'change' },
  },
  {
    what: 'log group deleted',
    alter: ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName })),
    outcomes: { 'Log group': 'create' },
  },
  {
    what: 'logs kept for ever',
    alter: ({ logs }) => logs.send(new DeleteRetentionPolicyCommand({ logGroupName })),
    outcomes: { 'Log group': 'change' },
  },
];

const network: Alteration[] = [
  {
    what: 'DNS hostnames turned off',
    alter: async (aws) =>
      aws.ec2.send(
        new ModifyVpcAttributeCommand({
          VpcId: await found.vpc(aws),
          EnableDnsHostnames: { Value: false },
        }),
      ),
    outcomes: { VPC: 'change' },
  },
  {
    what: 'a subnet gives no public address',
    alter: async (aws) =>
      aws.ec2.send(
        new ModifySubnetAttributeCommand({
          SubnetId: (await found.subnets(aws))[0],
          MapPublicIpOnLaunch: { Value: false },
        }),
      ),
    outcomes: { Subnets: 'change' },
  },
  {
    what: 'the way out removed from the route table',
    alter: async (aws) =>
      aws.ec2.send(
        new DeleteRouteCommand({
          RouteTableId: await found.routeTable(aws),
          DestinationCidrBlock: '0.0.0.0/0',
        }),
      ),
    outcomes: { 'Route table': 'change' },
  },
  {
    what: 'a subnet taken from the route table',
    async alter(aws) {
      const { RouteTables } = await aws.ec2.send(
        new DescribeRouteTablesCommand({ RouteTableIds: [await found.routeTable(aws)] }),
      );
      const AssociationId = RouteTables?.[0]?.Associations?.[0]?.RouteTableAssociationId;
      await aws.ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    },
    outcomes: { 'Route table': 'change' },
  },
  {
    what: 'route table deleted',
    alter: found.deleteRouteTable,
    outcomes: { 'Route table': 'create' },
  },
  {
    what: 'internet gateway detached',
    alter: (aws) => found.detachGateway(aws),
    outcomes: { 'Internet gateway': 'change' },
  },
  {
    what: 'internet gateway deleted',
    alter: found.deleteGateway,
    outcomes: { 'Internet gateway': 'create', 'Route table': 'change' },
  },
  {
    what: 'HTTPS not let in any more',
    alter: async (aws) =>
      aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: await found.group(aws, 'digitalAppsLoadBalancer'),
          IpPermissions: [
            {
              ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
              IpRanges: [{ CidrIp: '0.0.0.0/0' }],
            },
          ],
        }),
      ),
    outcomes: { 'Load balancer’s group': 'change' },
  },
  {
    what: 'instances not let out any more',
    alter: async (aws) =>
      aws.ec2.send(
        new RevokeSecurityGroupEgressCommand({
          GroupId: await found.group(aws, 'digitalAppsInstances'),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      ),
    outcomes: { 'Instances’ group': 'change' },
  },
];

const identity: Alteration[] = [
  {
    what: 'instance role deleted',
    async alter({ iam }) {
      const RoleName = 'digitalAppsInstanceRole';
      const InstanceProfileName = RoleName;
      for (const PolicyArn of [forEc2, forSsm]) {
        await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    },
    outcomes: { 'Instance role': 'create', 'Instance profile': 'change' },
  },
  {
    what: 'a policy detached from the instance role, another attached to it',
    async alter({ iam }) {
      const RoleName = 'digitalAppsInstanceRole';
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: forSsm }));
      const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    },
    outcomes: { 'Instance role': 'change' },
    notes: [/^Instance role: also has policies .*ReadOnlyAccess: not ours, left alone/m],
  },
  {
    what: 'the service role trusts another service',
    alter: ({ iam }) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'digitalAppsServiceRole',
          PolicyDocument: trustingLambda,
        }),
      ),
    outcomes: { 'Service role': 'change' },
  },
  {
    what: 'instance profile deleted',
    async alter({ iam }) {
      const InstanceProfileName = 'digitalAppsInstanceRole';
      await iam.send(
        new RemoveRoleFromInstanceProfileCommand({
          InstanceProfileName,
          RoleName: InstanceProfileName,
        }),
      );
      await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
    },
    outcomes: { 'Instance profile': 'create' },
  },
  {
    what: 'config-read policy deleted',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsConfigRead');
      await iam.send(new DetachRolePolicyCommand({ RoleName: 'digitalAppsTaskRole', PolicyArn }));
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
    outcomes: { 'Config-read policy': 'create', 'Task role': 'change' },
  },
  {
    what: 'Travis user deleted',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsDeploy');
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      await iam.send(new DeleteUserCommand({ UserName }));
    },
    outcomes: { 'Travis user': 'create' },
  },
  {
    what: 'Travis user given a password',
    alter: ({ iam }) =>
      iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-1' })),
    outcomes: { 'Travis user': 'change' },
  },
  {
    what: 'deploy policy deleted',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsDeploy');
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
    outcomes: { 'Deploy policy': 'create', 'Travis user': 'change' },
  },
  {
    what: 'deploy policy replaced four times over, until it has no room for another version',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsDeploy');
      for (let version = 0; version < 4; version++) {
        await iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn,
            PolicyDocument: useless,
            SetAsDefault: true,
          }),
        );
      }
    },
    outcomes: { 'Deploy policy': 'change' },
  },
  {
    what: 'an old version of the deploy policy deleted',
    alter: ({ iam }) =>
      iam.send(
        new DeletePolicyVersionCommand({ PolicyArn: policy('digitalAppsDeploy'), VersionId: 'v3' }),
      ),
    outcomes: {},
  },
];

const instances: Alteration[] = [
  {
    what: 'Container Insights turned on: what stands is the answer',
    alter: ({ ecs }) =>
      ecs.send(
        new UpdateClusterSettingsCommand({
          cluster: 'digitalApps',
          settings: [{ name: 'containerInsights', value: 'enabled' }],
        }),
      ),
    outcomes: {},
  },
  {
    what: 'key pair deleted',
    alter: ({ ec2 }) => ec2.send(new DeleteKeyPairCommand({ KeyName: 'digitalApps' })),
    outcomes: { 'Key pair': 'create' },
  },
  {
    what: 'a version of the template without IMDSv2',
    alter: ({ ec2 }) =>
      ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName,
          SourceVersion: '1',
          LaunchTemplateData: { MetadataOptions: { HttpTokens: 'optional' } },
        }),
      ),
    outcomes: { 'Launch template': 'change', 'Autoscaling group': 'change' },
    notes: [/2 of 2 instances run on an older template; --replace-instances replaces them/],
  },
  {
    what: 'launch template deleted',
    alter: ({ ec2 }) => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName })),
    outcomes: { 'Launch template': 'create', 'Autoscaling group': 'change' },
  },
  {
    what: 'the group’s grace period and bounds changed: the bounds are an answer',
    alter: ({ autoScaling }) =>
      autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName,
          HealthCheckGracePeriod: 300,
          MaxSize: 6,
        }),
      ),
    outcomes: { 'Autoscaling group': 'change' },
  },
  {
    what: 'the group wants three instances: kept',
    alter: ({ autoScaling }) =>
      autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 })),
    outcomes: {},
  },
  {
    what: 'the group’s instances get no name',
    alter: ({ autoScaling }) =>
      autoScaling.send(
        new CreateOrUpdateTagsCommand({
          Tags: [
            {
              ...{ Key: 'Name', Value: 'digitalApps', PropagateAtLaunch: false },
              ...{ ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group' },
            },
          ],
        }),
      ),
    outcomes: { 'Autoscaling group': 'change' },
  },
  {
    what: 'the group’s subnets cut down to one',
    alter: async (aws) =>
      aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName,
          VPCZoneIdentifier: (await found.subnets(aws))[0],
        }),
      ),
    outcomes: { 'Autoscaling group': 'change' },
  },
  {
    what: 'autoscaling group deleted',
    alter: ({ autoScaling }) =>
      autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
      ),
    outcomes: { 'Autoscaling group': 'create' },
  },
];

const balancing: Alteration[] = [
  {
    what: 'invalid headers let through',
    alter: async (aws) =>
      aws.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn: await found.loadBalancer(aws),
          Attributes: [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'false' }],
        }),
      ),
    outcomes: { 'Load balancer': 'change' },
  },
  {
    what: 'the listener’s default answer changed',
    alter: async (aws) =>
      aws.elb.send(
        new ModifyListenerCommand({
          ListenerArn: await found.listener(aws),
          DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
        }),
      ),
    outcomes: { 'HTTP listener': 'change' },
  },
  {
    what: 'listener deleted',
    alter: async (aws) =>
      aws.elb.send(new DeleteListenerCommand({ ListenerArn: await found.listener(aws) })),
    outcomes: { 'HTTP listener': 'create' },
  },
  {
    what: 'load balancer deleted',
    alter: async (aws) =>
      aws.elb.send(
        new DeleteLoadBalancerCommand({ LoadBalancerArn: await found.loadBalancer(aws) }),
      ),
    outcomes: { 'Load balancer': 'create', 'HTTP listener': 'create' },
  },
];

export const alterations: Alteration[] = [
  ...storage,
  ...network,
  ...identity,
  ...instances,
  ...balancing,
];
