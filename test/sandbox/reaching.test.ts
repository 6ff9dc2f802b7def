import {
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateKeyPairCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteKeyPairCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
} from '@aws-sdk/client-ecs';
import { DetachRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import {
  makeCluster,
  makeGroup,
  makeNetwork,
  makeProfile,
  makeTemplate,
  templateData,
} from './fixtures.ts';

type Aws = ReturnType<typeof awsClients>;

const PATIENTLY = { timeout: 5_000 };
const cluster = 'one';

let sound: Emulator;
let network: Awaited<ReturnType<typeof makeNetwork>>;

beforeAll(async () => {
  sound = await startEmulator();
  const aws = awsClients(sound.endpoint);
  network = await makeCluster(aws);
  await vi.waitUntil(async () => (await connected(aws)).length === 2, PATIENTLY);
}, 90_000);
afterAll(() => sound?.stop());

/** A cluster of its own, whose two agents are connected. */
async function copy(): Promise<Aws> {
  const emulator = await startEmulator({ copyOf: sound.endpoint });
  onTestFinished(() => emulator.stop());
  return awsClients(emulator.endpoint);
}

async function connected({ ecs }: Aws) {
  const { containerInstanceArns = [] } = await ecs.send(
    new ListContainerInstancesCommand({ cluster }),
  );
  if (containerInstanceArns.length === 0) return [];
  const { containerInstances } = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster, containerInstances: containerInstanceArns }),
  );
  return containerInstances!.map(({ agentConnected }) => agentConnected);
}

async function online({ ssm }: Aws) {
  const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}));
  return InstanceInformationList!.length;
}

const gatewayOf = async ({ ec2 }: Aws) => {
  const Filters = [{ Name: 'vpc-id', Values: [network.vpc] }];
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  return RouteTables![0]!.Routes!.find(({ GatewayId }) => GatewayId?.startsWith('igw-'))!;
};

test.each<[string, (aws: Aws) => Promise<unknown>]>([
  [
    'the Internet gateway is detached',
    async (aws) => {
      const { GatewayId: InternetGatewayId } = await gatewayOf(aws);
      const { vpc: VpcId } = network;
      await aws.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
      expect((await gatewayOf(aws)).State).toBe('blackhole');
    },
  ],
  [
    'no name is resolved',
    ({ ec2 }) =>
      ec2.send(
        new ModifyVpcAttributeCommand({ VpcId: network.vpc, EnableDnsSupport: { Value: false } }),
      ),
  ],
  [
    'the security group lets nothing out',
    ({ ec2 }) =>
      ec2.send(
        new RevokeSecurityGroupEgressCommand({
          GroupId: network.group,
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      ),
  ],
  [
    'EC2 may not hand out the role',
    ({ iam }) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'instance',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          }),
        }),
      ),
  ],
])('agents lose ECS and Systems Manager when %s', async (_what, happen) => {
  const aws = await copy();
  expect(await online(aws)).toBe(2);
  await happen(aws);
  await expect.poll(() => connected(aws), PATIENTLY).toEqual([false, false]);
  expect(await online(aws)).toBe(0);
});

test('an agent whose role lacks the policy of ECS is refused, and Systems Manager answers', async () => {
  const aws = await copy();
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';
  await aws.iam.send(new DetachRolePolicyCommand({ RoleName: 'instance', PolicyArn }));
  await expect.poll(() => connected(aws), PATIENTLY).toEqual([false, false]);
  expect(await online(aws)).toBe(2);
});

test('an instance without a public address does not join, where only an Internet gateway leads out', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.stop());
  const aws = awsClients(emulator.endpoint);
  await aws.ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const { subnets, group } = await makeNetwork(aws);
  await makeProfile(aws);
  await makeTemplate(aws, {
    ...templateData(group),
    NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false, Groups: [group] }],
  });
  await makeGroup(aws, subnets);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect([await connected(aws), await online(aws)]).toEqual([[], 0]);
});

test('a start fails while the key pair is gone, is noted in AWS’s words, and tried again', async () => {
  const aws = await copy();
  const pair = () => aws.ec2.send(new CreateKeyPairCommand({ KeyName: 'one' }));
  await pair();
  await aws.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      ...{ LaunchTemplateName: 'one', SourceVersion: '1' },
      LaunchTemplateData: { KeyName: 'one' },
    }),
  );
  const { LaunchTemplateVersions } = await aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: 'one' }),
  );
  // As AWS takes over from the source version what is not given.
  expect(LaunchTemplateVersions!.at(-1)!.LaunchTemplateData).toEqual({
    ...LaunchTemplateVersions![0]!.LaunchTemplateData,
    KeyName: 'one',
  });
  const LaunchTemplate = { LaunchTemplateName: 'one', Version: '2' };
  const AutoScalingGroupName = 'one';
  await aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchTemplate }),
  );
  await aws.ec2.send(new DeleteKeyPairCommand({ KeyName: 'one' }));
  const members = async () => {
    const all = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    return all.AutoScalingGroups![0]!.Instances!;
  };
  const InstanceIds = (await members()).map(({ InstanceId }) => InstanceId!);
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect(await members()).toEqual([]);
  const noted = async () => {
    const asked = new DescribeScalingActivitiesCommand({ AutoScalingGroupName });
    return (await aws.autoScaling.send(asked)).Activities!;
  };
  const StatusMessage = "The key pair 'one' does not exist. Launching EC2 instance failed.";
  expect((await noted())[0]).toMatchObject({ StatusCode: 'Failed', StatusMessage });
  await pair();
  await expect.poll(() => connected(aws), PATIENTLY).toEqual([true, true]);
  const [latest] = await noted();
  expect([latest?.StatusCode, latest?.Description]).toEqual([
    'Successful',
    expect.stringMatching(/^Launching a new EC2 instance: i-/),
  ]);
});
