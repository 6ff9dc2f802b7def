export type Tags = Record<string, string>;

export const CLUSTER_TAG = 'digital-apps:cluster';
const REGION_TAG = 'digital-apps:region';

/** What marks a resource as this cluster's. The Region is there for the services that have none of their own. */
export function ourTags(cluster: string, region: string): Tags {
  return { [CLUSTER_TAG]: cluster, [REGION_TAG]: region };
}

interface AwsTag {
  Key?: string;
  Value?: string;
}

/** In the form most services take. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function fromTagList(list: AwsTag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

export type Ownership = 'ours' | 'nobody' | { other: string };

/** Whose a thing is, by its tags. Something shared is ours whichever cluster made it. */
export function ownership(live: Tags, ours: Tags, shared: boolean): Ownership {
  const cluster = live[CLUSTER_TAG];
  if (cluster === undefined) return 'nobody';
  const region = live[REGION_TAG] ?? ours[REGION_TAG];
  if (shared || (cluster === ours[CLUSTER_TAG] && region === ours[REGION_TAG])) return 'ours';
  return { other: `${cluster} in ${region}` };
}
