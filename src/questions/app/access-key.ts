import { REPLACE, usersOf } from '../../tasks/app/access-key.ts';
import type { AppAnswers } from '../../tasks/app/answers.ts';
import { deployUser } from '../../tasks/app/deploy-user.ts';
import {
  lostKeys,
  readUserKeys,
  standingKey,
  type UserKey,
  type UserKeys,
} from '../../tasks/app/lib/user-keys.ts';
import type { Place } from '../../tasks/app/scope.ts';
import { matching } from '../parse.ts';
import type { Asking } from '../question.ts';
import type { Question } from './question.ts';

export const accessKey: Question<'access-key'> = {
  key: 'access-key',
  page: 'Delivery',
  ask: 'With which access key does Travis CI deploy it?',
  why: 'Whoever has it can deploy into the cluster. A key that stands for this app is kept.',
  kind: 'text',
  parse: matching(
    'access-key',
    /^(new|own-user|(replace-)?AKIA[A-Z0-9]{12,})$/,
    'say new, own-user, replace-AKIA…, or the id of a key',
  ),
  usual:
    'the one that stands, else `new` for the cluster’s Travis user, or `own-user` where that has two already',
  default: async (asking) =>
    presetOf(asking, await readUserKeys(asking.place, asking.place.cluster.travisUser)),
  async choices(asking) {
    const [own, shared] = await usersOf(asking.place);
    const { keyTag } = asking.place.names;
    const [ownKey, sharedKey] = [standingKey(own, keyTag), standingKey(shared, keyTag)];
    const preset = presetOf(asking, shared);
    // A key of the app's own user is kept by `new` too.
    const isNew = preset === 'new' || (!ownKey && (sharedKey || shared.keys.length < 2));
    const ways = [
      {
        value: 'own-user',
        label: ownKey ? keeping(ownKey, own) : 'A user of the app’s own: a leak is one app’s alone',
      },
      ...(isNew
        ? [
            {
              value: 'new',
              label: sharedKey ? keeping(sharedKey, shared) : `A new key of ${shared.user}`,
            },
          ]
        : []),
    ];
    const keys = [...own.keys, ...shared.keys];
    return [
      ...(preset === 'new' ? ways.reverse() : ways),
      ...keys.map((key) => ({ value: REPLACE + key.id, label: `Replace ${inWords(key)}` })),
      ...keys
        .filter((key) => key !== ownKey && key !== sharedKey)
        .map(({ id }) => ({ value: id, label: `Use ${id}, whose secret I have kept` })),
    ];
  },
};

/** @param shared the keys of the cluster's user. */
function presetOf({ place, standing }: Asking<AppAnswers, Place>, shared: UserKeys): string {
  if (standing.get(deployUser)) return 'own-user';
  const { keyTag } = place.names;
  const isThere = standingKey(shared, keyTag) || lostKeys(shared, keyTag).length > 0;
  return isThere || shared.keys.length < 2 ? 'new' : 'own-user';
}

function keeping({ id }: UserKey, { user }: UserKeys): string {
  return `Keep ${id} of ${user}`;
}

function inWords({ id, app, lastUsed }: UserKey): string {
  const used = lastUsed ? `last used ${lastUsed.toISOString().slice(0, 10)}` : 'never used';
  return `${id}${app ? ` of ${app}` : ''}, ${used}`;
}
