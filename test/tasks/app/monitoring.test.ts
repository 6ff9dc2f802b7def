import {
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { AddTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetPolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { remarks } from '../../../src/commands/remarks.ts';
import { unchosen } from '../../../src/commands/unchosen.ts';
import { alarmAfterDeploy } from '../../../src/tasks/app/alarm-after-deploy.ts';
import { alarmTopic } from '../../../src/tasks/app/alarm-topic.ts';
import {
  errorsAlarm,
  HEALTHY_HOSTS,
  healthyHostsAlarm,
  instanceCpuAlarm,
  instanceMemoryAlarm,
  memoryAlarm,
} from '../../../src/tasks/app/alarms.ts';
import { MONITORED } from '../../../src/tasks/app/answers.ts';
import { dashboard } from '../../../src/tasks/app/dashboard.ts';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import { alarmNamed, dimensionsOf, topicOf } from './alarms.ts';
import { type AppWorld, newAppWorld } from './world.ts';

const EXTRAS = [errorsAlarm, memoryAlarm, instanceCpuAlarm, instanceMemoryAlarm];

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

test('more is watched on request: errors, memory, and the cluster’s instances, which all apps share', async () => {
  const answers = { monitoring: [...MONITORED], 'alarm-email': 'ops@example.gov' };
  const parts = [targetGroup, alarmTopic, ...EXTRAS];
  const first = await world.run(parts, { service: 'lakes', answers });
  expect(new Set(Object.values(first.outcomes))).toEqual(new Set(['create']));
  const tooMuch = {
    ...{ ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching' },
    AlarmActions: [topicOf('lakes')],
  };
  const often = { ...tooMuch, Threshold: 90, Period: 300, EvaluationPeriods: 3 };
  const { Dimensions: ofErrors, ...errors } = await alarmNamed(
    world.aws,
    'digital-apps/lakes/errors',
  );
  expect(errors).toMatchObject({
    ...{ ...tooMuch, Threshold: 10, Period: 300, EvaluationPeriods: 1, Statistic: 'Sum' },
    ...{ Namespace: 'AWS/ApplicationELB', MetricName: 'HTTPCode_Target_5XX_Count' },
  });
  expect(ofErrors).toEqual(await dimensionsOf(world, 'lakes'));
  const cluster = { Name: 'ClusterName', Value: 'digitalApps' };
  expect(await alarmNamed(world.aws, 'digital-apps/lakes/memory')).toMatchObject({
    ...{ ...often, Namespace: 'AWS/ECS', MetricName: 'MemoryUtilization', Statistic: 'Maximum' },
    Dimensions: [cluster, { Name: 'ServiceName', Value: 'lakes' }],
  });
  expect(await alarmNamed(world.aws, 'digital-apps/instance-memory')).toMatchObject({
    ...{ ...often, Namespace: 'AWS/ECS', MetricName: 'MemoryUtilization', Statistic: 'Average' },
    Dimensions: [cluster],
  });
  const cpu = await alarmNamed(world.aws, 'digital-apps/instance-cpu');
  expect(cpu).toMatchObject({
    ...{ ...often, Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Average' },
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'digitalApps' }],
  });
  expect(cpu.tags).toEqual({
    ...{ 'digital-apps:cluster': 'digitalApps', 'digital-apps:region': 'us-east-2' },
  });

  const second = await world.run(parts, { service: 'hills', answers });
  expect(second.errors).toEqual([]);
  expect(second.outcomes).toMatchObject({
    ...{ 'Alarm for errors': 'create', 'Alarm for the instances’ CPU': 'change' },
  });
  expect((await alarmNamed(world.aws, 'digital-apps/instance-cpu')).AlarmActions).toEqual([
    ...[topicOf('lakes'), topicOf('hills')],
  ]);
});

test('what is a matter of taste is told as a remark where a person has changed it', async () => {
  const app = { service: 'wells', answers: { monitoring: ['errors' as const] } };
  await world.run([targetGroup, errorsAlarm], app);
  const AlarmName = 'digital-apps/wells/errors';
  const { tags, Metrics, ...found } = await alarmNamed(world.aws, AlarmName);
  await world.aws.cloudWatch.send(
    new PutMetricAlarmCommand({ ...found, AlarmName, Threshold: 50 }),
  );
  const { plan, results, attention } = await world.run([targetGroup, errorsAlarm], app);
  expect(attention).toEqual([]);
  expect(await remarks(plan, results)).toContainEqual(
    expect.stringContaining('was changed by hand (Threshold: 10 → 50) and left so'),
  );
});

test('what is not chosen any more stays, and is told of with what deletes it', async () => {
  const chosen = { monitoring: ['errors' as const], 'alarm-email': 'ops@example.gov' };
  const app = { service: 'moors', answers: chosen };
  await world.run([targetGroup, alarmTopic, errorsAlarm, memoryAlarm], app);
  expect(await unchosen(await world.env(app))).toEqual([]);
  expect(await unchosen(await world.env({ service: 'moors' }))).toEqual([
    'The alarm digital-apps/moors/errors stays, though it is not chosen any more. To delete it: aws cloudwatch delete-alarms --region us-east-2 --alarm-names digital-apps/moors/errors',
    `The topic digital-apps-moors-alarms stays, and sends mail of the app’s alarms, though no mail is chosen any more. To delete it: aws sns delete-topic --region us-east-2 --topic-arn ${topicOf('moors')}`,
  ]);
});

describe('a dashboard of the cluster', () => {
  const app = { service: 'gates', answers: { monitoring: ['dashboard' as const] } };
  const DashboardName = 'digitalApps';
  const stands = async () => {
    const { cloudWatch } = world.aws;
    const { DashboardBody } = await cloudWatch.send(new GetDashboardCommand({ DashboardName }));
    return JSON.parse(DashboardBody!);
  };

  test('shows each app, also one that comes later, and is kept', async () => {
    expect((await world.run([dashboard], app)).outcomes).toEqual({ Dashboard: 'create' });
    const { widgets } = await stands();
    const { cluster } = await world.env(app);
    const balancer = cluster.loadBalancer.arn.split(':loadbalancer/')[1];
    expect(widgets[0]).toMatchObject({
      ...{ type: 'metric', x: 0, y: 0, width: 12, height: 6 },
      properties: {
        ...{ title: 'Healthy containers', region: 'us-east-2' },
        metrics: [
          [
            {
              expression: `SEARCH('{AWS/ApplicationELB,LoadBalancer,TargetGroup} LoadBalancer="${balancer}" MetricName="HealthyHostCount"', 'Minimum', 300)`,
              label: `\${PROP('Dim.TargetGroup')}`,
            },
          ],
        ],
      },
    });
    // No two lie on each other.
    const places = widgets.map(({ x, y }: { x: number; y: number }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(widgets.length);
    world.faults.clear();
    expect((await world.run([dashboard], app)).outcomes).toEqual({ Dashboard: 'keep' });
    expect(world.changing()).toEqual([]);
  });

  test('that a person has rearranged stays, and is told of', async () => {
    const theirs = { widgets: (await stands()).widgets.toReversed() };
    const DashboardBody = JSON.stringify(theirs);
    await world.aws.cloudWatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
    const { plan, results, outcomes } = await world.run([dashboard], app);
    expect(outcomes).toEqual({ Dashboard: 'keep' });
    expect(await stands()).toEqual(theirs);
    expect(await remarks(plan, results)).toEqual([
      expect.stringContaining('Dashboard: is not as this digital-apps makes it'),
    ]);
  });
});

describe('after a deploy that went well', () => {
  const deployed = async (service: string) => {
    const { aws, account, caller, partition, region, signal } = await world.env({ service });
    world.faults.calls.length = 0;
    const where = { aws, account, caller, partition, region };
    return alarmAfterDeploy(where, { cluster: 'digitalApps', service }, signal);
  };

  interface Statement {
    Action: string[];
    Resource: string[];
    Condition?: object;
  }
  const deployPolicy = async (): Promise<{ Statement: Statement[] }> => {
    const PolicyArn = 'arn:aws:iam::123456789012:policy/digitalAppsDeploy';
    const { iam } = world.aws;
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy?.DefaultVersionId;
    const found = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return JSON.parse(decodeURIComponent(found.PolicyVersion!.Document!));
  };
  const pattern = (text: string) => new RegExp(`^${text.replaceAll('*', '.*')}$`);

  test('the alarm is made once, and tells the address that add-app was given', async () => {
    await world.run([targetGroup], {
      ...{ service: 'docks', answers: { 'alarm-email': 'ops@example.gov' } },
    });
    expect(await deployed('docks')).toBe(
      'The alarm digital-apps/docks/healthy-hosts watches that a container of it is well.',
    );
    expect(world.changing()).toEqual(['PutMetricAlarm']);
    expect(await alarmNamed(world.aws, 'digital-apps/docks/healthy-hosts')).toMatchObject({
      ...{ MetricName: 'HealthyHostCount', Threshold: 1, AlarmActions: [topicOf('docks')] },
      Dimensions: await dimensionsOf(world, 'docks'),
      tags: { 'digital-apps:app': 'docks' },
    });
    expect(await deployed('docks')).toBeUndefined();
    expect(world.changing()).toEqual([]);
  });

  const putAgain = async (AlarmName: string, change: Partial<PutMetricAlarmCommandInput>) => {
    const { tags, Metrics, ...found } = await alarmNamed(world.aws, AlarmName);
    const whole = { ...found, AlarmName, ...change };
    await world.aws.cloudWatch.send(new PutMetricAlarmCommand(whole));
  };

  test('whom a person has it tell no more, it does not tell again, and that is said', async () => {
    const answers = { 'alarm-email': 'ops@example.gov' };
    await world.run([targetGroup], { service: 'quays', answers });
    await deployed('quays');
    const name = 'digital-apps/quays/healthy-hosts';
    await putAgain(name, { AlarmActions: [] });
    const says = await deployed('quays');
    expect(world.changing()).toEqual([]);
    expect((await alarmNamed(world.aws, name)).AlarmActions).toEqual([]);
    expect(says).toBe(
      `The alarm ${name} is left as it is, though add-app would change it (actions: add ${topicOf('quays')}). To see that, and to say whether: digital-apps add-app --set service=quays in the app’s repository.`,
    );
    // Who runs add-app sees it, and is asked.
    const app = { service: 'quays', answers, isServing: true };
    const { steps } = await world.plan([targetGroup, healthyHostsAlarm], app);
    expect(steps.find(({ resource }) => resource === healthyHostsAlarm)?.action).toBe('change');
  });

  test.each([
    ['target group', { TargetGroup: 'targetgroup/wharves/0123456789abcdef' }],
    ['load balancer', { LoadBalancer: 'app/before/0123456789abcdef' }],
  ])('that it watches a %s of the past is said, with what mends it', async (what, past) => {
    const service = `wharves-${what.replace(' ', '-')}`;
    await world.run([targetGroup], { service });
    await deployed(service);
    const name = `digital-apps/${service}/healthy-hosts`;
    const dimensions = (await dimensionsOf(world, service)).map(({ Name, Value }) => ({
      ...{ Name, Value },
      ...Object.entries(past).flatMap(([name, other]) =>
        name === Name ? { Value: other } : [],
      )[0],
    }));
    await putAgain(name, { Dimensions: dimensions });
    expect(await deployed(service)).toBe(
      `The alarm ${name} watches a ${what} that is not the app’s any more, and so tells nothing of its containers. To have it watch them: digital-apps doctor ${service} --fix.`,
    );
    expect(world.changing()).toEqual([]);
  });

  test('none is made beside a person’s own of another name, with nothing to be said', async () => {
    await world.run([targetGroup], { service: 'locks' });
    const theirs = {
      ...{ ...HEALTHY_HOSTS, AlarmName: 'locks-are-well' },
      Dimensions: await dimensionsOf(world, 'locks'),
    };
    await world.aws.cloudWatch.send(new PutMetricAlarmCommand(theirs));
    expect(await deployed('locks')).toBeUndefined();
    expect(world.changing()).toEqual([]);
  });

  test('it calls nothing that the deploy policy does not allow', async () => {
    await world.run([targetGroup], { service: 'piers' });
    await deployed('piers');
    const calls = world.faults.calls.map(({ service, operation }) =>
      `${service}:${operation}`.replace('monitoring:', 'cloudwatch:'),
    );
    expect(calls).toContain('cloudwatch:PutMetricAlarm');
    const { Statement } = await deployPolicy();
    const allowed = Statement.flatMap(({ Action }) => Action).map(pattern);
    expect(calls.filter((call) => !allowed.some((each) => each.test(call)))).toEqual([]);
  });

  test('that policy takes such alarms alone, and none that does more than tell a topic', async () => {
    const { Statement } = await deployPolicy();
    const [putting] = Statement.filter(({ Action }) =>
      Action.includes('cloudwatch:PutMetricAlarm'),
    );
    const alarms = putting!.Resource.map(pattern);
    const arn = 'arn:aws:cloudwatch:us-east-2:123456789012:alarm';
    expect(alarms.some((each) => each.test(`${arn}:digital-apps/piers/healthy-hosts`))).toBe(true);
    for (const other of ['digital-apps/piers/errors', 'digital-apps/instance-cpu', 'theirs']) {
      expect(alarms.some((each) => each.test(`${arn}:${other}`))).toBe(false);
    }
    expect(putting!.Condition).toEqual({
      'ForAllValues:StringLike': {
        'cloudwatch:AlarmActions': ['arn:aws:sns:us-east-2:123456789012:*'],
      },
    });
  });

  test.each(['DescribeAlarms', 'PutMetricAlarm'])(
    'without the permission for %s that is said, and no more',
    async (operation) => {
      const service = `no-${operation.toLowerCase()}`;
      await world.run([targetGroup], { service });
      world.faults.inject({
        ...{ operation, status: 403, code: 'AccessDenied', times: 9 },
        message: `User: arn:aws:iam::123456789012:user/digitalTravis is not authorized to perform: cloudwatch:${operation} on resource: x because no identity-based policy allows the cloudwatch:${operation} action`,
      });
      const says = await deployed(service);
      expect(says).toContain('The alarm for its healthy containers could not be made: ');
      expect(says).toContain(`cloudwatch:${operation}`);
      expect(says).toContain(`digital-apps doctor ${service} --fix`);
    },
  );

  test('there is none for an app that add-app has not made', async () => {
    expect(await deployed('nowhere')).toBeUndefined();
    const { lives } = await world.run([targetGroup], { service: 'others' });
    const { arn } = lives.get(targetGroup) as unknown as { arn: string };
    const Tags = [{ Key: 'digital-apps:app', Value: 'another' }];
    await world.aws.elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags }));
    expect(await deployed('others')).toBeUndefined();
    expect(world.changing()).toEqual([]);
  });
});
