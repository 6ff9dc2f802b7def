import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  TagPolicyCommand,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { NO_ENTITY, policyArn, roleArn } from './lib/iam-arns.ts';
import { healthyHostsAlarmOf, type Names } from './names.ts';
import { type Env, type Place, resource } from './scope.ts';

interface Policy extends Live {
  document: PolicyDocument;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: {
    Effect: 'Allow';
    Action: string[];
    Resource: string[];
    Condition?: Record<string, Record<string, string[]>>;
  }[];
}

export const configReadPolicy = policy({
  name: 'Config-read policy',
  why: 'Read-only access to the config bucket, for the task role.',
  nameIn: (names) => names.configReadPolicy,
  document: configReadDocument,
});

export const deployPolicy = policy({
  name: 'Deploy policy',
  why: 'What a CI server needs to push an image and put it into service, and no more.',
  nameIn: (names) => names.deployPolicy,
  document: deployDocument,
});

/** What the task role may do with the config bucket that `names` has. */
export function configReadDocument({ partition, names }: Place): PolicyDocument {
  return allow(
    [['s3:ListBucket'], [`arn:${partition}:s3:::${names.bucket}`]],
    [['s3:GetObject'], [`arn:${partition}:s3:::${names.bucket}/*`]],
  );
}

type DeployPlace = Pick<Place, 'partition' | 'region' | 'account' | 'names'>;

/** What deploying takes. */
export function deployDocument(place: DeployPlace): PolicyDocument {
  const { partition, region, account, names } = place;
  const { cluster, logGroup, serviceRole, taskRole } = names;
  const { Version, Statement } = allow(
    [DEPLOY_ACTIONS, ['*']],
    [['iam:PassRole'], [roleArn(place, serviceRole), roleArn(place, taskRole)]],
    [['ecs:TagResource'], [`arn:${partition}:ecs:${region}:${account}:service/${cluster}/*`]],
    [['logs:GetLogEvents'], [`arn:${partition}:logs:${region}:${account}:log-group:${logGroup}:*`]],
  );
  return { Version, Statement: [...Statement, ...alarmStatements(place)] };
}

/** For the alarm that a first deploy makes: an alarm could also stop an instance, or run a function. */
function alarmStatements({
  partition,
  region,
  account,
  names,
}: DeployPlace): PolicyDocument['Statement'] {
  const alarms = `arn:${partition}:cloudwatch:${region}:${account}:alarm`;
  const Resource = [`${alarms}:${healthyHostsAlarmOf(names.repositoryNamespace, '*')}`];
  const topics = [`arn:${partition}:sns:${region}:${account}:*`];
  return [
    {
      ...{ Effect: 'Allow', Resource: ['*'] },
      Action: ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmsForMetric'],
    },
    {
      ...{ Effect: 'Allow', Resource },
      Action: ['cloudwatch:ListTagsForResource', 'cloudwatch:TagResource'],
    },
    {
      ...{ Effect: 'Allow', Resource },
      Action: ['cloudwatch:PutMetricAlarm'],
      Condition: { 'ForAllValues:StringLike': { 'cloudwatch:AlarmActions': topics } },
    },
  ];
}

const DEPLOY_ACTIONS = [
  'application-autoscaling:Describe*',
  'application-autoscaling:RegisterScalableTarget',
  'ecs:List*',
  'ecs:Describe*',
  'ecs:RegisterTaskDefinition',
  'ecs:CreateService',
  'ecs:UpdateService',
  'elasticloadbalancing:Describe*',
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:GetDownloadUrlForLayer',
  'ecr:GetRepositoryPolicy',
  'ecr:DescribeRepositories',
  'ecr:ListImages',
  'ecr:DescribeImages',
  'ecr:BatchGetImage',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
];

interface PolicySpec {
  name: string;
  why: string;
  nameIn: (names: Names) => string;
  document: (place: Place) => PolicyDocument;
}

function policy({ name, why, nameIn, document }: PolicySpec) {
  return resource<Policy, NoNeeds>({
    name,
    section: 'IAM > Policies',
    why,
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html',
    needs: {},
    read: (place) => readPolicy(place, policyArn(place, nameIn(place.names))),
    wanted: (env) => ({ document: document(env) }),
    async create(env, _needs, { document: wanted }) {
      await env.aws.iam.send(
        new CreatePolicyCommand({
          PolicyName: nameIn(env.names),
          Description: why,
          PolicyDocument: JSON.stringify(wanted),
          Tags: tagList(env.tags),
        }),
      );
      const id = policyArn(env, nameIn(env.names));
      return { id, tags: env.tags, document: wanted! };
    },
    set: {
      async document({ env, live, to }) {
        await makeRoom(env, live.id);
        await env.aws.iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn: live.id,
            PolicyDocument: JSON.stringify(to),
            SetAsDefault: true,
          }),
        );
      },
    },
    async tag({ aws, tags }, live) {
      await aws.iam.send(new TagPolicyCommand({ PolicyArn: live.id, Tags: tagList(tags) }));
    },
  });
}

export async function readPolicy({ aws }: Place, PolicyArn: string): Promise<Policy | undefined> {
  const found = await orAbsent(aws.iam.send(new GetPolicyCommand({ PolicyArn })), NO_ENTITY);
  if (!found?.Policy) return undefined;
  const { PolicyVersion } = await aws.iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: found.Policy.DefaultVersionId }),
  );
  return {
    id: PolicyArn,
    tags: fromTagList(found.Policy.Tags),
    document: JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '%7B%7D')),
  };
}

/** IAM keeps five versions of a policy: at five, the oldest that is not in force goes. */
async function makeRoom({ aws }: Env, PolicyArn: string): Promise<void> {
  const { Versions = [] } = await aws.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  if (Versions.length < 5) return;
  const oldest = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
    (a, b) => Number(a.CreateDate) - Number(b.CreateDate),
  )[0];
  await aws.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: oldest?.VersionId }));
}

function allow(...statements: [actions: string[], resources: string[]][]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource })),
  };
}

/** The bucket that a config-read policy lists; undefined where somebody has rewritten it beyond recognition. */
export function bucketOf({ document }: { document: object }): string | undefined {
  const resources = JSON.stringify(document).matchAll(/"arn:[a-z-]+:s3:::([a-z0-9.-]+)"/g);
  return [...resources][0]?.[1];
}
