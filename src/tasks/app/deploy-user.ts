import { deployingUser, type User } from '../cluster/lib/deploying-user.ts';
import type { NoNeeds } from '../resource.ts';
import { resourceWhen } from './scope.ts';

export const deployUser = resourceWhen<User, NoNeeds>(
  ({ answers }) => answers['access-key'] === 'own-user',
  {
    name: 'Deploy user',
    section: 'IAM > Users > Access Key',
    why: 'Travis CI deploys this app as a user of its own, so that one leaked key is one app.',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html',
    needs: {},
    read: (place) => deployingUser.read(place, place.names.deployUser),
    wanted: ({ cluster }) => ({
      consoleAccess: false,
      policies: new Set([cluster.deployPolicy]),
    }),
    create: (env) => deployingUser.create(env, env.names.deployUser),
    set: deployingUser.set,
    tag: deployingUser.tag,
  },
);
