import {
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { whereGiven } from '../../../aws/cli-lines.ts';
import type { Place as ClusterPlace } from '../../cluster/scope.ts';
import { differences } from '../../diff.ts';
import { differenceWords } from '../../difference-words.ts';
import type { Running } from '../../env.ts';
import { declaring, type Live } from '../../resource.ts';
import { fromTagList, ourTags, tagList } from '../../tags.ts';
import type { AppAnswers } from '../answers.ts';
import type { Cluster } from '../cluster.ts';
import type { AppNames } from '../names.ts';
import { targetGroup } from '../target-group.ts';

/** All that an alarm is found and made by: who deploys knows no more. */
export interface Place extends ClusterPlace {
  names: ClusterPlace['names'] & AppNames;
  cluster: { loadBalancer: Pick<Cluster['loadBalancer'], 'arn'> };
}

interface Answered extends Place {
  answers: Pick<AppAnswers, 'monitoring'>;
  isServing: boolean;
}

export interface Env extends Answered, Running {}

const { resourceWhen } = declaring<{ place: Place; answered: Answered; env: Env }>();

/** What is watched and when it is too much, as CloudWatch has it; periods in seconds. */
export type Watch = Required<
  Pick<
    MetricAlarm,
    | 'Namespace'
    | 'MetricName'
    | 'Statistic'
    | 'Period'
    | 'EvaluationPeriods'
    | 'Threshold'
    | 'ComparisonOperator'
    | 'TreatMissingData'
  >
>;

export interface LiveAlarm extends Live {
  /** All of it, as CloudWatch tells it. */
  found: MetricAlarm;
  /** Of what the metric is. */
  dimensions: Record<string, string>;
  /** What it tells when it goes off: ARNs, of topics mostly. */
  actions: Set<string>;
}

interface TargetGroup {
  arn: string;
  asked: string[];
}

interface AlarmSpec {
  name: string;
  why: string;
  nameIn(names: Place['names']): string;
  when(answered: Answered): boolean;
  /** What the mail says. */
  description(names: Place['names']): string;
  watch: Watch;
  dimensions(env: Env, targetGroup: TargetGroup): Record<string, string>;
  /** One of another name that watches for the same. */
  another?(place: Place): Promise<MetricAlarm | undefined>;
  /** Of the cluster, and not of the app that asked for it. */
  shared?: true;
  /** Whether it is of no use to whoever changes it. */
  isVital?: true;
}

/** An alarm: how it is found and made. What a person has changed of it stays, and is told. */
export function alarm(spec: AlarmSpec) {
  const { name, why, nameIn, when, watch, shared } = spec;
  const tagsFor = ({ tags, names, region }: Env) =>
    tagList(shared ? ourTags(names.cluster, region) : tags);
  const isAnother = ({ names }: Place, { id }: LiveAlarm) => id !== nameIn(names);
  const changes = (env: Env, live: LiveAlarm) => {
    const { id, found } = live;
    const { aws, region } = env;
    const words = isAnother(env, live) ? undefined : changedByHand(found, watch);
    if (!words) return [];
    const says = `was changed by hand (${words}) and left so; to have it as it was, delete it and run again: aws cloudwatch delete-alarms --region ${region} --alarm-names ${id}`;
    return [whereGiven(spec.isVital ? `The alarm ${id} ${says}` : says, aws.connection)];
  };
  return resourceWhen<LiveAlarm, { targetGroup: typeof targetGroup }>(when, {
    name,
    section: 'CloudWatch > Alarm',
    why,
    docs: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html',
    cost: 'per month, beyond ten alarms that are free',
    needs: { targetGroup },
    shared,
    async read(place) {
      const own = await readAlarm(place, nameIn(place.names));
      const other = own ? undefined : await spec.another?.(place);
      // Without tags, as it is not to be taken over either.
      return own ?? (other && liveAlarm(other));
    },
    wanted(env, { targetGroup }, live) {
      if (live && isAnother(env, live)) return {};
      return {
        // What watches something else by now is a person's own.
        ...(live && live.found.MetricName !== watch.MetricName
          ? {}
          : { dimensions: spec.dimensions(env, targetGroup) }),
        actions: new Set(targetGroup.asked.includes('alarm-email') ? [topicArn(env)] : []),
      };
    },
    async create(env, { targetGroup }, { actions = new Set() }) {
      const found = {
        ...watch,
        AlarmName: nameIn(env.names),
        AlarmDescription: spec.description(env.names),
      };
      const dimensions = spec.dimensions(env, targetGroup);
      const live = { id: found.AlarmName, tags: env.tags, found, dimensions, actions };
      await put(env, live, { Tags: tagsFor(env) });
      return live;
    },
    set: {
      dimensions: ({ env, live, to }) => put(env, { ...live, dimensions: to }),
      actions: ({ env, live, to }) => put(env, { ...live, actions: live.actions.union(to) }),
    },
    async tag(env, { id }) {
      const ResourceARN = alarmArn(env, id);
      await env.aws.cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags: tagsFor(env) }));
    },
    ...(spec.isVital && { attention: changes }),
    remarks: (env, live) =>
      isAnother(env, live)
        ? [
            `the alarm ${live.id} watches for it already, so that no second one is made; it was not made by digital-apps, and is left as it is`,
          ]
        : spec.isVital
          ? []
          : changes(env, live),
  });
}

async function readAlarm(place: Place, name: string): Promise<LiveAlarm | undefined> {
  const { cloudWatch } = place.aws;
  // The same question for each alarm, so that it is asked once.
  const AlarmNames = namesOfAlarms(place.names);
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  const found = MetricAlarms.find(({ AlarmName }) => AlarmName === name);
  if (!found) return undefined;
  const ResourceARN = alarmArn(place, name);
  const { Tags } = await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  return { ...liveAlarm(found), tags: fromTagList(Tags) };
}

function liveAlarm(found: MetricAlarm): LiveAlarm {
  const dimensions = found.Dimensions?.map(({ Name, Value }) => [Name!, Value!] as const) ?? [];
  return {
    id: found.AlarmName!,
    found,
    dimensions: Object.fromEntries(dimensions),
    actions: new Set(found.AlarmActions),
  };
}

function namesOfAlarms(names: Place['names']): string[] {
  const { healthyHostsAlarm, errorsAlarm, memoryAlarm } = names;
  const { instanceCpuAlarm, instanceMemoryAlarm } = names;
  return [healthyHostsAlarm, errorsAlarm, memoryAlarm, instanceCpuAlarm, instanceMemoryAlarm];
}

/** The call replaces all there is, so that what a person has set goes in again. */
async function put(
  { aws }: Env,
  { found, dimensions, actions }: LiveAlarm,
  more: Partial<PutMetricAlarmCommandInput> = {},
): Promise<{ found: MetricAlarm }> {
  const whole = {
    ...found,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    AlarmActions: [...actions],
    // An emulator tells of none where AWS tells nothing, and takes it for some.
    Metrics: found.Metrics?.length ? found.Metrics : undefined,
  };
  await aws.cloudWatch.send(
    new PutMetricAlarmCommand({ ...whole, AlarmName: found.AlarmName, ...more }),
  );
  return { found: whole };
}

/** In what an alarm is no longer as it was made, "Threshold: 1 → 2"; undefined where it is. */
export function changedByHand(found: MetricAlarm, watch: Watch): string | undefined {
  const { ActionsEnabled = true, DatapointsToAlarm, EvaluationPeriods } = found;
  const isStricter = DatapointsToAlarm && DatapointsToAlarm !== EvaluationPeriods;
  const live = Object.keys(watch).map((key) => [key, found[key as keyof Watch] ?? null]);
  const words = [
    ...differences(watch, Object.fromEntries(live)).map(differenceWords),
    ...(isStricter ? [`DatapointsToAlarm: ${DatapointsToAlarm}`] : []),
    ...(ActionsEnabled ? [] : ['its actions are switched off']),
  ];
  return words.length > 0 ? words.join(', ') : undefined;
}

function alarmArn({ partition, region, account }: Place, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** Of the app's topic, whether it is there or not. */
export function topicArn({ partition, region, account, names }: Place): string {
  return `arn:${partition}:sns:${region}:${account}:${names.alarmTopic}`;
}
