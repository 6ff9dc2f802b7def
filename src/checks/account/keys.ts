import { paginateListEntitiesForPolicy } from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import { readUserKeys, type UserKey } from '../../tasks/app/lib/user-keys.ts';
import { NO_ENTITY, policyArn } from '../../tasks/cluster/lib/iam-arns.ts';
import { type Check, type Looking, pass, skip, type Verdict, warn } from '../check.ts';
import { awsCli } from '../command-lines.ts';

export const keysCheck: Check = {
  id: 'account.keys',
  group: 'Account',
  title: 'The access keys that deploy are in use, and not too old',
  problem: 'An access key that deploys is old, unused or inactive',
  why: 'A key is good for as long as it stands: the older, the more places it may have leaked to.',
  fix: '`digital-apps add-app --set access-key=replace-KEY` makes a new one, tells Travis CI and deletes the old.',
  look: lookAtKeys,
};

/** In days. */
const OLD = 365;
/** In days: a new key may wait for its app's first deploy. */
const UNUSED = 90;

const DAY = 24 * 60 * 60 * 1000;

async function lookAtKeys(looking: Looking): Promise<Verdict | Verdict[]> {
  const users = await deployingUsers(looking);
  if (users.length === 0) return skip('no user may deploy');
  const keys = await Promise.all(
    users.map(async (user) =>
      (await readUserKeys(looking, user)).keys.map((key) => ({ user, ...key })),
    ),
  );
  const all = keys.flat();
  const verdicts = all.flatMap((key) => verdictOn(looking, key));
  if (verdicts.length > 0) return verdicts;
  if (all.length === 0) return pass(`${users.join(', ')}: no access key yet`);
  const oldest = Math.max(...all.map(({ created }) => daysSince(created)));
  return pass(`${all.length} of ${users.join(', ')}, the oldest made ${days(oldest)} ago`);
}

async function deployingUsers(looking: Looking): Promise<string[]> {
  const { aws, names } = looking;
  const input = {
    PolicyArn: policyArn(looking, names.deployPolicy),
    EntityFilter: 'User',
  } as const;
  const pages = await orAbsent(
    Array.fromAsync(paginateListEntitiesForPolicy({ client: aws.iam }, input)),
    NO_ENTITY,
  );
  return (pages ?? []).flatMap(({ PolicyUsers = [] }) => PolicyUsers.map((u) => u.UserName!));
}

function verdictOn(looking: Looking, { user, ...key }: UserKey & { user: string }): Verdict[] {
  const { id, app, created, lastUsed, active } = key;
  const age = daysSince(created);
  const idle = daysSince(lastUsed ?? created);
  const whose = `${id} of ${user}${app ? `, for ${app},` : ''}`;
  const used = lastUsed ? `last used ${days(idle)} ago` : 'never used';
  const replace = `In the app’s repository: digital-apps add-app --set access-key=replace-${id}`;
  const remove = `If nobody deploys with it: ${awsCli(looking, 'iam delete-access-key', `--user-name ${user}`, `--access-key-id ${id}`)}`;
  if (!active) {
    const evidence = `${whose} is inactive (${used})${app ? ': Travis CI cannot deploy with it' : ''}.`;
    return [warn(evidence, app ? replace : remove, id)];
  }
  if (age > OLD) {
    return [warn(`${whose} is ${days(age)} old (${used}).`, idle > UNUSED ? remove : replace, id)];
  }
  if (idle > UNUSED) return [warn(`${whose} is active, and was ${used}.`, remove, id)];
  return [];
}

function daysSince(date: Date): number {
  return Math.floor((Date.now() - date.getTime()) / DAY);
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
