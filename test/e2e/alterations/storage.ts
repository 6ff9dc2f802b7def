import {
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import type { Alteration } from './alteration.ts';

const Bucket = 'cob-digital-apps-config';
const logGroupName = 'digitalApps';

export const storage: Alteration[] = [
  {
    what: 'bucket deleted',
    alter: ({ s3 }) => s3.send(new DeleteBucketCommand({ Bucket })),
    outcomes: { 'Config bucket': 'create' },
  },
  {
    what: 'versioning suspended',
    alter: ({ s3 }) =>
      s3.send(
        new PutBucketVersioningCommand({
          Bucket,
          VersioningConfiguration: { Status: 'Suspended' },
        }),
      ),
    outcomes: { 'Config bucket': 'change' },
  },
  {
    what: 'bucket policy and public-access block removed',
    async alter({ s3 }) {
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    },
    outcomes: { 'Config bucket': 'change' },
  },
  {
    what: 'log group deleted',
    alter: ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName })),
    outcomes: { 'Log group': 'create' },
  },
  {
    what: 'logs kept for ever',
    alter: ({ logs }) => logs.send(new DeleteRetentionPolicyCommand({ logGroupName })),
    outcomes: { 'Log group': 'change' },
  },
];
