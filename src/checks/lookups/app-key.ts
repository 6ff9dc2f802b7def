import { findTravisUsers } from '../../tasks/app/cluster.ts';
import { readUserKeys, standingKey, type UserKey } from '../../tasks/app/lib/user-keys.ts';
import type { AppLooking } from '../check.ts';

/** The app's, of its own user or of the cluster's, whom apps share; each user costs three calls. */
export async function keyOf(
  looking: AppLooking,
  whose: 'anybody' | 'the shared user' = 'anybody',
): Promise<{ user: string; key: UserKey } | undefined> {
  const { deployUser, keyTag } = looking.app.names;
  const shared = (await findTravisUsers(looking))[0] ?? looking.names.travisUser;
  for (const user of whose === 'anybody' ? [shared, deployUser] : [shared]) {
    const key = standingKey(await readUserKeys(looking, user), keyTag);
    if (key) return { user, key };
  }
  return undefined;
}
