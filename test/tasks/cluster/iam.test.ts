import {
  GetInstanceProfileCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, inject, test } from 'vitest';
import { awsClients } from '../../support/clients.ts';

const { endpoint, document } = inject('made');
const { iam } = awsClients(endpoint);
const account = document.account;
const TAGS = [
  { Key: 'digital-apps:cluster', Value: 'digitalApps' },
  { Key: 'digital-apps:region', Value: 'us-east-2' },
];

/** Anyone of that service may take the role on. */
const trusting = (Service: string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    },
  ],
});

describe('roles', () => {
  test.each([
    {
      name: 'digitalAppsInstanceRole',
      trust: trusting('ec2.amazonaws.com'),
      policies: [
        'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
        'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role',
      ],
    },
    {
      name: 'digitalAppsServiceRole',
      trust: trusting('ecs.amazonaws.com'),
      policies: ['arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole'],
    },
    {
      name: 'digitalAppsTaskRole',
      trust: trusting('ecs-tasks.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-east-2:${account}:*` },
      }),
      policies: [`arn:aws:iam::${account}:policy/digitalAppsConfigRead`],
    },
  ])('$name: its trust and its policies, no more', async ({ name, trust, policies }) => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    const written = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
    expect(written).toEqual(trust);
    expect(Role?.Tags).toEqual(TAGS);
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name }));
    expect(attached.AttachedPolicies?.map(({ PolicyArn }) => PolicyArn).sort()).toEqual(policies);
    const inline = await iam.send(new ListRolePoliciesCommand({ RoleName: name }));
    expect(inline.PolicyNames).toEqual([]);
  });

  test('the instance profile holds the instance role', async () => {
    const { InstanceProfile } = await iam.send(
      new GetInstanceProfileCommand({ InstanceProfileName: 'digitalAppsInstanceRole' }),
    );
    expect(InstanceProfile?.Roles?.map(({ RoleName }) => RoleName)).toEqual([
      'digitalAppsInstanceRole',
    ]);
    expect(InstanceProfile?.Tags).toEqual(TAGS);
  });

  test.each(['ECS', 'ElasticLoadBalancing', 'AutoScaling'])(
    'the service-linked role for %s is there',
    async (service) => {
      const RoleName = `AWSServiceRoleFor${service}`;
      await expect(iam.send(new GetRoleCommand({ RoleName }))).resolves.toBeDefined();
    },
  );
});

describe('the Travis user', () => {
  const UserName = 'digitalTravis';

  test('has no password, no key yet, and the deploy policy alone', async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    expect(User?.Tags).toEqual(TAGS);
    await expect(iam.send(new GetLoginProfileCommand({ UserName }))).rejects.toThrow(/[Ll]ogin/);
    const keys = await iam.send(new ListAccessKeysCommand({ UserName }));
    expect(keys.AccessKeyMetadata).toEqual([]);
    const attached = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    expect(attached.AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual([
      'digitalAppsDeploy',
    ]);
  });
});

describe('policies', () => {
  async function documentOf(name: string) {
    const PolicyArn = `arn:aws:iam::${account}:policy/${name}`;
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy?.Tags).toEqual(TAGS);
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''));
  }

  test('config-read allows listing and reading the bucket', async () => {
    expect(await documentOf('digitalAppsConfigRead')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:ListBucket'],
          Resource: ['arn:aws:s3:::cob-digital-apps-config'],
        },
        {
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: ['arn:aws:s3:::cob-digital-apps-config/*'],
        },
      ],
    });
  });

  test('deploy is the guide’s, with the two roles and an app’s alarm', async () => {
    const alarms = `arn:aws:cloudwatch:us-east-2:${account}:alarm:digital-apps/*/healthy-hosts`;
    expect(await documentOf('digitalAppsDeploy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
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
          ],
          Resource: ['*'],
        },
        {
          Effect: 'Allow',
          Action: ['iam:PassRole'],
          Resource: [
            `arn:aws:iam::${account}:role/digitalAppsServiceRole`,
            `arn:aws:iam::${account}:role/digitalAppsTaskRole`,
          ],
        },
        {
          Effect: 'Allow',
          Action: ['ecs:TagResource'],
          Resource: [`arn:aws:ecs:us-east-2:${account}:service/digitalApps/*`],
        },
        {
          Effect: 'Allow',
          Action: ['logs:GetLogEvents'],
          Resource: [`arn:aws:logs:us-east-2:${account}:log-group:digitalApps:*`],
        },
        {
          ...{ Effect: 'Allow', Resource: ['*'] },
          Action: ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmsForMetric'],
        },
        {
          Effect: 'Allow',
          Action: ['cloudwatch:ListTagsForResource', 'cloudwatch:TagResource'],
          Resource: [alarms],
        },
        {
          Effect: 'Allow',
          Action: ['cloudwatch:PutMetricAlarm'],
          Resource: [alarms],
          Condition: {
            'ForAllValues:StringLike': {
              'cloudwatch:AlarmActions': [`arn:aws:sns:us-east-2:${account}:*`],
            },
          },
        },
      ],
    });
  });
});
