import { type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
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
