import {
  type AccessKeyMetadata,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  paginateListAccessKeys,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../../aws/absent.ts';
import { NO_ENTITY } from '../../cluster/lib/iam-arns.ts';
import type { Place } from '../../env.ts';
import { fromTagList, type Tags } from '../../tags.ts';
import { KEY_TAG } from '../names.ts';

/** An access key as AWS shows it, which is without its secret. */
export interface UserKey {
  id: string;
  /** The apps whose key it is, "digital-apps/permits"; undefined where no tag says so. */
  app?: string;
  created: Date;
  lastUsed?: Date;
  active: boolean;
}

/** A user's access keys, and what its tags say of them. */
export interface UserKeys {
  user: string;
  keys: UserKey[];
  /** Those tags of the user that are about keys. */
  tags: Tags;
}

/** Whose a user's access keys are and when they were last used; none where there is no such user. */
export async function readUserKeys(place: Place, user: string): Promise<UserKeys> {
  const { aws } = place;
  const [found, listed] = await Promise.all([
    orAbsent(aws.iam.send(new GetUserCommand({ UserName: user })), NO_ENTITY),
    orAbsent(
      Array.fromAsync(paginateListAccessKeys({ client: aws.iam }, { UserName: user })),
      NO_ENTITY,
    ),
  ]);
  const tags = Object.fromEntries(
    Object.entries(fromTagList(found?.User?.Tags)).filter(([key]) => key.startsWith(KEY_TAG)),
  );
  const metadata = (listed ?? []).flatMap(({ AccessKeyMetadata }) => AccessKeyMetadata ?? []);
  return {
    user,
    tags,
    keys: await Promise.all(metadata.map((each) => userKey(place, each, tags))),
  };
}

async function userKey({ aws }: Place, key: AccessKeyMetadata, tags: Tags): Promise<UserKey> {
  const id = key.AccessKeyId!;
  const used = await orAbsent(
    aws.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id })),
    NO_ENTITY,
  );
  return {
    id,
    app: appsOf(id, tags).join(' and ') || undefined,
    created: key.CreateDate!,
    lastUsed: used?.AccessKeyLastUsed?.LastUsedDate,
    active: key.Status === 'Active',
  };
}

/** The apps whose key that is, by the user's tags. */
export function appsOf(id: string, tags: Tags): string[] {
  return Object.keys(tags)
    .filter((key) => tags[key] === id)
    .map((key) => key.slice(KEY_TAG.length));
}

/** The key that stands as that app's. */
export function standingKey({ keys, tags }: UserKeys, keyTag: string): UserKey | undefined {
  return keys.find(({ id }) => tags[keyTag] === id);
}

/** For the tag, before a key is made: what of it is known by then. */
export function making({ keys }: UserKeys, now = new Date()): string {
  return ['making', now.toISOString(), 'beside', ...keys.map(({ id }) => id)].join(' ');
}

/** Whether a run has begun to make a key for that app and not said which it is. */
export function isMaking({ tags }: UserKeys, keyTag: string): boolean {
  return tags[keyTag]?.startsWith('making ') ?? false;
}

/** In milliseconds: how far a machine's clock may be ahead of AWS's, which takes no calls from one further off. */
const AHEAD = 15 * 60_000;
/** How far behind, with the time that the making takes: a key of later than that may be one that a person made. */
const BEHIND = 2 * 60_000;

/**
 * The keys that were made for that app by a run which never got to say so: it was cut off, or AWS’s
 * answer was lost. One that may as well be another app's is not among them.
 */
export function lostKeys(userKeys: UserKeys, keyTag: string): UserKey[] {
  const others = Object.keys(userKeys.tags).filter((key) => key !== keyTag);
  const theirs = others.flatMap((key) => madeUnder(userKeys.tags[key], userKeys.keys));
  return madeUnder(userKeys.tags[keyTag], userKeys.keys).filter((key) => !theirs.includes(key));
}

function madeUnder(tag = '', keys: UserKey[]): UserKey[] {
  const [, since = '', beside = ''] = /^making (\S+) beside(.*)$/.exec(tag) ?? [];
  return keys.filter(
    ({ id, app, lastUsed, created }) =>
      !app && !lastUsed && !beside.includes(id) && isAround(created.getTime() - Date.parse(since)),
  );
}

function isAround(later: number): boolean {
  return -AHEAD < later && later < BEHIND;
}
