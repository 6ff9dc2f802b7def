import { deployingUser, type User } from './lib/deploying-user.ts';
import { deployPolicy } from './policies.ts';
import { resource } from './scope.ts';

export const travisUser = resource<User, { deployPolicy: typeof deployPolicy }>({
  name: 'Travis user',
  section: 'IAM > Users',
  why: 'Travis CI deploys as this user; it has no password and no console.',
  docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html',
  shared: true,
  needs: { deployPolicy },
  read: (place) => deployingUser.read(place, place.names.travisUser),
  wanted: (_env, { deployPolicy }) => ({
    consoleAccess: false,
    policies: new Set([deployPolicy.id]),
  }),
  create: (env) => deployingUser.create(env, env.names.travisUser),
  set: deployingUser.set,
  tag: deployingUser.tag,
});
