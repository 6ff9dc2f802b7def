import {
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { census } from '../support/census.ts';
import { found } from './found.ts';
import { newWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
  await world.emulator.settings({ foreign_buckets: ['cob-digital-apps-config'] });
});
afterAll(() => world.stop());

const set = (...answers: string[]) => answers.flatMap((answer) => ['--set', answer]);

async function group() {
  const { AutoScalingGroups } = await world.aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['digitalApps'] }),
  );
  return AutoScalingGroups?.[0];
}

async function instanceIds(): Promise<string[]> {
  return ((await group())?.Instances ?? []).map(({ InstanceId }) => InstanceId ?? '').sort();
}

async function template() {
  const { LaunchTemplateVersions } = await world.aws.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateName: 'digitalApps',
      Versions: ['$Latest'],
    }),
  );
  return LaunchTemplateVersions?.[0]?.LaunchTemplateData;
}

async function sshRules(): Promise<(string | undefined)[]> {
  const { SecurityGroups } = await world.aws.ec2.send(
    new DescribeSecurityGroupsCommand({
      GroupIds: [await found.group(world.aws, 'digitalAppsInstances')],
    }),
  );
  const rules = SecurityGroups?.[0]?.IpPermissions?.filter(({ FromPort }) => FromPort === 22) ?? [];
  return rules
    .flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
      ...IpRanges.map(({ CidrIp }) => CidrIp),
      ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
    ])
    .sort();
}

// One cluster, whose answers are changed one after the other.

test('a bucket name that somebody else has: exit 2, naming the key to set', async () => {
  const { exitCode, stderr } = await world.run('--no-wait');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('The bucket name cob-digital-apps-config is taken by someone else');
  expect(stderr).toContain('--set bucket=cob-digital-apps-config-123456789012');
  expect(world.changing()).toEqual([]);
});

test('another bucket, no key pair, and SSH from two ranges', async () => {
  const answers = set(
    'bucket=cob-digital-apps-config-123456789012',
    'key-pair=none',
    'ssh-cidrs=203.0.113.0/24,2001:db8::/32',
  );
  const { exitCode, json } = await world.run('--no-wait', ...answers);
  expect(exitCode).toBe(0);
  expect(json.outputs.AWS_S3_CONFIG_BUCKET).toBe('cob-digital-apps-config-123456789012');
  expect(json.resources.map(({ section }) => section)).not.toContain('Verification');
  expect((await template())?.KeyName).toBeUndefined();
  expect((await census(world.aws)).keyPairs).toBe(0);
  expect(await sshRules()).toEqual(['2001:db8::/32', '203.0.113.0/24']);
  // All of that is the answer from now on.
  const { outcomes } = await world.run('--no-wait');
  expect(outcomes).toEqual({});
});

test('SSH from another range: ours are replaced, those made by hand reported and kept', async () => {
  const GroupId = await found.group(world.aws, 'digitalAppsInstances');
  const byHand = (port: number, CidrIp: string) => ({
    ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] },
  });
  await world.aws.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [byHand(22, '192.0.2.7/32'), byHand(9090, '192.0.2.0/24')],
    }),
  );
  const { outcomes, json } = await world.run('--no-wait', ...set('ssh-cidrs=198.51.100.0/24'));
  expect(outcomes).toEqual({ 'Instances’ group': 'change' });
  expect(await sshRules()).toEqual(['192.0.2.7/32', '198.51.100.0/24']);
  const notes = json.notes.join('\n');
  expect(notes).toMatch(/Instances’ group: also has .*tcp 22 from 192\.0\.2\.7\/32/);
  expect(notes).toMatch(/Instances’ group: also has .*tcp 9090 from 192\.0\.2\.0\/24/);
  expect((await world.run('--no-wait')).outcomes).toEqual({});
});

test('SSH from a range that a rule made by hand has already', async () => {
  const { exitCode } = await world.run('--no-wait', ...set('ssh-cidrs=192.0.2.7/32'));
  expect(exitCode).toBe(0);
  expect(await sshRules()).toEqual(['192.0.2.7/32']);
  const { outcomes } = await world.run('--no-wait', ...set('ssh-cidrs=192.0.2.7/32'));
  expect(outcomes).toEqual({});
});

test('SSH from nowhere', async () => {
  expect((await world.run('--no-wait', ...set('ssh-cidrs='))).exitCode).toBe(0);
  const after = await world.run('--no-wait');
  expect(after.outcomes).toEqual({});
});

test('an ARM type gets the ARM image; running instances are told about, and kept', async () => {
  const before = await instanceIds();
  const { outcomes, json } = await world.run('--no-wait', ...set('instance-type=t4g.small'));
  expect(outcomes).toEqual({ 'Launch template': 'change', 'Autoscaling group': 'change' });
  const { Parameter } = await world.aws.ssm.send(
    new GetParameterCommand({
      Name: '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
    }),
  );
  expect(await template()).toMatchObject({
    InstanceType: 't4g.small',
    ImageId: Parameter?.Value,
  });
  expect((await group())?.LaunchTemplate?.Version).toBe('2');
  expect(await instanceIds()).toEqual(before);
  expect(json.notes.join('\n')).toMatch(/2 of 2 instances run on an older template/);
});

test('--replace-instances replaces them', async () => {
  const before = await instanceIds();
  const { exitCode, outcomes } = await world.run('--replace-instances', '--no-wait');
  expect(exitCode).toBe(0);
  expect(outcomes).toEqual({ 'Instances on the current template': 'change' });
  const after = await instanceIds();
  expect(after).toHaveLength(2);
  expect(after.filter((id) => before.includes(id))).toEqual([]);
  const { Reservations = [] } = await world.aws.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: after }),
  );
  const types = Reservations.flatMap(({ Instances = [] }) => Instances.map((i) => i.InstanceType));
  expect(types).toEqual(['t4g.small', 't4g.small']);
  expect((await world.run('--replace-instances', '--no-wait')).outcomes).toEqual({});
});

test('a change and the replacement in one run, waited for', async () => {
  const before = await instanceIds();
  const answers = set('instance-type=t3.medium');
  const { exitCode, outcomes } = await world.run('--replace-instances', ...answers);
  expect(exitCode).toBe(0);
  expect(outcomes).toEqual({
    'Launch template': 'change',
    'Autoscaling group': 'change',
    'Instances on the current template': 'change',
  });
  expect((await instanceIds()).filter((id) => before.includes(id))).toEqual([]);
});

test('a key pair that exists', async () => {
  await world.aws.ec2.send(new CreateKeyPairCommand({ KeyName: 'mine' }));
  const { exitCode, json } = await world.run('--no-wait', ...set('key-pair=mine'));
  expect(exitCode).toBe(0);
  expect((await template())?.KeyName).toBe('mine');
  expect(json.resources).toContainEqual(
    expect.objectContaining({ name: 'Key pair', action: 'keep', id: 'mine' }),
  );
  expect((await world.run('--no-wait')).outcomes).toEqual({});
});

test('other bounds; a number of instances that was scaled to is kept', async () => {
  const AutoScalingGroupName = 'digitalApps';
  await world.aws.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }),
  );
  const { outcomes } = await world.run('--no-wait', ...set('min=2', 'max=6'));
  expect(outcomes).toEqual({ 'Autoscaling group': 'change' });
  expect(await group()).toMatchObject({ MinSize: 2, DesiredCapacity: 3, MaxSize: 6 });
});

test('a max below what runs ends instances: said beforehand, and done only where desired says so too', async () => {
  const ends = 'max 2 ends 1 of the 3 instances that run';
  const dry = await world.run('--dry-run', ...set('max=2'));
  expect(dry.exitCode).toBe(0);
  expect(dry.json.notes).toContain(`Autoscaling group: ${ends}.`);
  expect(dry.stderr).not.toContain('is not applied');
  const refused = await world.run('--no-wait', ...set('max=2'));
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain(`${ends}: nothing was changed.`);
  expect(refused.stderr).toContain('--set desired=2');
  expect(world.changing()).toEqual([]);
  const { exitCode, json, stderr } = await world.run('--no-wait', ...set('max=2', 'desired=2'));
  expect(exitCode).toBe(0);
  expect(stderr).toContain(ends);
  expect(json.notes.join('\n')).not.toMatch(/ ends |is not applied/);
  expect(await group()).toMatchObject({ MinSize: 2, DesiredCapacity: 2, MaxSize: 2 });
});

test('Container Insights', async () => {
  const { outcomes } = await world.run('--no-wait', ...set('container-insights=yes'));
  expect(outcomes).toEqual({ 'ECS cluster': 'change' });
  expect((await world.run('--no-wait')).outcomes).toEqual({});
});
