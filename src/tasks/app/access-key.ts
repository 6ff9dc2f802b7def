import { UserError } from '../../errors.ts';
import { type AccessKey as KeptKey, readKept } from '../../kept-secrets.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { deployUser } from './deploy-user.ts';
import { makeKey, tagKey } from './lib/make-key.ts';
import { noRoom } from './lib/no-room.ts';
import {
  appsOf,
  isMaking,
  lostKeys,
  readUserKeys,
  type UserKey,
  type UserKeys,
} from './lib/user-keys.ts';
import { KEY_TAG } from './names.ts';
import { type Answered, type Env, type Place, resource } from './scope.ts';

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
  /** The app's key before, of the cluster's user, which stands beside one of its own user. */
  former?: string;
  /** What was to be replaced and is not there. */
  missing?: string;
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
    const { former, missing, hasSecret } = live;
    const remarks = [
      former &&
        `${former} of ${env.cluster.travisUser}, the app’s key before, still deploys as ever; once Travis CI has ${key}, delete it: --set access-key=${REPLACE}${former}`,
      missing && `there is no key ${missing} (any more): the app’s is ${key}`,
      // Travis CI has it; where not, setting it there says so.
      !hasSecret &&
        !env.travis &&
        `the secret of ${key} is not on this machine (${env.keyFile}); if Travis CI has it not either: --set access-key=${REPLACE}${key}`,
    ];
    return remarks.filter((remark) => typeof remark === 'string');
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

/** The app's own user and the cluster's: where both have a key of the app's, it is the first's. */
export function usersOf(place: Place): Promise<[own: UserKeys, shared: UserKeys]> {
  const { names, cluster } = place;
  return Promise.all([
    readUserKeys(place, names.deployUser),
    readUserKeys(place, cluster.travisUser),
  ]);
}

export function keysIn(users: UserKeys[]): Found[] {
  return users.flatMap((of) => of.keys.map((key) => ({ of, key })));
}

/**
 * The key that stands as the app's, or that is to become so, or to make way; undefined where one is
 * yet to be made.
 * @throws UserError where the answer cannot be followed.
 */
async function keyFor(answered: Answered): Promise<AccessKey | undefined> {
  const { answers, names } = answered;
  const [users, kept] = await Promise.all([usersOf(answered), readKept(answered.keyFile)]);
  const all = keysIn(users);
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
  const toReplace = answer.startsWith(REPLACE) ? answer.slice(REPLACE.length) : undefined;
  const replaced = toReplace === undefined ? undefined : found(toReplace);
  const missing = replaced ? undefined : toReplace;
  if (replaced && (replaced === standing || (!standing && replaced.of.keys.length > 1))) {
    return liveKey(replaced, kept);
  }
  if (standing) {
    const former = all.find((each) => isOurs(each) && each !== standing)?.key.id;
    return { ...liveKey(standing, kept), former, missing };
  }
  const user = replaced?.of.user ?? userOf(answered);
  const of = users.find((each) => each.user === user)!;
  const ours = of.keys.find(({ id }) => id === kept?.id);
  if (ours) return liveKey({ of, key: ours }, kept);
  const lost = lostKeys(of, names.keyTag)[0];
  if (lost) return { ...liveKey({ of, key: lost }, kept), isLost: true };
  // A run that was cut off may have deleted it already.
  const isBegun = users.some((each) => isMaking(each, names.keyTag));
  if (missing && !isBegun) throw noSuchKey(missing, answered);
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
