import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roleChecks } from '../../src/checks/roles.ts';
import { identity as alterations } from '../e2e/alterations/identity.ts';
import { amiss, type ClusterWorld, newClusterWorld } from './cluster-world.ts';

let world: ClusterWorld;
beforeAll(async () => {
  world = await newClusterWorld();
}, 120_000);
afterAll(() => world?.stop());

const look = async () => amiss(await world.pass(roleChecks));
const policy = (name: string) => `arn:aws:iam::123456789012:policy/${name}`;
const forEc2 = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';
const forSsm = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';

async function alter(what: string) {
  await alterations.find((alteration) => alteration.what === what)!.alter(world.aws);
}

function trust(RoleName: string, Service: string, Condition?: object) {
  return world.aws.iam.send(
    new UpdateAssumeRolePolicyCommand({
      RoleName,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        // As the console writes it: one of anything, and no lists.
        Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', Condition },
      }),
    }),
  );
}

function write(name: string, Statement: object[]) {
  return world.aws.iam.send(
    new CreatePolicyVersionCommand({
      PolicyArn: policy(name),
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      SetAsDefault: true,
    }),
  );
}

test('healthy roles pass every check', async () => {
  const findings = await world.pass(roleChecks);
  expect(findings.map(({ status }) => status)).toEqual(roleChecks.map(() => 'pass'));
});

test('the instances’ role: policies, trust, profile', async () => {
  const RoleName = 'digitalAppsInstanceRole';
  for (const PolicyArn of [forEc2, forSsm]) {
    await world.aws.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  await trust(RoleName, 'ecs-tasks.amazonaws.com');
  expect(await look()).toEqual([
    `roles.instance-trust fail ${RoleName} does not trust ec2.amazonaws.com.`,
    `roles.instance-policies fail ${RoleName} lacks AmazonEC2ContainerServiceforEC2Role: the agent may not join the cluster.`,
    `roles.instance-policies warn ${RoleName} lacks AmazonSSMManagedInstanceCore: Session Manager does not reach the instances.`,
  ]);
  await trust(RoleName, 'ec2.amazonaws.com');
  for (const PolicyArn of [forEc2, forSsm]) {
    await world.aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  expect(await look()).toEqual([]);

  await alter('instance profile deleted');
  expect((await look())[0]).toBe(
    `roles.instance-profile fail The launch template names the instance profile ${RoleName}, which does not exist.`,
  );
  await world.mend();
  await alter('instance role deleted');
  expect(await look()).toEqual([
    `roles.instance-role fail There is no role ${RoleName}.`,
    `roles.instance-profile fail The instance profile ${RoleName} holds no role.`,
  ]);
  await world.mend();
  expect(await look()).toEqual([]);
});

test('an instance that runs without a profile', async () => {
  world.faults.inject({
    operation: 'DescribeInstances',
    rewrite: (body) => body.replace(/<iamInstanceProfile>.*?<\/iamInstanceProfile>/s, ''),
  });
  expect(await look()).toEqual([
    expect.stringMatching(
      /^roles.instance-profile fail 1 of 2 instances have no instance profile: i-\w+\.$/,
    ),
  ]);
});

test('the roles of ECS and the containers', async () => {
  const RoleName = 'digitalAppsTaskRole';
  const { iam } = world.aws;
  await alter('the service role trusts another service');
  await iam.send(
    new DetachRolePolicyCommand({ RoleName, PolicyArn: policy('digitalAppsConfigRead') }),
  );
  await trust(RoleName, 'ecs-tasks.amazonaws.com', {
    StringEquals: { 'aws:SourceAccount': '210987654321' },
  });
  expect(await look()).toEqual([
    'roles.service fail digitalAppsServiceRole does not trust ecs.amazonaws.com in this account and Region.',
    `roles.task fail ${RoleName} does not trust ecs-tasks.amazonaws.com in this account and Region.`,
    `roles.task fail ${RoleName} lacks the policy digitalAppsConfigRead.`,
  ]);
  await trust(RoleName, 'ecs-tasks.amazonaws.com', {
    StringEquals: { 'aws:SourceAccount': ['210987654321', '123456789012'] },
    ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:us-east-2:*:*' },
  });
  expect(await look()).toHaveLength(2);
  await iam.send(new DeleteRoleCommand({ RoleName }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'AWSServiceRoleForECS' }));
  expect((await look()).slice(1)).toEqual([
    `roles.task fail There is no role ${RoleName}.`,
    'roles.service-linked fail The Service-linked role for ECS is gone.',
  ]);
  await world.mend();
  expect(await look()).toEqual([]);
});

test('policies that allow too little, too much, or nothing any more', async () => {
  const bucket = 'arn:aws:s3:::cob-digital-apps-config';
  await write('digitalAppsConfigRead', [
    { Effect: 'Allow', Action: 's3:List*', Resource: bucket },
    { Effect: 'Allow', Action: 's3:*', Resource: `${bucket}/*` },
    { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' },
  ]);
  await alter('deploy policy replaced four times over, until it has no room for another version');
  expect(await look()).toEqual([
    `roles.config-read fail digitalAppsConfigRead does not allow s3:GetObject on ${bucket}/*.`,
    expect.stringMatching(
      /^roles.deploy fail digitalAppsDeploy does not allow application-autoscaling:Describe\*, application-autoscaling:RegisterScalableTarget, \S+ and \d+ more\.$/,
    ),
  ]);
  await write('digitalAppsConfigRead', [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]);
  expect((await look())[0]).toBe(
    'roles.config-read warn digitalAppsConfigRead was changed, and may allow more than is needed.',
  );
  // Somebody has copied the policy of another cluster.
  await write('digitalAppsConfigRead', [
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::cob-other-config' },
  ]);
  expect((await look())[0]).toContain(`does not allow s3:ListBucket on ${bucket}, s3:GetObject on`);
  await alter('config-read policy deleted');
  expect(await look()).toContain(
    'roles.config-read fail There is no policy digitalAppsConfigRead.',
  );
  await world.mend();
  expect(await look()).toEqual([]);
});
