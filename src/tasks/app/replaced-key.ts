import type { Live, NoNeeds } from '../resource.ts';
import { accessKey, keysIn, REPLACE, userOf, usersOf } from './access-key.ts';
import { without } from './lib/make-key.ts';
import { readUserKeys } from './lib/user-keys.ts';
import { type Answered, resourceWhen } from './scope.ts';
import { accessKeyId } from './variables.ts';

interface ReplacedKey extends Live {
  user: string;
  state: 'Active' | 'Inactive' | 'gone';
}

/** Goes last, so that whatever uses it is given the new one first. */
export const replacedKey = resourceWhen<ReplacedKey, NoNeeds>(
  ({ answers }) => answers['access-key'].startsWith(REPLACE),
  {
    name: 'Replaced access key',
    section: 'IAM > Users > Access Key',
    why: 'What is replaced opens no more doors.',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
    namedByAnswer: true,
    needs: {},
    after: [accessKey, accessKeyId],
    async read(answered: Answered) {
      const id = answered.answers['access-key'].slice(REPLACE.length);
      const found = keysIn(await usersOf(answered)).find(({ key }) => key.id === id);
      if (!found) return { id, user: userOf(answered), state: 'gone' };
      return { id, user: found.of.user, state: found.key.active ? 'Active' : 'Inactive' };
    },
    wanted: () => ({ state: 'gone' }),
    // What is gone is found too, so that there is never one to make.
    create: async (env) => ({ id: '', user: userOf(env), state: 'gone' }),
    set: {
      async state({ env, live }) {
        await without(env, await readUserKeys(env, live.user), live.id);
      },
    },
  },
);
