import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAttachedUserPoliciesCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../../aws/absent.ts';
import type { Env, Place } from '../../env.ts';
import type { Live } from '../../resource.ts';
import { fromTagList, tagList } from '../../tags.ts';
import { NO_ENTITY } from './iam-arns.ts';

/** What a CI server deploys as: it has no password and no console. */
export interface User extends Live {
  consoleAccess: boolean;
  /** ARNs of the policies attached. */
  policies: Set<string>;
}

/** The parts of a resource that is such a user, one of the account's or one of an app's own. */
export const deployingUser = {
  async read({ aws }: Place, UserName: string): Promise<User | undefined> {
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
  async create({ aws, tags }: Env, UserName: string): Promise<User> {
    await aws.iam.send(new CreateUserCommand({ UserName, Tags: tagList(tags) }));
    return { id: UserName, tags, consoleAccess: false, policies: new Set() };
  },
  set: {
    async consoleAccess({ env, live }: { env: Env; live: User }) {
      await env.aws.iam.send(new DeleteLoginProfileCommand({ UserName: live.id }));
    },
    async policies({ env, live, to }: { env: Env; live: User; to: Set<string> }) {
      const missing = [...to].filter((arn) => !live.policies.has(arn));
      await Promise.all(
        missing.map((PolicyArn) =>
          env.aws.iam.send(new AttachUserPolicyCommand({ UserName: live.id, PolicyArn })),
        ),
      );
    },
  },
  async tag({ aws, tags }: Env, live: User) {
    await aws.iam.send(new TagUserCommand({ UserName: live.id, Tags: tagList(tags) }));
  },
};
