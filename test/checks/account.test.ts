import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountChecks } from '../../src/checks/account.ts';
import { amiss, type ClusterWorld, newClusterWorld, seen } from './cluster-world.ts';

let world: ClusterWorld;
beforeAll(async () => {
  world = await newClusterWorld();
}, 120_000);
afterAll(() => world?.stop());

const UserName = 'digitalTravis';
const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 3_600_000).toISOString();

function made(days: number) {
  world.faults.inject({
    operation: 'ListAccessKeys',
    rewrite: (body) =>
      body.replace(/<CreateDate>.*?<\/CreateDate>/g, `<CreateDate>${daysAgo(days)}</CreateDate>`),
  });
}

function lastUsed(days: number) {
  const date = `<LastUsedDate>${daysAgo(days)}</LastUsedDate>`;
  world.faults.inject({
    operation: 'GetAccessKeyLastUsed',
    rewrite: (body) =>
      body
        .replace(/<LastUsedDate>.*?<\/LastUsedDate>/, '')
        .replace('<AccessKeyLastUsed>', `<AccessKeyLastUsed>${date}`),
  });
}

async function keysAmiss() {
  const findings = await world.pass(accountChecks);
  world.faults.clear();
  return amiss(findings);
}

test('a quota that is nearly used up is told before it is', async () => {
  const quota = (value: number) =>
    world.faults.inject({
      operation: 'GetServiceQuota',
      times: 4,
      rewrite: () => JSON.stringify({ Quota: { Value: value } }),
    });
  // The Region's default VPC, and the cluster's.
  quota(2);
  const findings = await world.pass(accountChecks);
  expect(amiss(findings)[0]).toBe('account.quotas warn 2 of 2 VPCs of the Region are used.');
  expect(findings[0]?.verdicts[0]?.fix).toBe(
    'Ask for more: https://us-east-2.console.aws.amazon.com/servicequotas/home/services/vpc/quotas/L-F678F1CE',
  );
  world.faults.clear();
  world.faults.inject({
    operation: 'DescribeAccountLimits',
    rewrite: (body) => body.replaceAll(/<Max>\d+<\/Max>/g, '<Max>1</Max>'),
  });
  expect(seen(await world.pass(accountChecks))['account.quotas']).toMatch(
    /2 of 5 VPCs of the Region \| vCPUs of .*: could not look: .* \| 0 of 1 certificates of the load balancer \| 0 of 1 target groups of the Region \| services of .* \| 0 of 100000 image repositories/,
  );
  world.faults.clear();
  await world.aws.ecr.send(new CreateRepositoryCommand({ repositoryName: 'digital-apps/parks' }));
  const containerDefinitions = [{ name: 'app', image: 'app', memory: 64 }];
  await world.aws.ecs.send(
    new RegisterTaskDefinitionCommand({ family: 'parks', containerDefinitions }),
  );
  await world.aws.ecs.send(
    new CreateServiceCommand({
      cluster: 'digitalApps',
      serviceName: 'parks',
      taskDefinition: 'parks',
    }),
  );
  const { TargetGroups } = await world.aws.elb.send(
    new CreateTargetGroupCommand({ Name: 'parks', TargetType: 'lambda' }),
  );
  world.faults.inject({
    operation: 'DescribeAccountLimits',
    rewrite: (body) => body.replaceAll(/<Max>\d+<\/Max>/g, '<Max>1</Max>'),
  });
  world.faults.inject({
    ...{ operation: 'GetServiceQuota', times: 5 },
    answer: () => ({ Quota: { Value: 1 } }),
  });
  const full = await world.pass(accountChecks);
  expect(amiss(full)).toContain(
    'account.quotas warn 1 of 1 image repositories of the Region are used.',
  );
  expect(amiss(full)).toContain('account.quotas warn 1 of 1 target groups of the Region are used.');
  expect(amiss(full)).toContain('account.quotas warn 1 of 1 services of the cluster are used.');
  expect(full[0]?.verdicts.map(({ evidence }) => evidence)).toContain(
    '0 of 1 CloudFront distributions of the account',
  );
  const TargetGroupArn = TargetGroups![0]!.TargetGroupArn;
  await world.aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
  await world.aws.ecs.send(
    new DeleteServiceCommand({ cluster: 'digitalApps', service: 'parks', force: true }),
  );
  world.faults.clear();
});

test('keys: new, old, unused and inactive', async () => {
  const { AccessKey } = await world.aws.iam.send(new CreateAccessKeyCommand({ UserName }));
  const id = AccessKey?.AccessKeyId;
  expect(await keysAmiss()).toEqual([]);

  made(400);
  lastUsed(3);
  const old = (await world.pass(accountChecks)).find(({ check }) => check.id === 'account.keys');
  expect(old?.verdicts).toEqual([
    {
      status: 'warn',
      subject: id,
      evidence: `${id} of ${UserName} is 400 days old (last used 3 days ago).`,
      fix: `In the app’s repository: digital-apps add-app --region us-east-2 --set access-key=replace-${id}`,
    },
  ]);
  world.faults.clear();

  made(120);
  lastUsed(100);
  expect(await keysAmiss()).toEqual([
    `account.keys warn ${id} of ${UserName} is active, and was last used 100 days ago.`,
  ]);

  await world.aws.iam.send(
    new UpdateAccessKeyCommand({ UserName, AccessKeyId: id, Status: 'Inactive' }),
  );
  lastUsed(1);
  expect(await keysAmiss()).toEqual([
    `account.keys warn ${id} of ${UserName} is inactive (last used 1 day ago).`,
  ]);
});
