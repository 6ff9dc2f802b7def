import {
  CancelInstanceRefreshCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  UpdateClusterSettingsCommand,
} from '@aws-sdk/client-ecs';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import {
  makeCluster,
  makeGroup,
  makeNetwork,
  makeProfile,
  makeTemplate,
  templateData,
} from './fixtures.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(() => emulator.reset());

const group = async () => {
  const all = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  return all.AutoScalingGroups?.[0];
};
const running = async () => {
  const Filters = [{ Name: 'instance-state-name', Values: ['running'] }];
  const { Reservations } = await aws.ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations?.flatMap((each) => each.Instances ?? []) ?? [];
};
const registered = async () => {
  const cluster = 'one';
  const list = await aws.ecs.send(new ListContainerInstancesCommand({ cluster }));
  const containerInstances = list.containerInstanceArns ?? [];
  if (containerInstances.length === 0) return [];
  const described = await aws.ecs.send(
    new DescribeContainerInstancesCommand({ cluster, containerInstances }),
  );
  return described.containerInstances ?? [];
};
const count = async () => (await registered()).length;

describe('a group from a launch template', () => {
  test('obeys it, and spreads its instances over its subnets', async () => {
    const { subnets, group: security } = await makeCluster(aws);
    expect((await group())?.HealthCheckGracePeriod).toBe(0);
    const instances = await running();
    expect(instances.map((each) => each.SubnetId).sort()).toEqual([...subnets].sort());
    for (const instance of instances) {
      expect(instance).toMatchObject({
        IamInstanceProfile: { Arn: expect.stringMatching(/instance-profile\/instance$/) },
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
        Monitoring: { State: 'enabled' },
        SecurityGroups: [{ GroupId: security }],
      });
      expect(instance.PublicIpAddress).toBeDefined();
      expect(instance.Tags).toContainEqual({ Key: 'Name', Value: 'instance of one' });
    }
  });

  test.each([
    ['an instance profile', { IamInstanceProfile: { Name: 'none' } }, /Invalid IAM Instance Prof/],
    ['a key pair', { KeyName: 'none' }, /key pair 'none' does not exist/],
  ])('is refused while the template names %s that is not there', async (_what, change, message) => {
    const network = await makeNetwork(aws);
    await makeProfile(aws);
    await makeTemplate(aws, { ...templateData(network.group), ...change });
    await expect(makeGroup(aws, network.subnets)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
    expect(await group()).toBeUndefined();
  });

  test('is not made twice', async () => {
    const { subnets } = await makeCluster(aws);
    await expect(makeGroup(aws, subnets, 4)).rejects.toMatchObject({ name: 'AlreadyExistsFault' });
    const broken = new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'two',
      MinSize: 0,
      MaxSize: 1,
      VPCZoneIdentifier: subnets[0],
      LaunchTemplate: { LaunchTemplateName: 'two', Version: '1' },
    });
    await expect(aws.autoScaling.send(broken)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('an agent', () => {
  test('registers its instance once, connected, with what the type has', async () => {
    await makeCluster(aws);
    expect(await count()).toBe(0);
    await expect.poll(count, { timeout: 5_000 }).toBe(2);
    const [one] = await registered();
    expect(one).toMatchObject({ agentConnected: true, status: 'ACTIVE' });
    expect((await running()).map((each) => each.InstanceId)).toContain(one?.ec2InstanceId);
    const resource = (name: string) =>
      one?.registeredResources?.find((each) => each.name === name)?.integerValue;
    expect([resource('CPU'), resource('MEMORY')]).toEqual([2048, 1913]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await count()).toBe(2);
  });

  test('waits for its cluster', async () => {
    const network = await makeNetwork(aws);
    await makeProfile(aws);
    await makeTemplate(aws, templateData(network.group));
    await makeGroup(aws, network.subnets, 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await aws.ecs.send(new CreateClusterCommand({ clusterName: 'one' }));
    await expect.poll(count, { timeout: 5_000 }).toBe(1);
  });

  test('can be disconnected or absent', async () => {
    await emulator.settings({ agents: false });
    await makeCluster(aws);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await count()).toBe(0);
    await emulator.settings({ agents: true, agents_connected: false });
    await expect.poll(count, { timeout: 5_000 }).toBe(2);
    await expect
      .poll(async () => (await registered()).map((each) => each.agentConnected))
      .toEqual([false, false]);
  });

  test('goes with its instance', async () => {
    await makeCluster(aws);
    await expect.poll(count, { timeout: 5_000 }).toBe(2);
    await aws.autoScaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'one', DesiredCapacity: 1 }),
    );
    await expect.poll(count).toBe(1);
    const { clusters } = await aws.ecs.send(new DescribeClustersCommand({ clusters: ['one'] }));
    expect(clusters?.[0]?.registeredContainerInstancesCount).toBe(1);
  });

  test('comes back with the instance that replaces a terminated one', async () => {
    await makeCluster(aws);
    const [one] = await running();
    await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [one?.InstanceId ?? ''] }));
    expect((await group())?.Instances).toHaveLength(2);
    await expect.poll(count, { timeout: 5_000 }).toBe(2);
  });

  test('answers to SSM when its role allows it', async () => {
    await makeCluster(aws);
    const information = await aws.ssm.send(new DescribeInstanceInformationCommand({}));
    expect(information.InstanceInformationList?.map((each) => each.PingStatus)).toEqual([
      'Online',
      'Online',
    ]);
  });
});

describe('an instance refresh', () => {
  const start = (Preferences = {}) =>
    aws.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: 'one',
        DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: 'one', Version: '2' } },
        Preferences,
      }),
    );
  const latest = async () => {
    const { InstanceRefreshes } = await aws.autoScaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'one' }),
    );
    return InstanceRefreshes?.[0];
  };
  const status = async () => (await latest())?.Status;
  const newVersion = () =>
    aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateName: 'one',
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 't3.medium' },
      }),
    );

  test('replaces every instance by one of the new version', async () => {
    await makeCluster(aws);
    const before = (await running()).map((each) => each.InstanceId);
    await newVersion();
    expect((await group())?.Instances?.map((each) => each.LaunchTemplate?.Version)).toEqual([
      '1',
      '1',
    ]);
    await start({ SkipMatching: true });
    await expect(start()).rejects.toMatchObject({ name: 'InstanceRefreshInProgressFault' });
    await expect.poll(status, { timeout: 5_000 }).toBe('Successful');
    const after = await running();
    expect(after.map((each) => each.InstanceType)).toEqual(['t3.medium', 't3.medium']);
    expect(after.filter((each) => before.includes(each.InstanceId))).toEqual([]);
    expect((await group())?.Instances?.map((each) => each.LaunchTemplate?.Version)).toEqual([
      '2',
      '2',
    ]);
    await start({ SkipMatching: true });
    await expect.poll(status).toBe('Successful');
    expect((await latest())?.InstancesToUpdate).toBe(0);
    expect(await running()).toEqual(after);
  });

  test('waits for protected instances, and can be cancelled', async () => {
    await makeCluster(aws);
    await newVersion();
    const InstanceIds = (await running()).map((each) => each.InstanceId ?? '');
    await aws.autoScaling.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName: 'one',
        InstanceIds,
        ProtectedFromScaleIn: true,
      }),
    );
    await start();
    await expect.poll(status).toBe('InProgress');
    const cancel = () =>
      aws.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: 'one' }));
    await cancel();
    await expect.poll(status).toBe('Cancelled');
    await expect(cancel()).rejects.toMatchObject({ name: 'ActiveInstanceRefreshNotFoundFault' });
    await start({ ScaleInProtectedInstances: 'Refresh' });
    await expect.poll(status, { timeout: 5_000 }).toBe('Successful');
  });
});

describe('a cluster', () => {
  const create = (value?: string) =>
    aws.ecs.send(
      new CreateClusterCommand({
        clusterName: 'one',
        ...(value && { settings: [{ name: 'containerInsights', value }] }),
      }),
    );

  test('asked for again is the same one, and another one is refused', async () => {
    const [first, again] = [await create('enabled'), await create('enabled')];
    expect(again.cluster).toEqual(first.cluster);
    await expect(create('disabled')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('has settings that can be changed', async () => {
    await create('disabled');
    const settings = [{ name: 'containerInsights' as const, value: 'enabled' }];
    const { cluster } = await aws.ecs.send(
      new UpdateClusterSettingsCommand({ cluster: 'one', settings }),
    );
    expect(cluster?.settings).toEqual(settings);
  });
});
