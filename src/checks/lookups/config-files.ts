import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { orAbsent } from '../../aws/absent.ts';
import type { Looking } from '../check.ts';
import { once } from './once.ts';

/** The keys of all that is in the config bucket, a thousand a call; none without the bucket. */
export function keysIn(looking: Looking, Bucket: string): Promise<Set<string>> {
  return once(looking, `keys in ${Bucket}`, async () => {
    const asked = { Bucket, ExpectedBucketOwner: looking.account };
    const lists = paginateListObjectsV2({ client: looking.aws.s3 }, asked);
    const pages = (await orAbsent(Array.fromAsync(lists), /^NoSuchBucket/)) ?? [];
    return new Set(pages.flatMap(({ Contents = [] }) => Contents.map(({ Key }) => Key!)));
  });
}
