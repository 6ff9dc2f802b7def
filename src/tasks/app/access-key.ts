import { UserError } from '../../errors.ts';
import { type AccessKey as KeptKey, readKept } from '../../kept-secrets.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { deployUser } from './deploy-user.ts';
import { makeKey, tagKey } from './lib/make-key.ts';
import { noRoom } from './lib/no-room.ts';
import { appsOf, lostKeys, readUserKeys, type UserKey, type UserKeys } from './lib/user-keys.ts';
import { KEY_TAG } from './names.ts';
import { type Answered, type Env, resource } from './scope.ts';

interface AccessKey extends Live {
  user: string;
  /** Its id. */
  key: string;
  /** Whose key it is, by the user's tags: "digital-apps/permits". */
  apps: Set<string>;
  active: boolean;
  created: Date;
  /** Whether its secret is kept on this machine. */
  hasSecret: boolean;
  /** Whether a run that was cut off made it, so that nobody has its secret. */
  isLost: boolean;
  /** Whether AWS takes no other beside it. */
  isInTheWay: boolean;
}

const section = 'IAM > Users > Access Key';
const docs = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html';
const NEW = 'a new one';
/** Goes before the id of a key in the answer. */
export const REPLACE = 'replace-';

/** The user that a new key of this app's is made for. */
export function userOf({ answers, names, cluster }: Answered): string {
  return answers['access-key'] === 'own-user' ? names.deployUser : cluster.travisUser;
}

export const accessKey = resource<AccessKey, NoNeeds>({
  name: 'Access key',
  section,
  why: 'Lets Travis CI deploy. AWS shows its secret once: it is kept on this machine, for you alone.',
  docs,
  namedByAnswer: true,
  needs: {},
  after: [deployUser],
  read: (answered: Answered) => keyFor(answered),
  wanted: (env, _needs, live) =>
    live && isToGo(env, live)
      ? { key: NEW }
      : { key: live?.key, apps: new Set([env.names.keyTag.slice(KEY_TAG.length)]) },
  create: async (env) => made(env, userOf(env), await makeKey(env, userOf(env))),
  set: {
    key: async ({ env, live }) =>
      made(env, live.user, await makeKey(env, live.user, live.isLost ? undefined : live.key)),
    apps: ({ env, live }) => tagKey(env, live.user, live.key),
  },
  remarks(env, live) {
    const { key, user, apps } = live;
    if (live.isLost) {
      return [
        `${key} of ${user} was made by a run that was cut off before it could keep the secret; it is deleted`,
      ];
    }
    if (isToGo(env, live)) {
      const whose = apps.size > 0 ? `, the key of ${[...apps].join(' and ')},` : '';
      const order = live.isInTheWay
        ? `is deleted before the new one is made, as ${user} has two: until Travis CI has the new one, it cannot deploy`
        : env.travis
          ? 'is deleted once Travis CI has the new one'
          : 'is deleted: until you have set the new one at Travis CI, it cannot deploy';
      return [`${key}${whose} ${order}`];
    }
    // Travis CI has it; where not, setting it there says so.
    if (live.hasSecret || env.travis) return [];
    return [
      `the secret of ${key} is not on this machine (${env.keyFile}); if Travis CI has it not either: --set access-key=${REPLACE}${key}`,
    ];
  },
  attention: (env, { key, user, active, ...live }) =>
    active || isToGo(env, { key, ...live })
      ? []
      : [
          `${key} of ${user} is inactive, so that Travis CI cannot deploy with it: activate it (IAM > Users), or --set access-key=${REPLACE}${key}`,
        ],
});

interface Found {
  of: UserKeys;
  key: UserKey;
}

/** Of the app's own user and of the cluster's, in this order. */
export async function allKeys(place: Answered): Promise<Found[]> {
  const users = await Promise.all(
    [place.names.deployUser, place.cluster.travisUser].map((user) => readUserKeys(place, user)),
  );
  return users.flatMap((of) => of.keys.map((key) => ({ of, key })));
}

/**
 * The key that stands as the app's, or that is to become so, or to make way; undefined where one is
 * yet to be made.
 * @throws UserError where the answer cannot be followed.
 */
async function keyFor(answered: Answered): Promise<AccessKey | undefined> {
  const { answers, names } = answered;
  const [all, kept] = await Promise.all([allKeys(answered), readKept(answered.keyFile)]);
  const isOurs = ({ of, key }: Found) => of.tags[names.keyTag] === key.id;
  const found = (id: string) => all.find(({ key }) => key.id === id);
  const answer = answers['access-key'];
  if (answer.startsWith('AKIA')) {
    const named = found(answer);
    if (!named) throw noSuchKey(answer, answered);
    if (!isOurs(named) && kept?.id !== answer) throw noSecret(answer, answered);
    return liveKey(named, kept);
  }
  const standing = all.find((each) => isOurs(each) && isMeant(each, answered));
  const replaced = found(answer.slice(REPLACE.length));
  if (replaced && (isOurs(replaced) || (!standing && replaced.of.keys.length > 1))) {
    return liveKey(replaced, kept);
  }
  if (standing) return liveKey(standing, kept);
  const user = replaced?.of.user ?? userOf(answered);
  const of = all.find((each) => each.of.user === user)?.of;
  if (!of) return undefined;
  const ours = of.keys.find(({ id }) => id === kept?.id);
  if (ours) return liveKey({ of, key: ours }, kept);
  const lost = lostKeys(of, names.keyTag)[0];
  if (lost) return { ...liveKey({ of, key: lost }, kept), isLost: true };
  if (of.keys.length > 1) throw new UserError(...noRoom(answered, of));
  return undefined;
}

/** Who asks for a user of the app's own does not mean a key of the cluster's. */
function isMeant({ of }: Found, { answers, names }: Answered): boolean {
  return answers['access-key'] !== 'own-user' || of.user === names.deployUser;
}

function liveKey({ of, key }: Found, kept: KeptKey | undefined): AccessKey {
  return {
    id: key.id,
    user: of.user,
    key: key.id,
    apps: new Set(appsOf(key.id, of.tags)),
    active: key.active,
    created: key.created,
    hasSecret: kept?.id === key.id,
    isLost: false,
    isInTheWay: of.keys.length > 1,
  };
}

function isToGo({ answers }: Answered, { key, isLost }: Pick<AccessKey, 'key' | 'isLost'>) {
  return isLost || answers['access-key'] === REPLACE + key;
}

async function made(env: Env, user: string, id: string): Promise<AccessKey> {
  const of = await readUserKeys(env, user);
  const key = of.keys.find((each) => each.id === id) ?? { id, created: new Date(), active: true };
  return liveKey({ of, key }, await readKept(env.keyFile));
}

function noSuchKey(id: string, { names, cluster }: Answered): UserError {
  return new UserError(
    `Neither ${cluster.travisUser} nor ${names.deployUser} has an access key ${id}.`,
    'Leave --set access-key=… out to have one made.',
  );
}

function noSecret(id: string, { keyFile }: Answered): UserError {
  return new UserError(
    `The secret of the access key ${id} is not on this machine.`,
    `Put both into ${keyFile} (mode 0600), in two lines: AWS_ACCESS_KEY_ID=${id} and AWS_SECRET_ACCESS_KEY=… with the secret.`,
  );
}
