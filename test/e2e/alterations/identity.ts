import {
  AttachRolePolicyCommand,
  CreateLoginProfileCommand,
  CreatePolicyVersionCommand,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Alteration } from './alteration.ts';

const Bucket = 'cob-digital-apps-config';
const UserName = 'digitalTravis';
const policy = (name: string) => `arn:aws:iam::123456789012:policy/${name}`;
const forEc2 = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';
const forSsm = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
const trustingLambda = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});
const useless = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`arn:aws:s3:::${Bucket}`] }],
});

export const identity: Alteration[] = [
  {
    what: 'instance role deleted',
    async alter({ iam }) {
      const RoleName = 'digitalAppsInstanceRole';
      const InstanceProfileName = RoleName;
      for (const PolicyArn of [forEc2, forSsm]) {
        await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    },
    outcomes: { 'Instance role': 'create', 'Instance profile': 'change' },
  },
  {
    what: 'a policy detached from the instance role, another attached to it',
    async alter({ iam }) {
      const RoleName = 'digitalAppsInstanceRole';
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: forSsm }));
      const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    },
    outcomes: { 'Instance role': 'change' },
    notes: [/^Instance role: also has policies .*ReadOnlyAccess: .*left alone/m],
  },
  {
    what: 'the service role trusts another service',
    alter: ({ iam }) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'digitalAppsServiceRole',
          PolicyDocument: trustingLambda,
        }),
      ),
    outcomes: { 'Service role': 'change' },
  },
  {
    what: 'instance profile deleted',
    async alter({ iam }) {
      const InstanceProfileName = 'digitalAppsInstanceRole';
      await iam.send(
        new RemoveRoleFromInstanceProfileCommand({
          InstanceProfileName,
          RoleName: InstanceProfileName,
        }),
      );
      await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
    },
    outcomes: { 'Instance profile': 'create' },
  },
  {
    what: 'config-read policy deleted',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsConfigRead');
      await iam.send(new DetachRolePolicyCommand({ RoleName: 'digitalAppsTaskRole', PolicyArn }));
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
    outcomes: { 'Config-read policy': 'create', 'Task role': 'change' },
  },
  {
    what: 'Travis user deleted',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsDeploy');
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      await iam.send(new DeleteUserCommand({ UserName }));
    },
    outcomes: { 'Travis user': 'create' },
  },
  {
    what: 'Travis user given a password',
    alter: ({ iam }) =>
      iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-1' })),
    outcomes: { 'Travis user': 'change' },
  },
  {
    what: 'deploy policy deleted',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsDeploy');
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
    outcomes: { 'Deploy policy': 'create', 'Travis user': 'change' },
  },
  {
    what: 'deploy policy replaced four times over, until it has no room for another version',
    async alter({ iam }) {
      const PolicyArn = policy('digitalAppsDeploy');
      for (let version = 0; version < 4; version++) {
        await iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn,
            PolicyDocument: useless,
            SetAsDefault: true,
          }),
        );
      }
    },
    outcomes: { 'Deploy policy': 'change' },
  },
  {
    what: 'an old version of the deploy policy deleted',
    alter: ({ iam }) =>
      iam.send(
        new DeletePolicyVersionCommand({ PolicyArn: policy('digitalAppsDeploy'), VersionId: 'v3' }),
      ),
    outcomes: {},
  },
];
