import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { AnyResource, Live, NoNeeds } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { awsPolicyArn, NO_ENTITY, policyArn } from './lib/iam-arns.ts';
import type { Names } from './names.ts';
import { configReadPolicy } from './policies.ts';
import { type Env, type Place, resource } from './scope.ts';

export interface Role extends Live {
  /** Who may take the role on. */
  trust: object;
  /** ARNs of the policies attached. */
  policies: Set<string>;
}

interface RoleSpec {
  name: string;
  why: string;
  nameIn: (names: Names) => string;
  /** The service that takes the role on, and on what condition. */
  trusts: string;
  condition?: (place: Place) => object;
  policies: (place: Place) => string[];
  after?: AnyResource[];
}

export const instanceRole = role({
  name: 'Instance role',
  why: 'Lets the instances join the cluster, pull images, write logs and be reached through Session Manager.',
  nameIn: (names) => names.instanceRole,
  trusts: 'ec2.amazonaws.com',
  policies: (place) => [
    awsPolicyArn(place, 'service-role/AmazonEC2ContainerServiceforEC2Role'),
    awsPolicyArn(place, 'AmazonSSMManagedInstanceCore'),
  ],
});

export const serviceRole = role({
  name: 'Service role',
  why: 'Lets ECS register containers with the load balancer.',
  nameIn: (names) => names.serviceRole,
  trusts: 'ecs.amazonaws.com',
  policies: (place) => [awsPolicyArn(place, 'service-role/AmazonEC2ContainerServiceRole')],
});

export const taskRole = role({
  name: 'Task role',
  why: 'Lets the containers read their own configuration from the bucket.',
  nameIn: (names) => names.taskRole,
  trusts: 'ecs-tasks.amazonaws.com',
  // Keeps other accounts' tasks from borrowing the role through ECS.
  condition: ({ partition, region, account }) => ({
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
  }),
  policies: (place) => [policyArn(place, place.names.configReadPolicy)],
  after: [configReadPolicy],
});

function role(spec: RoleSpec) {
  const { name, why, nameIn, policies, after } = spec;
  return resource<Role, NoNeeds>({
    name,
    section: 'IAM > Roles',
    why,
    docs: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html',
    needs: {},
    after,
    read: ({ aws, names }) => readRole(aws, nameIn(names)),
    wanted: (env) => ({ trust: trustOf(spec, env), policies: new Set(policies(env)) }),
    async create(env, _needs, { trust }) {
      const RoleName = nameIn(env.names);
      await env.aws.iam.send(
        new CreateRoleCommand({
          RoleName,
          Description: why,
          AssumeRolePolicyDocument: JSON.stringify(trust),
          Tags: tagList(env.tags),
        }),
      );
      return { id: RoleName, tags: env.tags, trust: trust!, policies: new Set() };
    },
    set: {
      async trust({ env, live, to }) {
        await env.aws.iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName: live.id,
            PolicyDocument: JSON.stringify(to),
          }),
        );
      },
      async policies({ env, live, to }) {
        const missing = [...to].filter((arn) => !live.policies.has(arn));
        await Promise.all(
          missing.map((PolicyArn) =>
            env.aws.iam.send(new AttachRolePolicyCommand({ RoleName: live.id, PolicyArn })),
          ),
        );
      },
    },
    async tag({ aws, tags }, live) {
      await aws.iam.send(new TagRoleCommand({ RoleName: live.id, Tags: tagList(tags) }));
    },
  });
}

export async function readRole({ iam }: Place['aws'], RoleName: string): Promise<Role | undefined> {
  const [found, attached] = await Promise.all([
    orAbsent(iam.send(new GetRoleCommand({ RoleName })), NO_ENTITY),
    orAbsent(iam.send(new ListAttachedRolePoliciesCommand({ RoleName })), NO_ENTITY),
  ]);
  if (!found?.Role) return undefined;
  return {
    id: RoleName,
    tags: fromTagList(found.Role.Tags),
    trust: JSON.parse(decodeURIComponent(found.Role.AssumeRolePolicyDocument ?? '%7B%7D')),
    policies: new Set((attached?.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn!)),
  };
}

function trustOf({ trusts, condition }: RoleSpec, env: Env): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: trusts },
        Action: 'sts:AssumeRole',
        ...(condition && { Condition: condition(env) }),
      },
    ],
  };
}
