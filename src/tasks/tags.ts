export type Tags = Record<string, string>;

export const CLUSTER_TAG = 'digital-apps:cluster';
const REGION_TAG = 'digital-apps:region';
export const APP_TAG = 'digital-apps:app';
/** Of an app's target group: the repository at GitHub that it was added from, "owner/name". */
export const REPOSITORY_TAG = 'digital-apps:repository';

/** What marks a resource as this cluster's. The Region is there for the services that have none of their own. */
export function ourTags(cluster: string, region: string): Tags {
  return { [CLUSTER_TAG]: cluster, [REGION_TAG]: region };
}

/** What marks a resource as this app's of that cluster. */
export function appTags(cluster: Tags, app: string): Tags {
  return { ...cluster, [APP_TAG]: app };
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
  // A thing without a Region's tag was found in ours.
  const there: Tags = { [REGION_TAG]: ours[REGION_TAG] ?? '', ...live };
  const keys = [CLUSTER_TAG, REGION_TAG, APP_TAG];
  if (shared || keys.every((key) => there[key] === ours[key])) return 'ours';
  const app = live[APP_TAG];
  const whole = `the cluster ${cluster} in ${there[REGION_TAG]}`;
  return { other: app ? `the app ${app} of ${whole}` : whole };
}
