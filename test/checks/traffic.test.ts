import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { appsOf, isRepositoryOf } from '../../src/checks/app/apps.ts';
import { deliveryChecks } from '../../src/checks/app/delivery.ts';
import type { DeliveryLooking } from '../../src/checks/app/delivery-looking.ts';
import { trafficChecks } from '../../src/checks/app/traffic.ts';
import { keyOf } from '../../src/checks/lookups/app-key.ts';
import { distributionOf } from '../../src/checks/lookups/distributions.ts';
import { writeInside } from '../../src/scaffold/files.ts';
import { stamped } from '../../src/scaffold/stamp.ts';
import { readTemplates } from '../../src/scaffold/templates.ts';
import { rulesOf } from '../../src/tasks/app/lib/listener-rules.ts';
import { clusterOutputs } from '../../src/tasks/cluster/outputs.ts';
import { SECRET } from '../support/program.ts';
import { startTravis } from '../support/travis.ts';
import { clientOf } from '../travis/world.ts';
import { type CheckWorld, newCheckWorld, ZONE } from './app-world.ts';

const HOST = `parks.${ZONE}`;

let world: CheckWorld;
beforeAll(async () => {
  world = await newCheckWorld('parks');
}, 120_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

/** The finding of that check in words, with its status. */
async function said(id: string, more: Partial<DeliveryLooking> = {}): Promise<string> {
  const looking = { ...(await world.appLooking('parks')), ...more };
  const { status, verdicts } = await world.look([...trafficChecks, ...deliveryChecks], id, looking);
  return `${status}: ${verdicts.map(({ evidence, fix }) => `${evidence} → ${fix}`).join(' | ')}`;
}

async function listener(port: 80 | 443): Promise<string> {
  const { cluster } = await world.env({ service: 'parks' });
  return port === 80 ? cluster.httpListener : cluster.httpsListener!;
}

async function ruleOn(port: 80 | 443) {
  const { aws } = await world.env({ service: 'parks' });
  const rules = await rulesOf({ aws }, await listener(port));
  return rules.find(({ hosts }) => hosts.includes(HOST))!;
}

const UNAVAILABLE: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };

async function addRule(port: 80 | 443, Priority: number, host: string, action = UNAVAILABLE) {
  const { Rules } = await world.aws.elb.send(
    new CreateRuleCommand({
      ListenerArn: await listener(port),
      ...{ Priority, Actions: [action] },
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
    }),
  );
  return () => world.aws.elb.send(new DeleteRuleCommand({ RuleArn: Rules![0]!.RuleArn }));
}

test('The apps of the cluster are known by its target groups and rules', async () => {
  const [parks, ...others] = await appsOf(await world.looking());
  expect(others).toEqual([]);
  expect(parks).toMatchObject({ service: 'parks', hosts: [HOST] });
  expect(parks!.targetGroupArn).toContain(':targetgroup/parks/');
  expect(parks!.names.repository).toBe('digital-apps/parks');
  expect(parks!.repository).toMatch(/\/parks$/);
});

test('An app is of the repository that it was added from, else of one that is called like it', () => {
  const staging = { service: 'parks-staging', repository: 'city/parks' };
  expect(isRepositoryOf('City/Parks', staging)).toBe(true);
  expect(isRepositoryOf('county/parks', staging)).toBe(false);
  expect(isRepositoryOf('city/parks', { service: 'parks' })).toBe(true);
  expect(isRepositoryOf('city/parks', { service: 'parks-staging' })).toBe(false);
});

test('An app as add-app leaves it has no finding in traffic and delivery', async () => {
  for (const { id } of [...trafficChecks, ...deliveryChecks]) {
    expect(`${id} ${await said(id)}`).toMatch(/ (pass|skip): /);
    expect(`${id} ${await said(id)}`).not.toContain('could not look');
  }
});

test('A rule of somebody else’s that comes first is found', async () => {
  const { arn: RuleArn, priority } = await ruleOn(443);
  const moveTo = (Priority: number) =>
    world.aws.elb.send(new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn, Priority }] }));
  await moveTo(priority + 10);
  const undo = await addRule(443, priority, `*.${ZONE}`);
  expect(await said('traffic.rules')).toMatch(
    /^fail: .+On port 443 the rule for \*\.springfield\.gov .+ comes first and takes parks/,
  );
  await undo();
  await moveTo(priority);
  expect(await said('traffic.rules')).toMatch(/^pass/);
});

test('A missing rule is found on the port where it is missing', async () => {
  const { arn, actions, priority } = await ruleOn(443);
  await world.aws.elb.send(new DeleteRuleCommand({ RuleArn: arn }));
  expect(await said('traffic.rules')).toMatch(
    /On port 443 there is no rule for parks\.springfield\.gov\. → In the app’s repository: digital-apps add-app/,
  );
  await addRule(443, priority, HOST, {
    Type: 'forward',
    TargetGroupArn: actions[0]!.TargetGroupArn,
  });
  expect(await said('traffic.rules')).toMatch(/^pass/);
});

async function record(Action: 'UPSERT' | 'DELETE', ResourceRecordSet: ResourceRecordSet) {
  const { HostedZones } = await world.aws.route53.send(new ListHostedZonesCommand({}));
  await world.aws.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: HostedZones![0]!.Id,
      ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] },
    }),
  );
}

test('A host that leads elsewhere, or nowhere, is found', async () => {
  const { cluster } = await world.env({ service: 'parks' });
  const alias = {
    ...{ Name: HOST, Type: 'A' as const },
    AliasTarget: {
      DNSName: cluster.loadBalancer.dnsName,
      HostedZoneId: cluster.loadBalancer.zoneId,
      EvaluateTargetHealth: false,
    },
  };
  await record('DELETE', alias);
  expect(await said('traffic.dns')).toMatch(/^fail: parks\.springfield\.gov has no record/);
  const elsewhere = {
    ...{ Name: HOST, Type: 'A' as const, TTL: 60 },
    ResourceRecords: [{ Value: '192.0.2.7' }],
  };
  await record('UPSERT', elsewhere);
  expect(await said('traffic.dns')).toMatch(/^fail: .+ leads elsewhere: A 192\.0\.2\.7/);
  await record('DELETE', elsewhere);
  await record('UPSERT', alias);
  expect(await said('traffic.dns')).toMatch(/^pass/);
});

test('What the app answers counts, once it is deployed', async () => {
  expect(await said('traffic.answers')).toMatch(/^skip: Not deployed yet/);
  await world.aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'parks',
      containerDefinitions: [{ name: 'app', image: 'parks', memory: 512 }],
    }),
  );
  await world.aws.ecs.send(
    new CreateServiceCommand({
      ...{ cluster: 'digitalApps', serviceName: 'parks', taskDefinition: 'parks', desiredCount: 1 },
    }),
  );
  expect(await said('traffic.answers')).toMatch(/^skip: An emulator runs no containers/);
  for (const [status, verdict] of [
    [200, /^pass: https:\/\/parks\.springfield\.gov\/admin\/ok answers 200/],
    [500, /^fail: .+ answers 500\. → aws logs tail/],
    [504, /^fail: .+ took too long/],
    [404, /^warn: .+ answers 404/],
  ] as const) {
    world.faults.clear();
    world.faults.inject({ operation: /^unsigned\./, status });
    expect(await said('traffic.answers')).toMatch(verdict);
  }
  world.faults.clear();
  world.faults.inject({ operation: /^unsigned\./, reset: true });
  expect(await said('traffic.answers')).toMatch(/^fail: .+ no answer given \(ECONNRESET\)/);
});

async function changeDistribution(change: { Enabled?: boolean; origin?: string }): Promise<void> {
  const { cloudFront } = world.aws;
  const { DistributionList } = await cloudFront.send(new ListDistributionsCommand({}));
  const Id = DistributionList!.Items![0]!.Id!;
  const { DistributionConfig, ETag } = await cloudFront.send(
    new GetDistributionConfigCommand({ Id }),
  );
  const { Enabled = DistributionConfig!.Enabled, origin } = change;
  const Items = DistributionConfig!.Origins!.Items!.map((each) => ({
    ...each,
    DomainName: origin ?? each.DomainName,
  }));
  await cloudFront.send(
    new UpdateDistributionCommand({
      ...{ Id, IfMatch: ETag },
      DistributionConfig: { ...DistributionConfig!, Enabled, Origins: { Quantity: 1, Items } },
    }),
  );
}

test('A distribution that is disabled, or asks elsewhere, is found', async () => {
  await changeDistribution({ Enabled: false });
  expect(await said('traffic.distribution')).toMatch(/^fail: The distribution \w+ is disabled/);
  await changeDistribution({ Enabled: true, origin: 'old.example.gov' });
  expect(await said('traffic.distribution')).toMatch(
    /^fail: The distribution \w+ asks old\.example\.gov, which is none of the app’s hosts/,
  );
  await changeDistribution({ origin: HOST });
  expect(await said('traffic.distribution')).toMatch(/^pass/);
});

async function upload(Body: string): Promise<void> {
  const { cluster } = await world.env({ service: 'parks' });
  const object = { Bucket: cluster.bucket, Key: 'parks/.env', ServerSideEncryption: 'AES256' };
  await world.aws.s3.send(new PutObjectCommand({ ...object, Body } as never));
}

test('A .env that is missing, or names another distribution, is found and never shown', async () => {
  const { domainName } = await distribution();
  await upload('NEXT_ASSET_PREFIX=https://secret-elsewhere.cloudfront.net\n');
  const wrong = await said('delivery.asset-prefix');
  expect(wrong).toMatch(/^fail: NEXT_ASSET_PREFIX in s3:\/\/.+\/parks\/\.env is not https:/);
  expect(wrong).not.toContain('secret-elsewhere');
  await upload('OTHER=1\n');
  expect(await said('delivery.asset-prefix')).toMatch(/^warn: .+ does not set NEXT_ASSET_PREFIX/);
  const { cluster } = await world.env({ service: 'parks' });
  await world.aws.s3.send(new DeleteObjectCommand({ Bucket: cluster.bucket, Key: 'parks/.env' }));
  expect(await said('delivery.env-file')).toMatch(/^fail: s3:\/\/.+\/parks\/\.env is not there/);
  await upload(`NEXT_ASSET_PREFIX=https://${domainName}\n`);
  expect(await said('delivery.env-file')).toMatch(/^pass/);
  expect(await said('delivery.asset-prefix')).toMatch(/^pass/);
});

async function distribution(): Promise<{ domainName: string }> {
  const found = await distributionOf(await world.appLooking('parks'));
  return { domainName: found!.DomainName! };
}

test('An access key that was switched off is found', async () => {
  const { user, key } = (await keyOf(await world.appLooking('parks')))!;
  const change = { UserName: user, AccessKeyId: key.id };
  await world.aws.iam.send(new UpdateAccessKeyCommand({ ...change, Status: 'Inactive' }));
  expect(await said('delivery.key')).toMatch(/^fail: AKIA\w+ of digitalTravis is inactive/);
  await world.aws.iam.send(new UpdateAccessKeyCommand({ ...change, Status: 'Active' }));
  expect(await said('delivery.key')).toMatch(/^pass/);
});

test('What Travis CI has is compared, by name and public value', async () => {
  const looking = await world.appLooking('parks');
  const { key } = (await keyOf(looking))!;
  const travis = await startTravis({ repositories: [{ slug: 'city/parks' }] });
  try {
    const client = clientOf(travis);
    const known = { travis: client, slug: 'city/parks' };
    expect(await said('delivery.travis', known)).toMatch(/^fail: Travis CI has no AWS_/);
    const wanted = {
      ...clusterOutputs(looking),
      AWS_EC2_TARGET_GROUP_ARN: looking.app.targetGroupArn!,
      AWS_ECS_SERVICE_NAME: 'parks',
      AWS_ACCESS_KEY_ID: key.id,
    };
    travis.repositories[0]!.variables.push(
      ...Object.entries({ ...wanted, AWS_SECRET_ACCESS_KEY: SECRET }).map(([name, value]) => ({
        ...{ id: name, name, value, public: name !== 'AWS_SECRET_ACCESS_KEY', branch: null },
      })),
    );
    expect(await said('delivery.travis', known)).toMatch(/^pass/);
    travis.requests.length = 0;
    const many = await said('delivery.travis', { ...known, isOneOfMany: true });
    expect(many).toMatch(/^skip: Not looked at: there are many apps/);
    expect(travis.requests).toEqual([]);
    const variables = travis.repositories[0]!.variables;
    variables.find(({ name }) => name === 'AWS_ACCESS_KEY_ID')!.value = 'AKIAOLD';
    expect(await said('delivery.travis', known)).toMatch(
      new RegExp(`^fail: Travis CI has another AWS_ACCESS_KEY_ID than ${key.id}`),
    );
    variables.find(({ name }) => name === 'AWS_SECRET_ACCESS_KEY')!.public = true;
    const shown = await said('delivery.travis', known);
    expect(shown).toContain('shows AWS_SECRET_ACCESS_KEY to everybody');
    expect(shown).not.toContain(SECRET);
  } finally {
    await travis.stop();
  }
});

test('Files that are missing in the repository are found, and a person’s own are right', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'digital-apps-files-'));
  try {
    const { version } = packageJson;
    const templates = await readTemplates('digital-apps', { version, branch: 'main' });
    for (const { path, content, executable } of templates) {
      const text = path === '.travis.yml' ? content : stamped(path, content);
      await writeInside(dir, path, text, { executable });
    }
    expect(await said('delivery.files', { dir })).toMatch(/^pass/);
    await appendFile(join(dir, 'deploy/Dockerfile'), 'USER 1000\n');
    expect(await said('delivery.files', { dir })).toMatch(/^pass/);
    await rm(join(dir, 'deploy/entrypoint.sh'));
    expect(await said('delivery.files', { dir })).toMatch(
      /^fail: deploy\/entrypoint\.sh is missing/,
    );
    await writeFile(join(dir, '.travis.yml'), 'language: node_js\n');
    expect(await said('delivery.files', { dir })).toContain('.travis.yml does not deploy');
  } finally {
    await rm(dir, { recursive: true });
  }
});
