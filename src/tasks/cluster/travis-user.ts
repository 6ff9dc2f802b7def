import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAttachedUserPoliciesCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { Live } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { NO_ENTITY } from './lib/iam-arns.ts';
import { deployPolicy } from './policies.ts';
import { resource } from './scope.ts';

interface User extends Live {
  consoleAccess: boolean;
  /** ARNs of the policies attached. */
  policies: Set<string>;
}

export const travisUser = resource<User, { deployPolicy: typeof deployPolicy }>({
  name: 'Travis user',
  section: 'IAM > Users',
  why: 'Travis CI deploys as this user; it has no password and no console.',
  docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html',
  shared: true,
  needs: { deployPolicy },
  async read({ aws, names }) {
    const UserName = names.travisUser;
    const [found, login, attached] = await Promise.all([
      orAbsent(aws.iam.send(new GetUserCommand({ UserName })), NO_ENTITY),
      orAbsent(aws.iam.send(new GetLoginProfileCommand({ UserName })), NO_ENTITY),
      orAbsent(aws.iam.send(new ListAttachedUserPoliciesCommand({ UserName })), NO_ENTITY),
    ]);
    return (
      found && {
        id: UserName,
        tags: fromTagList(found.User?.Tags),
        consoleAccess: login !== undefined,
        policies: new Set((attached?.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn!)),
      }
    );
  },
  wanted: (_env, { deployPolicy }) => ({
    consoleAccess: false,
    policies: new Set([deployPolicy.id]),
  }),
  async create({ aws, names, tags }) {
    const UserName = names.travisUser;
    await aws.iam.send(new CreateUserCommand({ UserName, Tags: tagList(tags) }));
    return { id: UserName, tags, consoleAccess: false, policies: new Set() };
  },
  set: {
    async consoleAccess({ env, live }) {
      await env.aws.iam.send(new DeleteLoginProfileCommand({ UserName: live.id }));
    },
    async policies({ env, live, to }) {
      const missing = [...to].filter((arn) => !live.policies.has(arn));
      await Promise.all(
        missing.map((PolicyArn) =>
          env.aws.iam.send(new AttachUserPolicyCommand({ UserName: live.id, PolicyArn })),
        ),
      );
    },
  },
  async tag({ aws, tags }, live) {
    await aws.iam.send(new TagUserCommand({ UserName: live.id, Tags: tagList(tags) }));
  },
});
