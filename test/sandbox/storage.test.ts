import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import {
  CreateServiceLinkedRoleCommand,
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(() => emulator.reset());

const Bucket = 'cob-one';
const create = (name = Bucket) =>
  aws.s3.send(
    new CreateBucketCommand({
      Bucket: name,
      CreateBucketConfiguration: {
        LocationConstraint: REGION,
        Tags: [{ Key: 'digital-apps:cluster', Value: 'one' }],
      },
    }),
  );

describe('a bucket policy with conditions', () => {
  beforeEach(async () => {
    await create();
    const deny = { Effect: 'Deny', Principal: '*' };
    const objects = `arn:aws:s3:::${Bucket}/*`;
    const Statement = [
      {
        ...deny,
        Action: 's3:PutObject',
        Resource: objects,
        Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
      },
      {
        ...deny,
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${Bucket}`, objects],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await aws.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  });

  const put = (ServerSideEncryption?: ServerSideEncryption) =>
    aws.s3.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'x', ServerSideEncryption }));

  test('refuses an upload without AES256, and one with another encryption', async () => {
    await expect(put()).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(put('aws:kms')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('lets an upload with AES256 in, and lets it be read and deleted', async () => {
    await put('AES256');
    const object = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'a/b' }));
    expect(await object.Body?.transformToString()).toBe('x');
    await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a/b' }));
  });
});

describe('an object', () => {
  const Key = 'app/.env';
  const put = (Body: string, condition: { IfMatch?: string; IfNoneMatch?: string } = {}) =>
    aws.s3.send(
      new PutObjectCommand({ Bucket, Key, Body, ServerSideEncryption: 'AES256', ...condition }),
    );

  beforeEach(async () => {
    await create();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  });

  test('tells its encryption, and keeps its versions', async () => {
    await put('A=1');
    const { VersionId } = await put('A=2');
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ServerSideEncryption: 'AES256', VersionId });
    const object = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(object.ServerSideEncryption).toBe('AES256');
    const { Versions } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(Versions?.map((each) => each.IsLatest)).toEqual([true, false]);
  });

  test('is put only when it is not there, or is the one that was read', async () => {
    const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    const { ETag } = await put('A=1', { IfNoneMatch: '*' });
    await expect(put('A=2', { IfNoneMatch: '*' })).rejects.toMatchObject(failed);
    await put('A=2', { IfMatch: ETag });
    await expect(put('A=3', { IfMatch: ETag })).rejects.toMatchObject(failed);
  });
});

describe('a new bucket', () => {
  test('has its tags, Block Public Access and default encryption at once', async () => {
    await create();
    const tags = await aws.s3.send(new GetBucketTaggingCommand({ Bucket }));
    expect(tags.TagSet).toEqual([{ Key: 'digital-apps:cluster', Value: 'one' }]);
    const block = await aws.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(block.PublicAccessBlockConfiguration ?? {})).toEqual(Array(4).fill(true));
    const { ServerSideEncryptionConfiguration: encryption } = await aws.s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256');
  });

  test('of mine is not the same as one of somebody else', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await emulator.settings({ foreign_buckets: ['cob-theirs'] });
    await expect(create('cob-theirs')).rejects.toMatchObject({ name: 'BucketAlreadyExists' });
    const theirs = { Bucket: 'cob-theirs' };
    await expect(aws.s3.send(new HeadBucketCommand(theirs))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    await expect(aws.s3.send(new GetBucketPolicyCommand(theirs))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('is only found by its owner', async () => {
    await create();
    const head = (ExpectedBucketOwner: string) =>
      aws.s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner }));
    await expect(head('123456789012')).resolves.toBeDefined();
    await expect(head('210987654321')).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('service-linked roles', () => {
  test.each([
    ['ecs', 'ECS'],
    ['elasticloadbalancing', 'ElasticLoadBalancing'],
    ['autoscaling', 'AutoScaling'],
  ])('%s: has its name, and is made once', async (service, name) => {
    const make = () =>
      aws.iam.send(
        new CreateServiceLinkedRoleCommand({ AWSServiceName: `${service}.amazonaws.com` }),
      );
    const { Role } = await make();
    expect(Role?.RoleName).toBe(`AWSServiceRoleFor${name}`);
    await expect(make()).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: `Service role name AWSServiceRoleFor${name} has been taken in this account, please try a different suffix.`,
    });
  });

  test('the first cluster makes that of ECS', async () => {
    await aws.ecs.send(new CreateClusterCommand({ clusterName: 'one' }));
    const get = new GetRoleCommand({ RoleName: 'AWSServiceRoleForECS' });
    await expect(aws.iam.send(get)).resolves.toBeDefined();
  });
});

test('an issued certificate is there, in every Region and after a reset', async () => {
  for (const region of [REGION, 'us-east-1']) {
    const { acm } = awsClients(emulator.endpoint, region);
    const list = await acm.send(new ListCertificatesCommand({ CertificateStatuses: ['ISSUED'] }));
    expect(list.CertificateSummaryList?.map((each) => each.DomainName)).toEqual(['*.example.gov']);
    expect(list.CertificateSummaryList?.[0]?.CertificateArn).toContain(`:acm:${region}:`);
  }
});

test('an unknown operation is refused at once, and is no server error to try again', async () => {
  const simulate = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: 'arn:aws:iam::123456789012:user/one',
    ActionNames: ['s3:GetObject'],
  });
  await expect(aws.iam.send(simulate)).rejects.toMatchObject({
    name: 'NotImplemented',
    $metadata: { attempts: 1 },
  });
});
