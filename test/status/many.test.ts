import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect, onTestFinished, test } from 'vitest';
import { found } from '../app/found.ts';
import type { Clients } from '../app/world.ts';
import { recordAllRunning } from '../support/recorded/services.ts';
import { recordTargetHealth } from '../support/recorded/target-health.ts';
import { documentOf, manyApps, newStatusWorld } from './world.ts';

test('many apps cost calls by the page, and of those that are well CloudWatch tells', async () => {
  const world = await newStatusWorld();
  onTestFinished(world.stop);
  const { aws, faults } = world;
  const status = async () => documentOf(await world.machine.run('status', '--json'));
  const before = (await status()).calls.total;
  const names = await manyApps(aws, 0, 200);
  faults.clear();
  recordAllRunning(faults);
  recordTargetHealth(faults, [{ state: 'healthy' }, { state: 'healthy' }]);
  await measure(aws, names.at(-1)!, { HealthyHostCount: 1, UnHealthyHostCount: 1 });
  const { apps, calls, unseen } = await status();
  expect(unseen).toEqual([]);
  expect(apps).toHaveLength(200);
  const count = (name: string) => faults.calls.filter(({ operation }) => operation === name).length;
  expect({
    services: count('DescribeServices'),
    targets: count('DescribeTargetHealth'),
    metrics: count('GetMetricData'),
    tasks: count('DescribeTasks'),
    definitions: count('DescribeTaskDefinition'),
  }).toEqual({ services: 20, targets: 20, metrics: 1, tasks: 4, definitions: 0 });
  expect(calls.total).toBe(faults.calls.length);
  // 20 of services and of targets’ health each, 10 of target groups’ tags, 4 of rules’ and of tasks each.
  expect(calls.total - before).toBeLessThan(65);
  expect(apps.filter(({ version }) => version === '1-abc')).toHaveLength(200);
  const last = apps.find(({ service }) => service === names.at(-1));
  expect(last).toMatchObject({ state: 'degraded', targets: { healthy: 1, total: 2 } });
  // Nobody has measured the others of those that were not asked for.
  expect(apps.filter(({ targets }) => targets)).toHaveLength(21);
}, 240_000);

/** As the load balancer tells CloudWatch. */
async function measure(
  aws: Clients,
  service: string,
  values: Record<string, number>,
): Promise<void> {
  const [group] = await found.targetGroups(aws, service);
  const { LoadBalancerArn } = await found.loadBalancer(aws);
  const Dimensions = [
    { Name: 'TargetGroup', Value: group!.TargetGroupArn!.split(':').at(-1)! },
    { Name: 'LoadBalancer', Value: LoadBalancerArn!.split(':loadbalancer/')[1]! },
  ];
  await aws.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'AWS/ApplicationELB',
      MetricData: Object.entries(values).map(([MetricName, Value]) => ({
        ...{ MetricName, Value, Dimensions },
      })),
    }),
  );
}
