import { hasBucket } from '../../tasks/cluster/bucket.ts';
import { policyArn } from '../../tasks/cluster/lib/iam-arns.ts';
import { bucketOf, readPolicy } from '../../tasks/cluster/policies.ts';
import type { Place } from '../../tasks/cluster/scope.ts';

/**
 * The cluster with the name of its config bucket, which was an answer: the config-read policy tells
 * it. Where that names one that is not there, it may be the policy that is wrong.
 */
export async function withBucket<P extends Place>(place: P): Promise<P> {
  const policy = await readPolicy(place, policyArn(place, place.names.configReadPolicy));
  const named = policy && bucketOf(policy);
  if (!named || named === place.names.bucket) return place;
  const isOther = !(await isThere(place, named)) && (await isThere(place, place.names.bucket));
  return isOther ? place : { ...place, names: { ...place.names, bucket: named } };
}

/** One that is somebody else's is none of ours. */
function isThere(place: Place, bucket: string): Promise<boolean> {
  return hasBucket(place, bucket).catch(() => false);
}
