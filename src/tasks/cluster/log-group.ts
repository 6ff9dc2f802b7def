import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Place } from '../env.ts';
import { type Live, type NoNeeds, resource } from '../resource.ts';

interface LogGroup extends Live {
  /** In days; undefined keeps everything for ever. */
  retention?: number;
}

export const logGroup = resource<LogGroup, NoNeeds>({
  name: 'Log group',
  section: 'CloudWatch > Log Group',
  why: 'Collects what the containers print, for three months.',
  docs: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  cost: 'per GB of log taken in and kept',
  needs: {},
  async read(place) {
    const { aws, names } = place;
    const [found, tags] = await Promise.all([
      aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: names.logGroup })),
      aws.logs.send(new ListTagsForResourceCommand({ resourceArn: arnOf(place) })).catch(ifAbsent),
    ]);
    const group = found.logGroups?.find(({ logGroupName }) => logGroupName === names.logGroup);
    return (
      group && { id: names.logGroup, tags: tags?.tags ?? {}, retention: group.retentionInDays }
    );
  },
  wanted: () => ({ retention: 90 }),
  async create({ aws, names, tags }) {
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: names.logGroup, tags }));
    return { id: names.logGroup, tags };
  },
  set: {
    async retention({ env, live, to }) {
      await env.aws.logs.send(
        new PutRetentionPolicyCommand({ logGroupName: live.id, retentionInDays: to }),
      );
    },
  },
  async tag(env) {
    await env.aws.logs.send(new TagResourceCommand({ resourceArn: arnOf(env), tags: env.tags }));
  },
});

function arnOf({ partition, region, account, names }: Place): string {
  return `arn:${partition}:logs:${region}:${account}:log-group:${names.logGroup}`;
}

function ifAbsent(error: Error): undefined {
  if (error.name !== 'ResourceNotFoundException') throw error;
}
