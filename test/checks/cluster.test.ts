import { DeleteRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountChecks } from '../../src/checks/account.ts';
import { clusterChecks } from '../../src/checks/cluster.ts';
import { diagnosisOf } from '../../src/checks/diagnosis.ts';
import { driftCheck } from '../../src/checks/drift.ts';
import { networkChecks } from '../../src/checks/network.ts';
import { roleChecks } from '../../src/checks/roles.ts';
import { planAsItStands } from '../../src/commands/plan-as-it-stands.ts';
import { identity } from '../e2e/alterations/identity.ts';
import { instances } from '../e2e/alterations/instances.ts';
import { network } from '../e2e/alterations/network.ts';
import { storage } from '../e2e/alterations/storage.ts';
import { amiss, type ClusterWorld, newClusterWorld } from './cluster-world.ts';

let world: ClusterWorld;
beforeAll(async () => {
  world = await newClusterWorld();
}, 120_000);
afterAll(() => world?.stop());

const drift = driftCheck((looking) => planAsItStands(looking, looking.signal));
const look = async () => amiss(await world.pass(clusterChecks));
const driftNow = async () => amiss(await world.pass([drift]));
const Bucket = 'cob-digital-apps-config';
const mend = 'digital-apps init-cluster --region us-east-2';

async function alter(what: string) {
  const all = [...storage, ...instances, ...network, ...identity];
  const alteration = all.find((each) => each.what === what)!;
  await alteration.alter(world.aws);
  return alteration;
}

test('a healthy cluster has no finding, and nothing is asked twice', async () => {
  world.faults.clear();
  const all = [...clusterChecks, ...networkChecks, ...roleChecks, ...accountChecks, drift];
  expect(amiss(await world.pass(all))).toEqual([]);
  // S3's questions have no body.
  const asked = world.faults.calls
    .filter(({ service }) => service !== 's3')
    .map(({ service, operation, body }) => `${service} ${operation} ${body}`);
  expect(asked.filter((call, index) => asked.indexOf(call) !== index)).toEqual([]);
  expect(world.faults.calls.filter(({ changing }) => changing)).toEqual([]);
});

test('what is wrong with log group and bucket is told, and how to mend it', async () => {
  await alter('logs kept for ever');
  await alter('versioning suspended');
  await alter('bucket policy and public-access block removed');
  await world.aws.s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true },
    }),
  );
  const findings = await world.pass(clusterChecks);
  expect(amiss(findings)).toEqual([
    'cluster.log-group warn digitalApps keeps everything for ever, not 90 days.',
    `cluster.bucket fail ${Bucket} does not block all public access: 2 of 4 are on.`,
    `cluster.bucket fail The policy of ${Bucket} lacks DenyUnEncryptedObjectUploads and DenyUnEncryptedInflightOperations, or has it changed.`,
    `cluster.bucket warn ${Bucket} keeps no versions (Suspended): what is overwritten is gone.`,
  ]);
  expect(findings.flatMap(({ verdicts }) => verdicts).flatMap(({ fix }) => fix ?? [])).toEqual(
    Array.from({ length: 4 }, () => mend),
  );
  const drifted = await driftNow();
  expect(drifted[0]).toBe(
    `cluster.drift warn Config bucket ${Bucket}: versioning: Suspended → Enabled.`,
  );
  expect(drifted.at(-1)).toBe('cluster.drift warn Log group digitalApps: retention: none → 90.');
  await world.mend();
  expect(await look()).toEqual([]);
});

test('an account’s policy on logs is respected', async () => {
  await world.aws.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: 'digitalApps' }));
  world.faults.inject({
    operation: 'DescribeLogGroups',
    rewrite: (body) => body.replace('"arn"', '"retentionPolicyName":"org-30-days","arn"'),
  });
  expect(await look()).toEqual([]);
  await world.mend();
});

test('cluster, log group and bucket are gone', async () => {
  await alter('bucket deleted');
  await alter('log group deleted');
  world.faults.inject({
    operation: 'DescribeClusters',
    rewrite: (body) => body.replace('"ACTIVE"', '"INACTIVE"'),
  });
  expect(await look()).toEqual([
    'cluster.active fail digitalApps is INACTIVE in us-east-2.',
    'cluster.log-group fail There is no log group digitalApps: containers that log to it do not start.',
    `cluster.bucket fail There is no bucket ${Bucket}.`,
  ]);
  await world.mend();
  expect(await look()).toEqual([]);
});

test('drift names what was changed or deleted, and nothing else', async () => {
  const altered = [
    await alter('the group’s grace period and bounds changed: the bounds are an answer'),
    await alter('log group deleted'),
    await alter('instances not let out any more'),
    await alter('a subnet gives no public address'),
    await alter('Travis user given a password'),
    await alter('Container Insights turned on: what stands is the answer'),
  ];
  const findings = await world.pass([drift]);
  const outcomes = Object.assign({}, ...altered.map((each) => each.outcomes));
  const told = findings[0]!.verdicts.map(({ subject, status }) => [
    subject,
    status === 'fail' ? 'create' : 'change',
  ]);
  expect(Object.fromEntries(told)).toEqual(outcomes);
  expect(amiss(findings)).toContain(
    'cluster.drift warn Autoscaling group digitalApps: gracePeriod: 300 → 0.',
  );
  await world.mend();
  expect(await driftNow()).toEqual([]);
});

test('drift is not told of what another check has found, nor of what follows from it', async () => {
  await alter('internet gateway deleted');
  await alter('the service role trusts another service');
  await alter('DNS hostnames turned off');
  await alter('Travis user deleted');
  await alter('a subnet gives no public address');
  const checks = [...clusterChecks, drift, ...networkChecks, ...roleChecks];
  const about = { calls: { total: 0, changing: 0 }, seconds: 0 };
  const { causes, warnings } = diagnosisOf(await world.pass(checks), about);
  await world.mend();
  const told = [...causes.map(({ finding }) => finding), ...warnings].flatMap(
    ({ check, verdicts }) => verdicts.map(({ subject }) => [check.id, subject].join(' ').trim()),
  );
  // Neither gateway, role and names, nor that the route table will be given the new gateway.
  expect(told.sort()).toEqual([
    'cluster.drift Subnets',
    'cluster.drift Travis user',
    'network.dns',
    'network.gateway',
    'roles.service',
  ]);
});

describe('where something may not be looked at', () => {
  const told = async (...operations: string[]) => {
    for (const operation of operations) {
      world.faults.inject({
        ...{ operation, times: 99, status: 403, code: 'AccessDenied' },
        message: `User: arn:aws:iam::123456789012:user/test is not authorized to perform: ${operation.replace('.', ':')} because no identity-based policy allows the action`,
      });
    }
    const findings = await world.pass([drift]);
    world.faults.clear();
    return findings[0]!.verdicts.map(({ status, evidence, fix }) => ({ status, evidence, fix }));
  };

  test('drift tells of all else, and which permission is missing', async () => {
    await alter('log group deleted');
    await alter('Travis user deleted');
    const verdicts = await told('ec2.DescribeLaunchTemplates', 'iam.GetRole');
    await world.mend();
    expect(
      verdicts.filter(({ status }) => status === 'fail').map(({ evidence }) => evidence),
    ).toEqual(['Log group: it is gone.', 'Travis user: it is gone.']);
    const skipped = verdicts.filter(({ status }) => status === 'skip');
    expect(skipped.map(({ evidence }) => evidence.replace(/ \(request .*\)/, '')).sort()).toEqual([
      'Instance role, Service role, Task role, Service-linked role for ECS, Service-linked role for ElasticLoadBalancing, Service-linked role for AutoScaling: could not look: You may not call iam:GetRole: no identity-based policy allows it.',
      'Launch template: could not look: You may not call ec2:DescribeLaunchTemplates: no identity-based policy allows it.',
      'Not judged, as they follow from what could not be looked at: Instance profile, Autoscaling group, Key pair.',
    ]);
    expect(skipped.map(({ fix }) => fix?.split(';')[0])).toContain(
      'Ask for ec2:DescribeLaunchTemplates',
    );
  });

  test.each([
    [
      'ec2.DescribeVpcs',
      'VPC',
      'Subnets, Load balancer’s group, Instances’ group, Launch template, Autoscaling group, Load balancer, HTTP listener, Internet gateway, Route table',
    ],
    // It names the bucket.
    ['iam.GetPolicy', 'Config-read policy, Deploy policy', 'Config bucket, Travis user'],
  ])(
    'what follows from %s is neither gone nor changed, but not judged',
    async (...[operation, unread, unjudged]) => {
      const verdicts = await told(operation);
      expect(verdicts.map(({ status, evidence }) => `${status} ${evidence}`)).toEqual([
        expect.stringMatching(/^pass all \d+ parts that could be judged are as wanted$/),
        expect.stringContaining(`skip ${unread}: could not look: You may not call`),
        `skip Not judged, as they follow from what could not be looked at: ${unjudged}.`,
      ]);
    },
  );
});

test('that AWS has a newer image is no drift', async () => {
  world.faults.inject({
    operation: 'ssm.GetParameters',
    times: 9,
    rewrite: (body) => body.replaceAll(/ami-[0-9a-f]+/g, 'ami-0123456789abcdef0'),
  });
  expect(await driftNow()).toEqual([]);
});

test('an account without the cluster is told so in every part', async () => {
  await world.empty();
  const findings = await world.pass([...clusterChecks, ...networkChecks, ...roleChecks]);
  expect(amiss(findings)).toContain(
    'cluster.active fail There is no ECS cluster digitalApps in us-east-2.',
  );
  expect(amiss(findings)).toContain('network.subnets fail The cluster has no VPC.');
  const notLooked = findings.flatMap(({ verdicts }) =>
    verdicts.filter(({ evidence }) => evidence.startsWith('could not look')),
  );
  expect(notLooked).toEqual([]);
  const drifted = (await world.pass([drift]))[0]!;
  expect(drifted.status).toBe('fail');
  expect(drifted.verdicts.every(({ evidence }) => evidence.endsWith('it is gone.'))).toBe(true);
});
