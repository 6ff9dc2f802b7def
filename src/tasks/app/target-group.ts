import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../aws/absent.ts';
import { elbTags, tagElb } from '../cluster/load-balancer.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { REPOSITORY_TAG, tagList } from '../tags.ts';
import type { AppAnswers } from './answers.ts';
import { type Env, resource } from './scope.ts';

interface LiveTargetGroup extends Live {
  arn: string;
  vpcId: string;
  protocol: string;
  targetType: string;
  healthCheckPath: string;
  /** In seconds. */
  deregistrationDelay: number;
  /** "owner/name" at GitHub, by a tag: so it is known which app a repository's is. */
  repository: string;
  /** What the app was to do without, by a tag: a later run asks for it no more. */
  declined: string[];
  /** What it was to have beside the usual, likewise: who deploys may look at this alone. */
  asked: string[];
  /** Whether a container of it answers as it should. */
  isServing: boolean;
}

/** In seconds. AWS's own makes every deployment wait for five minutes. */
const DEREGISTRATION_DELAY = 30;
const AWS_OWN_DELAY = 300;
const DECLINED = 'digital-apps:declined';
const ASKED = 'digital-apps:asked';
/** The repository of an app that was added before it was noted. */
export const UNKNOWN = 'unknown';
const DELAY = 'deregistration_delay.timeout_seconds';

export const targetGroup = resource<LiveTargetGroup, NoNeeds>({
  name: 'Target group',
  section: 'EC2 > Target Group',
  why: 'The app’s containers, as the load balancer knows them; only those that are well get requests.',
  docs: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html',
  needs: {},
  async read(place) {
    const found = await orAbsent(
      place.aws.elb.send(new DescribeTargetGroupsCommand({ Names: [place.names.targetGroup] })),
      /^TargetGroupNotFound/,
    );
    const group = found?.TargetGroups?.[0];
    if (!group) return undefined;
    const TargetGroupArn = group.TargetGroupArn!;
    const [tags, { Attributes = [] }, { TargetHealthDescriptions = [] }] = await Promise.all([
      elbTags(place, TargetGroupArn),
      place.aws.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
      place.aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
    ]);
    const delay = Number(Attributes.find(({ Key }) => Key === DELAY)?.Value);
    const [declined, asked] = [wordsIn(tags[DECLINED]), wordsIn(tags[ASKED])];
    const isServing = TargetHealthDescriptions.some(
      ({ TargetHealth }) => TargetHealth?.State === 'healthy',
    );
    const known = { repository: tags[REPOSITORY_TAG] ?? UNKNOWN, declined, asked, isServing };
    return { ...liveTargetGroup(group), tags, deregistrationDelay: delay, ...known };
  },
  wanted: ({ answers, cluster, slug }) => ({
    vpcId: cluster.vpcId,
    protocol: 'HTTP',
    targetType: 'instance',
    healthCheckPath: answers['health-check'],
    deregistrationDelay: DEREGISTRATION_DELAY,
    repository: slug,
    declined: declinedIn(answers),
    asked: askedIn(answers),
  }),
  async create({ aws, names, answers, cluster, slug, tags }) {
    const { TargetGroups } = await aws.elb.send(
      new CreateTargetGroupCommand({
        Name: names.targetGroup,
        VpcId: cluster.vpcId,
        Protocol: 'HTTP',
        // Each container's own port takes its place.
        Port: 80,
        TargetType: 'instance',
        HealthCheckPath: answers['health-check'],
        Tags: tagList({
          ...tags,
          [REPOSITORY_TAG]: slug,
          [DECLINED]: declinedIn(answers).join(' '),
          [ASKED]: askedIn(answers).join(' '),
        }),
      }),
    );
    const noted = { repository: slug, declined: declinedIn(answers), asked: askedIn(answers) };
    return { ...liveTargetGroup(TargetGroups![0]!), ...noted };
  },
  set: {
    async healthCheckPath({ env, live, to }) {
      await env.aws.elb.send(
        new ModifyTargetGroupCommand({ TargetGroupArn: live.arn, HealthCheckPath: to }),
      );
    },
    repository: ({ env, live, to }) => note(env, live, REPOSITORY_TAG, to),
    declined: ({ env, live, to }) => note(env, live, DECLINED, to.join(' ')),
    asked: ({ env, live, to }) => note(env, live, ASKED, to.join(' ')),
    async deregistrationDelay({ env, live, to }) {
      await env.aws.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn: live.arn,
          Attributes: [{ Key: DELAY, Value: String(to) }],
        }),
      );
    },
  },
  imagine: () => ({ arn: '(the new target group)' }),
  tag: (env, live) => tagElb(env, live.arn),
});

function declinedIn({ cdn, certificate }: AppAnswers): string[] {
  return [...(certificate === 'none' ? ['certificate'] : []), ...(cdn ? [] : ['cdn'])];
}

function askedIn(answers: AppAnswers): string[] {
  return answers['alarm-email'] === 'none' ? [] : ['alarm-email'];
}

function wordsIn(tag = ''): string[] {
  return tag.split(' ').filter(Boolean);
}

async function note({ aws }: Env, { arn }: LiveTargetGroup, Key: string, Value: string) {
  const Tags = [{ Key, Value }];
  await aws.elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags }));
}

function liveTargetGroup(group: TargetGroup): LiveTargetGroup {
  return {
    id: group.TargetGroupName!,
    arn: group.TargetGroupArn!,
    vpcId: group.VpcId ?? 'none',
    protocol: group.Protocol ?? 'none',
    targetType: group.TargetType!,
    healthCheckPath: group.HealthCheckPath ?? 'none',
    deregistrationDelay: AWS_OWN_DELAY,
    repository: UNKNOWN,
    declined: [],
    asked: [],
    isServing: false,
  };
}
