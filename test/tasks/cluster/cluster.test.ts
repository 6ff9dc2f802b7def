import {
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, inject, test } from 'vitest';
import { awsClients } from '../../support/clients.ts';

const { endpoint } = inject('made');
const { ecs, logs } = awsClients(endpoint);

test('the log group keeps three months, and carries our tags', async () => {
  const { logGroups } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: 'digitalApps' }),
  );
  expect(logGroups?.map((group) => [group.logGroupName, group.retentionInDays])).toEqual([
    ['digitalApps', 90],
  ]);
  const resourceArn = logGroups?.[0]?.arn?.replace(/:\*$/, '');
  const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(tags).toEqual({
    'digital-apps:cluster': 'digitalApps',
    'digital-apps:region': 'us-east-2',
  });
});

describe('the ECS cluster', () => {
  test('stands, with Container Insights as answered', async () => {
    const { clusters } = await ecs.send(
      new DescribeClustersCommand({ clusters: ['digitalApps'], include: ['TAGS', 'SETTINGS'] }),
    );
    expect(clusters).toMatchObject([
      {
        status: 'ACTIVE',
        settings: [{ name: 'containerInsights', value: 'enabled' }],
        tags: [
          { key: 'digital-apps:cluster', value: 'digitalApps' },
          { key: 'digital-apps:region', value: 'us-east-2' },
        ],
      },
    ]);
  });

  test('has the desired instances, with connected agents', async () => {
    const cluster = 'digitalApps';
    const { containerInstanceArns: containerInstances } = await ecs.send(
      new ListContainerInstancesCommand({ cluster }),
    );
    const found = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances }),
    );
    expect(found.containerInstances?.map((each) => each.agentConnected)).toEqual([true, true]);
  });
});
