import {
  CreateCachePolicyCommand,
  CreateDistributionCommand,
  CreateDistributionWithTagsCommand,
  type DistributionConfig,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand as ListDistributionTagsCommand,
  TagResourceCommand,
  UpdateCachePolicyCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateVpcCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, REGION, startEmulator } from './emulator.ts';
import { type Faults, presets, startFaults } from './faults.ts';

let emulator: Emulator;
let faults: Faults;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  faults = await startFaults(emulator.endpoint);
  aws = awsClients(faults.endpoint);
}, 60_000);

afterAll(async () => {
  await faults.stop();
  await emulator.stop();
});

beforeEach(async () => {
  await emulator.reset();
  faults.clear();
});

const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const createRole = new CreateRoleCommand({ RoleName: 'one', AssumeRolePolicyDocument: trust });
const createBucket = new CreateBucketCommand({
  Bucket: 'cob-one',
  CreateBucketConfiguration: { LocationConstraint: REGION },
});
const names = () => faults.calls.map(({ service, operation }) => `${service}.${operation}`);

describe('the record', () => {
  test('names the calls of every protocol, and tells looking from changing', async () => {
    await aws.iam.send(createRole);
    await aws.ec2.send(new DescribeVpcsCommand({}));
    await aws.ecs.send(new ListClustersCommand({}));
    await aws.s3.send(createBucket);
    await aws.s3.send(new HeadBucketCommand({ Bucket: 'cob-one' }));
    await aws.s3.send(
      new PutBucketVersioningCommand({
        Bucket: 'cob-one',
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
    await aws.s3.send(new PutObjectCommand({ Bucket: 'cob-one', Key: 'a/b', Body: 'x' }));
    expect(names()).toEqual([
      'iam.CreateRole',
      'ec2.DescribeVpcs',
      'ecs.ListClusters',
      's3.CreateBucket',
      's3.HeadBucket',
      's3.PutBucketVersioning',
      's3.PutObject',
    ]);
    expect(faults.calls.filter((call) => !call.changing).map((call) => call.operation)).toEqual([
      'DescribeVpcs',
      'ListClusters',
      'HeadBucket',
    ]);
    expect(faults.calls.every((call) => call.status === 200 && (call.ms ?? 0) > 0)).toBe(true);
    expect(faults.calls[0]?.body).toContain('RoleName=one');
  });

  test('names the calls whose names are not on the wire', async () => {
    const { cloudFront, route53 } = aws;
    const CallerReference = 'one';
    const made = await route53.send(
      new CreateHostedZoneCommand({ Name: 'example.org', CallerReference }),
    );
    const HostedZoneId = made.HostedZone?.Id;
    const [ResourceType, ResourceId] = ['hostedzone', HostedZoneId?.replace(/.*\//, '')] as const;
    const Id = 'none';
    const DistributionConfig = { CallerReference } as DistributionConfig;
    const Tags = { Items: [] };
    const DistributionConfigWithTags = { DistributionConfig, Tags };
    const CachePolicyConfig = { Name: 'one', MinTTL: 0 };
    await Promise.allSettled([
      route53.send(new ListHostedZonesByNameCommand({ DNSName: 'example.org' })),
      route53.send(new ListHostedZonesCommand({})),
      route53.send(new ListResourceRecordSetsCommand({ HostedZoneId })),
      route53.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: [] } }),
      ),
      route53.send(new GetChangeCommand({ Id: made.ChangeInfo?.Id })),
      route53.send(new ListTagsForResourceCommand({ ResourceType, ResourceId })),
      cloudFront.send(new ListDistributionsCommand({ MaxItems: 1 })),
      cloudFront.send(new CreateDistributionCommand({ DistributionConfig })),
      cloudFront.send(new CreateDistributionWithTagsCommand({ DistributionConfigWithTags })),
      cloudFront.send(new GetDistributionCommand({ Id })),
      cloudFront.send(new GetDistributionConfigCommand({ Id })),
      cloudFront.send(new UpdateDistributionCommand({ Id, DistributionConfig })),
      cloudFront.send(new TagResourceCommand({ Resource: Id, Tags })),
      cloudFront.send(new ListDistributionTagsCommand({ Resource: Id })),
      cloudFront.send(new ListCachePoliciesCommand({ Type: 'custom' })),
      cloudFront.send(new CreateCachePolicyCommand({ CachePolicyConfig })),
      cloudFront.send(new UpdateCachePolicyCommand({ Id, CachePolicyConfig })),
    ]);
    expect([...new Set(names())].sort()).toEqual([
      'cloudfront.CreateCachePolicy',
      'cloudfront.CreateDistribution',
      'cloudfront.CreateDistributionWithTags',
      'cloudfront.GetDistribution',
      'cloudfront.GetDistributionConfig',
      'cloudfront.ListCachePolicies',
      'cloudfront.ListDistributions',
      'cloudfront.ListTagsForResource',
      'cloudfront.TagResource',
      'cloudfront.UpdateCachePolicy',
      'cloudfront.UpdateDistribution',
      'route53.ChangeResourceRecordSets',
      'route53.CreateHostedZone',
      'route53.GetChange',
      'route53.ListHostedZones',
      'route53.ListHostedZonesByName',
      'route53.ListResourceRecordSets',
      'route53.ListTagsForResource',
    ]);
    const looking = faults.calls.filter((call) => /^(Get|List)/.test(call.operation));
    expect(faults.calls.filter((call) => !call.changing)).toEqual(looking);
  });

  test('a dry run changes nothing', async () => {
    const dryRun = new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true });
    await expect(aws.ec2.send(dryRun)).rejects.toThrow();
    expect(faults.calls.map((call) => call.changing)).toEqual([false]);
  });
});

describe('an injected error', () => {
  test('has the form of its service', async () => {
    faults.inject(presets.roleNotFound);
    faults.inject({ operation: 'CreateVpc', code: 'VpcLimitExceeded', message: 'five' });
    faults.inject({ operation: 'CreateRole', status: 409, code: 'ConcurrentModification' });
    faults.inject({ operation: 'PutBucketPolicy', ...{ status: 409, code: 'OperationAborted' } });
    faults.inject({ operation: 'ecs.CreateCluster', code: 'InvalidParameterException' });
    const refusals = await Promise.allSettled([
      aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })),
      aws.iam.send(createRole),
      aws.s3.send(new PutBucketPolicyCommand({ Bucket: 'cob-one', Policy: '{}' })),
      aws.ecs.send(new CreateClusterCommand({ clusterName: 'one' })),
    ]);
    expect(refusals.map((each) => each.status === 'rejected' && each.reason.name)).toEqual([
      'VpcLimitExceeded',
      'ConcurrentModificationException',
      'OperationAborted',
      'InvalidParameterException',
    ]);
  });

  test('has the form of a REST service too', async () => {
    faults.inject({ ...presets.dnsBusy, times: 3 }); // the SDK takes it for throttling
    faults.inject(presets.cdnNotVerified);
    faults.inject({ ...presets.objectSlowDown, times: 3 });
    const Changes = [
      { Action: 'DELETE' as const, ResourceRecordSet: { Name: 'a', Type: 'A' as const } },
    ];
    const DistributionConfig = { CallerReference: 'one' } as DistributionConfig;
    await expect(
      aws.route53.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z1', ChangeBatch: { Changes } }),
      ),
    ).rejects.toMatchObject({
      name: 'PriorRequestNotComplete',
      message: expect.stringContaining('prior request'),
    });
    await expect(
      aws.cloudFront.send(new CreateDistributionCommand({ DistributionConfig })),
    ).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
      message: expect.stringContaining('must be verified'),
    });
    await expect(
      aws.s3.send(new PutObjectCommand({ Bucket: 'cob-one', Key: 'a', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'SlowDown', $metadata: { attempts: 3 } });
  });

  test('may come from one who was faster', async () => {
    faults.inject(presets.repositoryTaken);
    const repositoryName = 'digital/app';
    await expect(
      aws.ecr.send(new CreateRepositoryCommand({ repositoryName })),
    ).rejects.toMatchObject({ name: 'RepositoryAlreadyExistsException' });
    const { repositories } = await aws.ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toMatchObject([{ repositoryName }]);
  });

  test('lets pass what it skips, and stops after its times', async () => {
    const create = () => aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    faults.inject({ operation: 'CreateVpc', code: 'VpcLimitExceeded', skip: 1, times: 2 });
    const outcomes = [];
    for (let call = 0; call < 4; call++) {
      outcomes.push(
        await create().then(
          () => 'made',
          () => 'refused',
        ),
      );
    }
    expect(outcomes).toEqual(['made', 'refused', 'refused', 'made']);
  });

  test('only for the body that it names', async () => {
    faults.inject({ operation: 'CreateRole', body: /RoleName=two/, code: 'Refused' });
    await expect(aws.iam.send(createRole)).resolves.toBeDefined();
  });
});

describe('a lost answer', () => {
  test('is a reset of a call that was carried out', async () => {
    faults.inject(presets.answerLost);
    // The SDK tries again by itself, and meets what the first try has made.
    await expect(aws.iam.send(createRole)).rejects.toThrow(/already exists/);
    expect(faults.calls.map((call) => call.status)).toEqual([0, 409]);
    await expect(aws.iam.send(new GetRoleCommand({ RoleName: 'one' }))).resolves.toBeDefined();
  });

  test('and a reset before that is not', async () => {
    faults.inject({ ...presets.connectionReset, times: 3 });
    await expect(aws.iam.send(createRole)).rejects.toThrow();
    await expect(aws.iam.send(new GetRoleCommand({ RoleName: 'one' }))).rejects.toThrow(
      /not found/,
    );
  });
});

test.each(['dnsThrottled', 'cdnThrottled'] as const)('%s is retried by the SDK', async (preset) => {
  faults.inject(presets[preset]);
  await aws.route53.send(new ListHostedZonesCommand({}));
  await aws.cloudFront.send(new ListDistributionsCommand({}));
  expect(faults.calls.map((call) => call.status).sort()).toEqual([200, 200, 400]);
});

test('throttling is retried by the SDK, and latency is added', async () => {
  faults.inject(presets.throttled);
  faults.inject({ operation: 'ListClusters', latency: 80, times: 2 });
  await aws.ecs.send(new ListClustersCommand({}));
  expect(faults.calls.map((call) => call.status)).toEqual([400, 200]);
  expect(faults.calls[1]?.ms).toBeGreaterThan(79);
});
