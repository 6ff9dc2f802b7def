import {
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, inject, test } from 'vitest';
import { awsClients } from '../../support/clients.ts';

const { s3 } = awsClients(inject('made').endpoint);
const Bucket = 'cob-digital-apps-config';

describe('the config bucket', () => {
  test('keeps versions', async () => {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBe('Enabled');
  });

  test('blocks public access in all four ways', async () => {
    const found = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(found.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
  });

  test('belongs to its owner alone, and carries our tags', async () => {
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    expect(TagSet).toEqual([
      { Key: 'digital-apps:cluster', Value: 'digitalApps' },
      { Key: 'digital-apps:region', Value: 'us-east-2' },
    ]);
  });

  test('has the guide’s policy, its TLS denial on the bucket too', async () => {
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'DenyUnEncryptedObjectUploads',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
          Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
        },
        {
          Sid: 'DenyUnEncryptedInflightOperations',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  test('refuses an upload that does not ask for AES256, and takes one that does', async () => {
    const upload = { Bucket, Key: 'app/.env', Body: 'A=1' };
    await expect(s3.send(new PutObjectCommand(upload))).rejects.toThrow(/explicit deny/);
    await expect(
      s3.send(new PutObjectCommand({ ...upload, ServerSideEncryption: 'aws:kms' })),
    ).rejects.toThrow(/explicit deny/);
    await s3.send(new PutObjectCommand({ ...upload, ServerSideEncryption: 'AES256' }));
  });
});
