import { CreateVpcCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { CreateClusterCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
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

test('throttling is retried by the SDK, and latency is added', async () => {
  faults.inject(presets.throttled);
  faults.inject({ operation: 'ListClusters', latency: 80, times: 2 });
  await aws.ecs.send(new ListClustersCommand({}));
  expect(faults.calls.map((call) => call.status)).toEqual([400, 200]);
  expect(faults.calls[1]?.ms).toBeGreaterThan(79);
});
