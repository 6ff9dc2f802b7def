import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type PublicAccessBlockConfiguration,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { orAbsent } from '../../aws/absent.ts';
import { UserError } from '../../errors.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { type Place, resource } from './scope.ts';

interface Bucket extends Live {
  versioning: string;
  publicAccess: PublicAccessBlockConfiguration;
  /** The policy's statements, as JSON with sorted keys. */
  policy: Set<string>;
}

/** What S3 calls a setting that a bucket does not have. */
const NONE_SUCH = /^NoSuch(TagSet|BucketPolicy|PublicAccessBlockConfiguration)/;

export const bucket = resource<Bucket, NoNeeds>({
  name: 'Config bucket',
  section: 'S3 > Bucket',
  why: 'Keeps the apps’ environment variables, encrypted and out of the repositories.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  namedByAnswer: true,
  needs: {},
  async read(place) {
    const { aws, names } = place;
    const Bucket = names.bucket;
    const details = Promise.all([
      orAbsent(aws.s3.send(new GetBucketTaggingCommand({ Bucket })), NONE_SUCH),
      aws.s3.send(new GetBucketVersioningCommand({ Bucket })),
      orAbsent(aws.s3.send(new GetPublicAccessBlockCommand({ Bucket })), NONE_SUCH),
      orAbsent(aws.s3.send(new GetBucketPolicyCommand({ Bucket })), NONE_SUCH),
    ]);
    // They are asked for at the same time, and mean nothing where there is no bucket of ours.
    details.catch(() => {});
    if (!(await hasBucket(place, Bucket))) return undefined;
    const [tags, versioning, access, policy] = await details;
    return {
      id: Bucket,
      tags: fromTagList(tags?.TagSet),
      versioning: versioning.Status ?? 'never on',
      publicAccess: access?.PublicAccessBlockConfiguration ?? {},
      policy: statementsOf(policy?.Policy),
    };
  },
  wanted: (env) => ({
    versioning: 'Enabled',
    publicAccess: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    policy: encryptedOnly(env),
  }),
  async create({ aws, names, region, tags }) {
    const Tags = tagList(tags);
    await aws.s3.send(
      new CreateBucketCommand({
        Bucket: names.bucket,
        ObjectOwnership: 'BucketOwnerEnforced',
        // us-east-1 is the one Region that may not be named.
        CreateBucketConfiguration:
          region === 'us-east-1' ? { Tags } : { LocationConstraint: region as never, Tags },
      }),
    );
    return { id: names.bucket, tags, versioning: 'never on', publicAccess: {}, policy: new Set() };
  },
  set: {
    async versioning({ env, live }) {
      await env.aws.s3.send(
        new PutBucketVersioningCommand({
          Bucket: live.id,
          VersioningConfiguration: { Status: 'Enabled' },
        }),
      );
    },
    async publicAccess({ env, live, to }) {
      await env.aws.s3.send(
        new PutPublicAccessBlockCommand({ Bucket: live.id, PublicAccessBlockConfiguration: to }),
      );
    },
    async policy({ env, live, to }) {
      const ours = [...to].map(sidOf);
      const others = [...live.policy].filter((statement) => !ours.includes(sidOf(statement)));
      const Statement = [...others, ...to].map((statement) => JSON.parse(statement));
      await env.aws.s3.send(
        new PutBucketPolicyCommand({
          Bucket: live.id,
          Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
        }),
      );
    },
  },
  async tag({ aws, tags }, live) {
    // The call replaces all of a bucket's tags, so those it has go in again.
    const TagSet = tagList({ ...live.tags, ...tags });
    await aws.s3.send(new PutBucketTaggingCommand({ Bucket: live.id, Tagging: { TagSet } }));
  },
});

/** The guide's policy; its TLS denial also covers the bucket itself, so that listing is encrypted too. */
export function encryptedOnly({ names, partition }: Place): Set<string> {
  const bucketArn = `arn:${partition}:s3:::${names.bucket}`;
  const statements = [
    {
      Sid: 'DenyUnEncryptedObjectUploads',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${bucketArn}/*`,
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    },
    {
      Sid: 'DenyUnEncryptedInflightOperations',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ];
  return new Set(statements.map(canonical));
}

function statementsOf(policy = '{}'): Set<string> {
  const { Statement = [] } = JSON.parse(policy);
  return new Set([Statement].flat().map(canonical));
}

/** S3 gives keys back in an order of its own. */
function canonical(statement: object): string {
  return JSON.stringify(statement, (_key, value) =>
    value?.constructor === Object
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
      : value,
  );
}

function sidOf(statement: string): string {
  return JSON.parse(statement).Sid;
}

/**
 * Whether we have that bucket.
 * @throws UserError when the name cannot be ours: taken by somebody else, or used by us in another Region.
 */
export async function hasBucket({ aws, account, region }: Place, name: string): Promise<boolean> {
  try {
    await aws.s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
    return true;
  } catch (error) {
    // S3 answers HEAD without a body: the status is all there is.
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    if (status === 301) {
      throw new UserError(
        `The bucket name ${name} is taken, in another Region than ${region}.`,
        `Name another: --set bucket=${name}-${account}.`,
      );
    }
    if (status === 403) {
      throw new UserError(
        `The bucket name ${name} is taken by someone else (or you lack s3:ListBucket on it).`,
        `Name another: --set bucket=${name}-${account}.`,
      );
    }
    throw error;
  }
}
