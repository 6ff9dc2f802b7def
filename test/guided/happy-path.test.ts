import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { awsClients } from '../support/clients.ts';
import { keys, pasted } from '../support/keys.ts';
import { expectRestored, IN_SHELL, stepper, usePlace } from './wizard.ts';

const place = usePlace();

test('from the first question to the report by keys, and AWS has what was asked for', async () => {
  const terminal = place.open([], { ...IN_SHELL });
  const at = stepper(terminal);
  await at('could not be looked up', keys.enter);
  await at('the whole account shares?', keys.enter);
  await at('What is the cluster called?', keys.clear, 'my_apps', keys.enter);
  await at('“my_apps” will not do', keys.clear, pasted('park\n-works'));
  await at('❯ park -works▏', keys.home, keys.right, 'x', keys.backspace, keys.clear);
  await at('❯ ▏ark -works', keys.end, keys.clear, 'parks', keys.enter);
  await at('unique in the world?', keys.enter);
  await at('environment variables?', keys.enter);
  await at('Which instance type?', 'm7i');
  await at('m7i.large', keys.enter);
  await at('start from?', keys.enter);
  await at('in GiB?', keys.clear, '40', keys.enter);
  await at('at the least?', keys.enter);
  await at('to start with?', keys.enter);
  await at('at the most?', keys.enter);
  await at('Which network should the cluster live in?', keys.enter);
  await at('address range does the network get?', keys.enter);
  await at('In which zones?', keys.down, keys.down, ' ', keys.enter);
  await at('connect by SSH?', '203.0.113.0/24, 198.51.100.0/24', keys.enter);
  await at('Which key pair', keys.enter);
  await at('Container Insights?', keys.up, keys.enter);
  await at('Which certificate', keys.enter);
  await at('to create', 'j', keys.right);
  await at('Collects what the containers print');
  expect(place.changes()).toEqual([]);
  await at(/./, 'a');
  await terminal.ended;

  // The screen is gone; the report stays in the scrollback.
  expect(terminal.text()).toMatch(/Done: 2\d created, 2 as wanted/);
  expect(terminal.text()).toContain('\n  AWS_S3_CONFIG_BUCKET=cob-parks-config\n');
  expect(terminal.text()).toContain('\ncode 0\n');
  expect(terminal.text()).not.toContain('Which instance type?');
  expectRestored(terminal);
  const { ecs, elb, s3, ec2 } = awsClients(place.emulator.endpoint);
  const { clusters } = await ecs.send(
    new DescribeClustersCommand({ clusters: ['parks'], include: ['SETTINGS'] }),
  );
  expect(clusters?.[0]?.registeredContainerInstancesCount).toBe(2);
  expect(clusters?.[0]?.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ['parks'] }));
  expect(LoadBalancers?.[0]?.AvailabilityZones).toHaveLength(3);
  await s3.send(new HeadBucketCommand({ Bucket: 'cob-parks-config' }));
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs?.map(({ CidrBlock }) => CidrBlock)).toContain('10.20.0.0/16');
});
