import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { orAbsent } from '../../aws/absent.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { type Place, resource } from './scope.ts';

/** The guide's three months, in days. */
export const RETENTION = 90;

interface LogGroup extends Live {
  /** In days; undefined keeps everything for ever. */
  retention?: number;
  /** The account's policy that sets it, where there is one. */
  governedBy?: string;
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
      orAbsent(
        aws.logs.send(new ListTagsForResourceCommand({ resourceArn: arnOf(place) })),
        /^ResourceNotFound/,
      ),
    ]);
    const group = found.logGroups?.find(({ logGroupName }) => logGroupName === names.logGroup);
    if (!group) return undefined;
    // An account-wide policy overrules the group's own number; it is not fought.
    const retention = group.retentionPolicyName ? RETENTION : group.retentionInDays;
    const governedBy = group.retentionPolicyName;
    return { id: names.logGroup, tags: tags?.tags ?? {}, retention, governedBy };
  },
  wanted: () => ({ retention: RETENTION }),
  remarks: (_env, { governedBy }) =>
    governedBy ? [`how long it keeps is set by the account’s policy ${governedBy}`] : [],
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
