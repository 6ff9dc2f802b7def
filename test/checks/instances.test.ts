import {
  DescribeAutoScalingGroupsCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { instanceChecks } from '../../src/checks/instances.ts';
import { LAUNCH_MESSAGES, scalingActivities } from '../support/recorded/scaling-activities.ts';
import { type InstancesWorld, newInstancesWorld } from './instances-world.ts';

const AutoScalingGroupName = 'digitalApps';
const INIT = 'digital-apps init-cluster --region us-east-2';

let world: InstancesWorld;
beforeAll(async () => {
  world = await newInstancesWorld();
});
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

/** What that check finds now. */
async function look(id: string) {
  const checks = instanceChecks.filter((check) => check.id === id);
  const finding = (await world.examine(checks))[id]!;
  const [verdict] = finding.verdicts;
  return {
    status: finding.status,
    evidence: verdict?.evidence,
    fix: verdict?.fix,
    all: finding.verdicts,
  };
}

/** The group as its answer would be with that replaced, until the test's end. */
function layOverGroup(from: RegExp, to: string) {
  world.faults.inject({
    ...{ operation: 'DescribeAutoScalingGroups', times: Number.POSITIVE_INFINITY },
    rewrite: (body) => body.replace(from, to),
  });
}

test('a healthy cluster gives no finding, at a call or two a check', async () => {
  const findings = await world.examine(instanceChecks);
  const statuses = Object.values(findings).map(({ check, status }) => [check.id, status]);
  expect(statuses).toEqual(instanceChecks.map(({ id }) => [id, 'pass']));
  const asked = world.faults.calls.map(({ operation }) => operation).sort();
  expect(asked).toEqual([
    'DescribeAutoScalingGroups',
    'DescribeImages',
    'DescribeInstances',
    'DescribeLaunchTemplateVersions',
    'DescribeLaunchTemplateVersions',
    'DescribeScalingActivities',
    'GetParameters',
  ]);
});

test('instances that run with too few hops are all named in what puts them right', async () => {
  world.faults.inject({
    ...{ operation: 'DescribeInstances', times: Number.POSITIVE_INFINITY },
    rewrite: (body) => body.replaceAll(/(<httpPutResponseHopLimit>)\d+/g, '$11'),
  });
  const { status, all, fix } = await look('template.imds');
  expect(status).toBe('warn');
  const [{ subjects = [] } = {}] = all;
  expect(subjects).toHaveLength(2);
  expect(fix).toBe(
    `for id in ${subjects.join(' ')}; do aws ec2 modify-instance-metadata-options --instance-id $id --http-endpoint enabled --http-tokens required --http-put-response-hop-limit 2 --region us-east-2; done; or have them replaced: ${INIT} --replace-instances`,
  );
});

describe('starting instances', () => {
  function record(...activities: Parameters<typeof scalingActivities>[0]) {
    world.faults.inject({
      operation: 'DescribeScalingActivities',
      rewrite: () => scalingActivities(activities),
    });
  }

  test.each([
    ['vcpu', /may not run more vCPUs/, /L-1216C47A/],
    ['zone', /zone of the group does not have this instance type/, /--set instance-type=TYPE/],
    ['image', /image of the launch template is gone/, /--set ami=recommended/],
    ['keyPair', /key pair of the launch template was deleted/, /key-pair=none/],
    ['capacity', /no instance of this type left/, /goes on trying/],
    ['securityGroup', /security group of the launch template was deleted/, /^digital-apps init/],
    ['subnet', /subnet of the group was deleted/, /^digital-apps init/],
    ['profile', /instance profile of the launch template is gone/, /^digital-apps init/],
    ['disk', /KMS key/, /kms:CreateGrant/],
    ['unknown', /AWS says: “Something that nobody has met before\.”/, /Mend what AWS names/],
  ] as const)('fails for a reason that is put into words: %s', async (key, evidence, fix) => {
    record({ status: 'Failed', message: LAUNCH_MESSAGES[key] });
    const found = await look('instances.launching');
    expect(found.status).toBe('fail');
    expect(found.evidence).toMatch(evidence);
    expect(found.fix).toMatch(fix);
  });

  test('the same failure is told once; what was before the last success, or long ago, is over', async () => {
    const message = LAUNCH_MESSAGES.capacity;
    record(
      { status: 'InProgress' },
      ...[1, 2, 3].map((ago) => ({ status: 'Failed' as const, message, ago })),
    );
    const found = await look('instances.launching');
    expect(found.all).toHaveLength(1);
    expect(found.evidence).toContain('AWS says, 3 times: “We currently do not have');
    record({ status: 'Successful' }, { status: 'Failed', message, ago: 1 });
    expect(await look('instances.launching')).toMatchObject({ status: 'pass' });
    record({ status: 'Failed', message, ago: 30 });
    expect(await look('instances.launching')).toMatchObject({ status: 'pass' });
    record({ status: 'Failed', message, description: 'Terminating EC2 instance: i-0abc' });
    expect(await look('instances.launching')).toMatchObject({ status: 'pass' });
  });

  test('may have been forbidden to the group', async () => {
    const processes = { AutoScalingGroupName, ScalingProcesses: ['Launch'] };
    await world.aws.autoScaling.send(new SuspendProcessesCommand(processes));
    expect(await look('instances.launching')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('start no instances'),
      fix: expect.stringMatching(/resume-processes .*digitalApps.* --region us-east-2$/),
    });
    await world.aws.autoScaling.send(new ResumeProcessesCommand(processes));
    expect((await look('instances.launching')).status).toBe('pass');
  });
});

describe('instances in service', () => {
  test('are fewer than wanted where one is unhealthy', async () => {
    layOverGroup(/Healthy(?=<\/HealthStatus>)/, 'Unhealthy');
    expect(await look('instances.in-service')).toMatchObject({
      status: 'fail',
      evidence: expect.stringMatching(
        /^1 of 2 instances in service; i-\w+ is InService, unhealthy\.$/,
      ),
    });
  });

  test('are on their way where they are pending', async () => {
    layOverGroup(/InService(?=<\/LifecycleState>)/, 'Pending');
    const found = await look('instances.in-service');
    expect(found).toMatchObject({ status: 'warn', fix: expect.stringContaining('few minutes') });
  });

  test('lie in one zone, though the group has two', async () => {
    layOverGroup(/us-east-2b(?=<\/AvailabilityZone>)/g, 'us-east-2a');
    expect(await look('instances.zones')).toMatchObject({
      status: 'warn',
      evidence: 'All instances are in us-east-2a; the group may use us-east-2a, us-east-2b.',
    });
  });
});

describe('the launch template', () => {
  let versions = 1;

  /** A version of its own for the group, made of the first one with that replaced. */
  async function use(data: object) {
    const LaunchTemplateName = 'digitalApps';
    await world.aws.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        ...{ LaunchTemplateName, SourceVersion: '1' },
        LaunchTemplateData: data,
      }),
    );
    versions += 1;
    await point(String(versions));
  }

  async function point(Version: string) {
    await world.aws.autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName,
        LaunchTemplate: { LaunchTemplateName: 'digitalApps', Version },
      }),
    );
  }

  test('has a newer version than the group’s, and instances of an older one', async () => {
    await use({ Monitoring: { Enabled: true } });
    expect(await look('instances.template-version')).toMatchObject({
      status: 'warn',
      evidence: expect.stringMatching(
        /^Made from another version than the group’s \(2\): i-\w+, i-\w+\.$/,
      ),
      fix: `${INIT} --replace-instances`,
    });
    await point('1');
    expect(await look('instances.template-version')).toMatchObject({
      status: 'warn',
      evidence: 'The group starts instances from version 1; the newest is 2.',
    });
    await point('$Latest');
    expect((await look('instances.template-version')).evidence).toMatch(/group’s \(2\)/);
  });

  test.each([
    [
      'another cluster',
      'echo ECS_CLUSTER=parks >> /etc/ecs/ecs.config',
      /names the cluster parks, not digitalApps/,
    ],
    ['none', '#!/bin/bash\nyum update', /names no cluster/],
    [
      'it in a comment',
      '# echo ECS_CLUSTER=digitalApps >> /etc/ecs/ecs.config',
      /names no cluster/,
    ],
  ])('names %s', async (_, text, evidence) => {
    await use({ UserData: Buffer.from(text).toString('base64') });
    const found = await look('template.cluster-name');
    expect(found).toMatchObject({ status: 'fail', fix: `${INIT} --replace-instances` });
    expect(found.evidence).toMatch(evidence);
    await point('1');
    expect((await look('template.cluster-name')).status).toBe('pass');
  });

  test('allows IMDSv1, or too few hops, or no metadata at all', async () => {
    const options = { HttpTokens: 'required', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' };
    await use({
      MetadataOptions: { ...options, HttpTokens: 'optional', HttpPutResponseHopLimit: 1 },
    });
    expect(await look('template.imds')).toMatchObject({
      status: 'warn',
      evidence: 'The launch template: IMDSv1 is allowed (HttpTokens optional), the hop limit is 1.',
    });
    await use({ MetadataOptions: { ...options, HttpEndpoint: 'disabled' } });
    expect(await look('template.imds')).toMatchObject({ status: 'fail' });
    await point('1');
  });

  test('starts instances from an old image, an ended one, or one that is gone', async () => {
    const { Images = [] } = await world.aws.ec2.send(new DescribeImagesCommand({}));
    const ended = Images.find(({ Name }) => Name?.startsWith('amzn2-ami'));
    await use({ ImageId: ended?.ImageId });
    expect(await look('template.image-age')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining(ended?.Name ?? 'an Amazon Linux 2'),
      fix: `${INIT} --set ami=recommended --replace-instances`,
    });
    await use({ ImageId: 'ami-00000000000000000' });
    expect(await look('template.image-age')).toMatchObject({
      status: 'fail',
      evidence: 'The image ami-00000000000000000 of the launch template is gone.',
    });
    await point('1');
    // AWS has brought out another image since.
    const released = { '2023.0.20260226': '2023.0.20261101' };
    world.faults.inject({
      operation: 'GetParameters',
      rewrite: (body) =>
        Object.entries(released)
          .reduce((text, [old, name]) => text.replaceAll(old, name), body)
          .replaceAll(/"ami-\w+"/g, '"ami-0new"'),
    });
    expect(await look('template.image-age')).toMatchObject({
      status: 'warn',
      evidence: expect.stringMatching(
        /is of 2026-02-26; AWS recommends ami-0new of 2026-11-01, 248 days newer\.$/,
      ),
    });
  });
});

test('a group that wants no instance is found, and what else does not apply is skipped', async () => {
  await world.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, DesiredCapacity: 0 }),
  );
  expect(await look('instances.desired')).toMatchObject({
    status: 'fail',
    evidence: 'The autoscaling group digitalApps wants no instance (at most 4).',
    fix: 'aws autoscaling set-desired-capacity --auto-scaling-group-name digitalApps --desired-capacity 1 --region us-east-2',
  });
  expect((await look('instances.zones')).status).toBe('skip');
  const { AutoScalingGroups } = await world.aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({}),
  );
  expect(AutoScalingGroups?.[0]?.Instances).toEqual([]);
});

test('where there is no group, that is the one finding', async () => {
  layOverGroup(/<member>\s*<AutoScalingGroupName>[\s\S]*<\/member>/, '');
  const findings = await world.examine(instanceChecks);
  const statuses = Object.values(findings).map(({ check, status }) => [check.id, status]);
  expect(statuses.filter(([, status]) => status !== 'skip')).toEqual([
    ['instances.desired', 'fail'],
  ]);
});
