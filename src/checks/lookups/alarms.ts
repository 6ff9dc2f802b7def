import { type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateListSubscriptions, type Subscription } from '@aws-sdk/client-sns';
import type { Looking } from '../check.ts';
import { once } from './once.ts';

/** The alarms on how many healthy targets that group has, out of all of the Region's. */
export async function alarmsFor(looking: Looking, targetGroup: string): Promise<MetricAlarm[]> {
  const all = await allAlarms(looking);
  return all.filter(
    (alarm) => alarm.MetricName === 'HealthyHostCount' && isOnTargets(alarm, targetGroup),
  );
}

/** Those of these names, out of all of the Region's. */
export async function alarmsNamed(looking: Looking, names: string[]): Promise<MetricAlarm[]> {
  return (await allAlarms(looking)).filter(({ AlarmName }) => names.includes(AlarmName!));
}

export function isGoingOff({ StateValue }: MetricAlarm): boolean {
  return StateValue === 'ALARM';
}

/** That it is, and why, as CloudWatch says it. */
export function alarmWords({ AlarmName, StateReason }: MetricAlarm): string {
  return `${AlarmName} is in ALARM${StateReason ? `: ${StateReason}` : ''}`;
}

/** Whether an alarm is on anything that CloudWatch knows of that target group. */
export function isOnTargets(alarm: MetricAlarm, targetGroup: string): boolean {
  return isOn(alarm, { TargetGroup: targetGroup.split(':').at(-1)! });
}

/** Whether it is on anything that CloudWatch knows of that service. */
export function isOnService(alarm: MetricAlarm, cluster: string, service: string): boolean {
  return isOn(alarm, { ClusterName: cluster, ServiceName: service });
}

function isOn({ Dimensions = [] }: MetricAlarm, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    Dimensions.some(({ Name, Value }) => Name === name && Value === value),
  );
}

/** The Region's alarms, a hundred a call; those left out that only tell ECS when to scale. */
export function allAlarms(looking: Looking): Promise<MetricAlarm[]> {
  return once(looking, 'alarms', () => askAlarms(looking));
}

async function askAlarms({ aws }: Looking): Promise<MetricAlarm[]> {
  const pages = await Array.fromAsync(
    paginateDescribeAlarms(
      { client: aws.cloudWatch, pageSize: 100 },
      { AlarmTypes: ['MetricAlarm'] },
    ),
  );
  return pages
    .flatMap(({ MetricAlarms = [] }) => MetricAlarms)
    .filter(({ AlarmName }) => !AlarmName?.startsWith('TargetTracking-'));
}

/** Who is told by that topic, or is to be once they agree, out of all of the Region's. */
export async function subscriptionsTo({ aws }: Looking, topic: string): Promise<Subscription[]> {
  const pages = await Array.fromAsync(paginateListSubscriptions({ client: aws.sns }, {}));
  return pages
    .flatMap(({ Subscriptions = [] }) => Subscriptions)
    .filter(({ TopicArn, SubscriptionArn }) => TopicArn === topic && SubscriptionArn !== 'Deleted');
}
