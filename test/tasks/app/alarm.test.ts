import {
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { DeleteTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListSubscriptionsByTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { remarks } from '../../../src/commands/remarks.ts';
import { alarmTopic } from '../../../src/tasks/app/alarm-topic.ts';
import { errorsAlarm, healthyHostsAlarm, memoryAlarm } from '../../../src/tasks/app/alarms.ts';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import { recordTargetHealth } from '../../support/recorded/target-health.ts';
import { alarmNamed, dimensionsOf, topicOf } from './alarms.ts';
import { type App, type AppWorld, newAppWorld } from './world.ts';

const PARTS = [targetGroup, alarmTopic, healthyHostsAlarm];
const OPS = 'arn:aws:sns:us-east-2:123456789012:ops';

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

const serving = (service: string, answers: App['answers'] = {}): App => ({
  ...{ service, answers, isServing: true },
});
const alarmOf = (app: string) => alarmNamed(world.aws, `digital-apps/${app}/healthy-hosts`);

/** As in the console, where all that is not changed stays. */
async function changeByHand(app: string, change: Partial<PutMetricAlarmCommandInput>) {
  const { tags, Metrics, ...found } = await alarmOf(app);
  await world.aws.cloudWatch.send(
    new PutMetricAlarmCommand({ ...found, AlarmName: found.AlarmName!, ...change }),
  );
}

async function readAgain(app: string) {
  const { tags, ...found } = await alarmOf(app);
  const { AlarmConfigurationUpdatedTimestamp, StateUpdatedTimestamp, ...rest } = found;
  return rest;
}

test('a target group knows whether a container of the app is well', async () => {
  const isServing = async () => {
    const { plan } = await world.run([targetGroup], { service: 'ponds' });
    return (plan.steps[0]!.live as { isServing?: boolean } | undefined)?.isServing;
  };
  expect(await isServing()).toBeUndefined();
  expect(await isServing()).toBe(false);
  recordTargetHealth(world.faults, [{ state: 'initial' }, { state: 'unhealthy' }]);
  expect(await isServing()).toBe(false);
  recordTargetHealth(world.faults, [{ state: 'unhealthy' }, { state: 'healthy' }]);
  expect(await isServing()).toBe(true);
});

test('before a container is well there is no alarm, for it would go off', async () => {
  const { outcomes } = await world.run(PARTS, { service: 'early' });
  expect(outcomes).toEqual({ 'Target group': 'create' });
});

test('then it is as the guide says, with our tags, and kept by the next run', async () => {
  expect((await world.run(PARTS, serving('parks'))).outcomes).toEqual({
    ...{ 'Target group': 'create', Alarm: 'create' },
  });
  expect(await alarmOf('parks')).toMatchObject({
    ...{ Namespace: 'AWS/ApplicationELB', MetricName: 'HealthyHostCount', Statistic: 'Minimum' },
    ...{ ComparisonOperator: 'LessThanThreshold', Threshold: 1, Period: 60, EvaluationPeriods: 2 },
    ...{ TreatMissingData: 'breaching', ActionsEnabled: true, AlarmActions: [] },
    AlarmDescription: expect.stringContaining('npx digital-apps doctor parks'),
    Dimensions: await dimensionsOf(world, 'parks'),
    tags: { 'digital-apps:cluster': 'digitalApps', 'digital-apps:app': 'parks' },
  });
  world.faults.clear();
  const again = await world.run([...PARTS, errorsAlarm, memoryAlarm], serving('parks'));
  expect(again.outcomes).toEqual({ 'Target group': 'keep', Alarm: 'keep' });
  expect(again.attention).toEqual([]);
  expect(world.changing()).toEqual([]);
  // All alarms are asked for at once.
  const asked = world.faults.calls.filter(({ operation }) => operation === 'DescribeAlarms');
  expect(asked).toHaveLength(1);
});

test.each<[string, Partial<PutMetricAlarmCommandInput>, string]>([
  ['its threshold', { Threshold: 2 }, 'Threshold: 1 → 2'],
  [
    'its times',
    { Period: 300, EvaluationPeriods: 3 },
    'Period: 60 → 300, EvaluationPeriods: 2 → 3',
  ],
  ['how often it must be so', { DatapointsToAlarm: 1 }, 'DatapointsToAlarm: 1'],
  ['what no data means', { TreatMissingData: undefined }, 'TreatMissingData: breaching → none'],
  ['whether it tells anybody', { ActionsEnabled: false }, 'its actions are switched off'],
  ['its metric', { MetricName: 'RequestCount' }, 'MetricName: HealthyHostCount → RequestCount'],
])('where a person has changed %s, that stays and they are told', async (what, change, says) => {
  const app = serving(`by-hand-${what.replaceAll(' ', '-')}`);
  await world.run(PARTS, app);
  await changeByHand(app.service, { ...change, AlarmActions: [OPS] });
  const before = await readAgain(app.service);
  world.faults.clear();
  const { outcomes, attention } = await world.run(PARTS, app);
  expect(outcomes.Alarm).toBe('keep');
  expect(attention).toEqual([expect.stringContaining(`was changed by hand (${says}) and left so`)]);
  expect(world.changing()).toEqual([]);
  expect(await readAgain(app.service)).toEqual(before);
});

test('goes to a target group made anew, with all that a person has set', async () => {
  const app = serving('roads');
  await world.run(PARTS, app);
  await changeByHand('roads', {
    ...{ Threshold: 2, AlarmActions: [OPS], OKActions: [OPS], AlarmDescription: 'Ours' },
  });
  const { lives } = await world.run([targetGroup], app);
  const { arn } = lives.get(targetGroup) as unknown as { arn: string };
  await world.aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn }));
  const { outcomes } = await world.run(PARTS, app);
  expect(outcomes).toEqual({ 'Target group': 'create', Alarm: 'change' });
  expect(await alarmOf('roads')).toMatchObject({
    ...{ Threshold: 2, AlarmActions: [OPS], OKActions: [OPS], AlarmDescription: 'Ours' },
    Dimensions: await dimensionsOf(world, 'roads'),
  });
});

test('tells an address by a topic of the app’s, beside whoever a person has it tell', async () => {
  const answers = { 'alarm-email': 'ops@example.gov' };
  await world.run(PARTS, serving('trees'));
  await changeByHand('trees', { AlarmActions: [OPS] });
  const told = await world.run(PARTS, serving('trees', answers));
  expect(told.outcomes).toEqual({
    ...{ 'Target group': 'change', 'Alarm topic': 'create', Alarm: 'change' },
  });
  expect((await alarmOf('trees')).AlarmActions?.toSorted()).toEqual([topicOf('trees'), OPS]);
  const said = (await remarks(told.plan, told.results)).join('\n');
  expect(said).toContain('AWS has sent a mail to ops@example.gov');
  expect(said).toContain(`also has actions ${OPS}: not asked for, left alone`);

  const subscribe = { TopicArn: topicOf('trees'), Protocol: 'email', Endpoint: 'me@example.gov' };
  await world.aws.sns.send(new SubscribeCommand(subscribe));
  world.faults.clear();
  expect((await world.run(PARTS, serving('trees', answers))).outcomes).toEqual({
    ...{ 'Target group': 'keep', 'Alarm topic': 'keep', Alarm: 'keep' },
  });
  expect(world.changing()).toEqual([]);
  const { Subscriptions = [] } = await world.aws.sns.send(
    new ListSubscriptionsByTopicCommand({ TopicArn: topicOf('trees') }),
  );
  expect(Subscriptions.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`)).toEqual([
    ...['email ops@example.gov', 'email me@example.gov'],
  ]);
});

test('is not made beside one of another name that watches for the same', async () => {
  const app = serving('lawns');
  await world.run([targetGroup], app);
  const theirs = {
    ...{
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HealthyHostCount',
      Statistic: 'Average' as const,
    },
    ...{ Period: 300, EvaluationPeriods: 1, Threshold: 2 },
    Dimensions: await dimensionsOf(world, 'lawns'),
  } as const;
  const put = (
    AlarmName: string,
    ComparisonOperator: 'LessThanThreshold' | 'GreaterThanThreshold',
  ) =>
    world.aws.cloudWatch.send(
      new PutMetricAlarmCommand({ ...theirs, AlarmName, ComparisonOperator }),
    );
  // That there are too many is something else.
  await put('lawns-too-many', 'GreaterThanThreshold');
  expect((await world.plan(PARTS, app)).steps.at(-1)?.action).toBe('create');
  await put('lawns-are-well', 'LessThanThreshold');
  const before = await alarmNamed(world.aws, 'lawns-are-well');
  world.faults.clear();
  const answers = { 'alarm-email': 'ops@example.gov' };
  const { plan, results, outcomes, attention } = await world.run(PARTS, serving('lawns', answers));
  expect(outcomes.Alarm).toBe('keep');
  expect(world.changing()).not.toContain('PutMetricAlarm');
  expect(attention).toEqual([]);
  const says =
    'Alarm: the alarm lawns-are-well watches for it already, so that no second one is made; it was not made by digital-apps, and is left as it is.';
  expect(await remarks(plan, results)).toContain(says);
  expect(await remarks(plan, [])).toContain(says);
  expect(await alarmNamed(world.aws, 'lawns-are-well')).toEqual(before);
  // Another app's is another's.
  const other = await world.run(PARTS, serving('hedges'));
  expect(other.outcomes.Alarm).toBe('create');
});

test('of somebody else’s is not touched', async () => {
  const AlarmName = 'digital-apps/theirs/healthy-hosts';
  await world.aws.cloudWatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: 'Theirs', MetricName: 'Own', Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' },
    }),
  );
  await expect(world.run(PARTS, serving('theirs'))).rejects.toThrow(
    'Alarm digital-apps/theirs/healthy-hosts is there already and was not made by digital-apps.',
  );
  await world.aws.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
});
