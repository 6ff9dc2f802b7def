import {
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import type { AppWorld } from './world.ts';

type Clients = AppWorld['aws'];

export async function alarmNamed(
  { cloudWatch }: Clients,
  name: string,
): Promise<MetricAlarm & { tags: object }> {
  const { MetricAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name] }),
  );
  expect(MetricAlarms, name).toHaveLength(1);
  const ResourceARN = MetricAlarms[0]!.AlarmArn;
  const { Tags = [] } = await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
  return { ...MetricAlarms[0]!, tags };
}

/** Of a metric of the app's at the load balancer. */
export async function dimensionsOf(world: AppWorld, service: string) {
  const { lives } = await world.run([targetGroup], { service });
  const { arn } = lives.get(targetGroup) as unknown as { arn: string };
  const { cluster } = await world.env({ service });
  return [
    { Name: 'TargetGroup', Value: arn.slice(arn.indexOf('targetgroup/')) },
    { Name: 'LoadBalancer', Value: cluster.loadBalancer.arn.split(':loadbalancer/')[1] },
  ];
}

export function topicOf(app: string): string {
  return `arn:aws:sns:us-east-2:123456789012:digital-apps-${app}-alarms`;
}
