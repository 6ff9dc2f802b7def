import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  TagUserCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../../aws/absent.ts';
import { pause, waitUntil } from '../../../aws/waiting.ts';
import { StepFailed } from '../../../errors.ts';
import { readKept, removeKept, writeKept } from '../../../kept-secrets.ts';
import { NO_ENTITY } from '../../cluster/lib/iam-arns.ts';
import type { Env } from '../scope.ts';
import { noRoom } from './no-room.ts';
import { lostKeys, making, readUserKeys, standingKey, type UserKeys } from './user-keys.ts';

/** In seconds: by then a run that goes on has said of the key it made that it is the app's. */
const GRACE = 20;

/**
 * Makes an access key for the app, keeps its secret the moment it is known, and says by a tag of the
 * user that it is the app's. What an earlier run made and lost is deleted first; where the user's
 * two keys leave no room, so is the one to be replaced.
 * @returns the key's id; where another run has made one by now, that one's.
 */
export async function makeKey(env: Env, user: string, replaced?: string): Promise<string> {
  const { keyTag } = env.names;
  let now = await afterOtherRuns(env, user);
  const made = standingKey(now, keyTag);
  if (made && made.id !== replaced) return made.id;
  const kept = await readKept(env.keyFile);
  const found = lostKeys(now, keyTag).find(({ id }) => id === kept?.id);
  if (found) {
    await tagKey(env, user, found.id);
    return found.id;
  }
  now = await withoutLost(env, now);
  const record = making(now);
  // Before anything is deleted, so that the next run knows what was begun here.
  await tagKey(env, user, record);
  now = { ...now, tags: { ...now.tags, [keyTag]: record } };
  if (replaced && now.keys.length >= 2) now = await without(env, now, replaced);
  const { AccessKey, $metadata } = await createKey(env, now);
  const id = AccessKey!.AccessKeyId!;
  await keep(env, user, { id, secret: AccessKey!.SecretAccessKey! });
  await tagKey(env, user, id);
  const winner = await oneOf(env, user, id, replaced);
  // Asked more than once, AWS may have made more than one.
  if (($metadata.attempts ?? 1) > 1) {
    const all = await readUserKeys(env, user);
    const keys = all.keys.filter((key) => key.id !== winner);
    await withoutLost(env, { user, keys, tags: { ...all.tags, [keyTag]: record } });
  }
  return winner;
}

/** Says by the user's tag which key is the app's. */
export async function tagKey({ aws, names }: Env, user: string, Value: string): Promise<void> {
  await aws.iam.send(new TagUserCommand({ UserName: user, Tags: [{ Key: names.keyTag, Value }] }));
}

/** Deletes keys, with the tags that say whose they were; one that has gone by now is no trouble. */
export async function without(env: Env, userKeys: UserKeys, ...ids: string[]): Promise<UserKeys> {
  const { user, keys, tags } = userKeys;
  for (const AccessKeyId of ids) {
    const call = env.aws.iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId }));
    await orAbsent(call, NO_ENTITY);
  }
  const TagKeys = Object.keys(tags).filter((key) => ids.includes(tags[key]!));
  if (TagKeys.length > 0) {
    await env.aws.iam.send(new UntagUserCommand({ UserName: user, TagKeys }));
  }
  return { ...userKeys, keys: keys.filter(({ id }) => !ids.includes(id)) };
}

function withoutLost(env: Env, userKeys: UserKeys): Promise<UserKeys> {
  const lost = lostKeys(userKeys, env.names.keyTag);
  return without(env, userKeys, ...lost.map(({ id }) => id));
}

/** What seems lost and is new may be another run's, which is about to say so. */
async function afterOtherRuns(env: Env, user: string): Promise<UserKeys> {
  const { keyTag } = env.names;
  const kept = await readKept(env.keyFile);
  for (let waited = 0; ; waited += 2) {
    const now = await readUserKeys(env, user);
    const recent = lostKeys(now, keyTag).find(
      ({ id, created }) => id !== kept?.id && Date.now() - created.getTime() < GRACE * 1000,
    );
    if (!recent || waited >= GRACE) return now;
    env.waiting(`whether another run is making ${recent.id}`);
    await pause(2_000, env.signal);
  }
}

/** At the quota, what stands in the way may be what AWS made a moment ago, when its answer was lost. */
async function createKey(env: Env, { user }: UserKeys) {
  const create = () => env.aws.iam.send(new CreateAccessKeyCommand({ UserName: user }));
  try {
    return await create();
  } catch (error) {
    if ((error as Error).name !== 'LimitExceeded') throw error;
    const now = await readUserKeys(env, user);
    const rest = await withoutLost(env, now);
    if (rest.keys.length === now.keys.length) throw new StepFailed(...noRoom(env, now), error);
    return create();
  }
}

/** A key whose secret cannot be kept is of no use to anybody. */
async function keep(env: Env, user: string, key: { id: string; secret: string }): Promise<void> {
  try {
    await writeKept(env.keyFile, key);
  } catch (error) {
    await env.aws.iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.id }));
    throw new StepFailed(
      `The secret of the new access key could not be kept in ${env.keyFile} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}), so the key was deleted again.`,
      'Make room for that file, then run again.',
      error,
    );
  }
}

/** In milliseconds: longer than the tags of two runs at once can lie apart. */
const SETTLE = 500;

/** Of two runs at once for one app, the one whose tag stays has made the key; the other's goes. */
async function oneOf(env: Env, user: string, id: string, replaced?: string): Promise<string> {
  // Not even a stop cuts this short: what was just made must be told of.
  await sleep(SETTLE);
  const now = await waitUntil({
    signal: env.signal,
    upTo: 20,
    async look() {
      const seen = await readUserKeys(env, user);
      return seen.keys.some((key) => key.id === id) ? seen : undefined;
    },
    givingUp: () =>
      new StepFailed(
        `The new access key ${id} was deleted at once, by somebody else.`,
        'Run again.',
      ),
  });
  const other = standingKey(now, env.names.keyTag)?.id ?? id;
  if (other === id || other === replaced) return id;
  await without(env, now, id);
  if ((await readKept(env.keyFile))?.id === id) await removeKept(env.keyFile);
  return other;
}
