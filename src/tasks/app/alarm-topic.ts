import {
  CreateTopicCommand,
  ListTagsForResourceCommand,
  paginateListSubscriptionsByTopic,
  SubscribeCommand,
  type Subscription,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import { orAbsent } from '../../aws/absent.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { topicArn } from './lib/alarm.ts';
import { resourceWhen } from './scope.ts';

interface Topic extends Live {
  emails: Set<string>;
  /** Of these, who has not said yet that they want it. */
  pending: string[];
}

export const alarmTopic = resourceWhen<Topic, NoNeeds>(
  ({ answers }) => answers['alarm-email'] !== 'none',
  {
    name: 'Alarm topic',
    section: 'CloudWatch > Alarm',
    why: 'Sends mail when an alarm of the app goes off.',
    docs: 'https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html',
    needs: {},
    async read(place) {
      const { sns } = place.aws;
      const TopicArn = topicArn(place);
      const pages = await orAbsent(
        Array.fromAsync(paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })),
        /^NotFound/,
      );
      if (!pages) return undefined;
      const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
      const mails = pages.flatMap(({ Subscriptions = [] }) => Subscriptions).filter(isMail);
      return {
        id: place.names.alarmTopic,
        tags: fromTagList(Tags),
        emails: new Set(mails.map(({ Endpoint }) => Endpoint!).sort()),
        pending: mails.filter(isPending).map(({ Endpoint }) => Endpoint!),
      };
    },
    wanted: ({ answers }) => ({ emails: new Set([answers['alarm-email']]) }),
    async create({ aws, names, tags }) {
      await aws.sns.send(new CreateTopicCommand({ Name: names.alarmTopic, Tags: tagList(tags) }));
      return { id: names.alarmTopic, tags, emails: new Set(), pending: [] };
    },
    set: {
      async emails({ env, live, to }) {
        const missing = [...to.difference(live.emails)];
        for (const Endpoint of missing) {
          await env.aws.sns.send(
            new SubscribeCommand({ TopicArn: topicArn(env), Protocol: 'email', Endpoint }),
          );
        }
        return { pending: [...live.pending, ...missing] };
      },
    },
    async tag(env) {
      await env.aws.sns.send(
        new TagResourceCommand({ ResourceArn: topicArn(env), Tags: tagList(env.tags) }),
      );
    },
    remarks: (_env, { pending }) =>
      pending.map(
        (email) =>
          `AWS has sent a mail to ${email}; whoever follows the link in it within two days hears of alarms, and nobody before that`,
      ),
  },
);

/** What was ended by the link in a mail is told of for a while. */
function isMail({ Protocol, SubscriptionArn }: Subscription): boolean {
  return Protocol === 'email' && SubscriptionArn !== 'Deleted';
}

/** AWS has no ARN for it yet. */
export function isPending({ SubscriptionArn }: Subscription): boolean {
  return SubscriptionArn === 'PendingConfirmation';
}
