import { type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateListSubscriptions, type Subscription } from '@aws-sdk/client-sns';
import type { Looking } from '../check.ts';

/** The alarms on how many healthy targets that group has, out of all of the Region's. */
export async function alarmsFor({ aws }: Looking, targetGroup: string): Promise<MetricAlarm[]> {
  const pages = await Array.fromAsync(
    paginateDescribeAlarms(
      { client: aws.cloudWatch, pageSize: 100 },
      { AlarmTypes: ['MetricAlarm'] },
    ),
  );
  const wanted = targetGroup.split(':').at(-1);
  return pages
    .flatMap(({ MetricAlarms = [] }) => MetricAlarms)
    .filter(
      ({ MetricName, Dimensions = [] }) =>
        MetricName === 'HealthyHostCount' &&
        Dimensions.some(({ Name, Value }) => Name === 'TargetGroup' && Value === wanted),
    );
}

/** Who is told by that topic, or is to be once they agree, out of all of the Region's. */
export async function subscriptionsTo({ aws }: Looking, topic: string): Promise<Subscription[]> {
  const pages = await Array.fromAsync(paginateListSubscriptions({ client: aws.sns }, {}));
  return pages
    .flatMap(({ Subscriptions = [] }) => Subscriptions)
    .filter(({ TopicArn, SubscriptionArn }) => TopicArn === topic && SubscriptionArn !== 'Deleted');
}
