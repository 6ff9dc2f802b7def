import { awsPolicyArn, policyArn } from '../../tasks/cluster/lib/iam-arns.ts';
import { readRole, serviceRole, taskRole } from '../../tasks/cluster/roles.ts';
import { linkedRoles } from '../../tasks/cluster/service-linked-roles.ts';
import { type Check, fail, type Looking, pass, type Verdict } from '../check.ts';
import { initCluster } from '../command-lines.ts';
import { liveOf } from '../lookups/live.ts';
import { trusts } from '../lookups/policy-document.ts';

const group = 'Roles';
const fix = '`digital-apps init-cluster` makes it again and sets it as it should be.';

export const serviceRoleChecks: Check[] = [
  {
    id: 'roles.service',
    group,
    title: 'ECS may register containers with the load balancer',
    problem: 'ECS may not register containers with the load balancer',
    why: 'Without the service role no deploy gets a container into service.',
    fix,
    isMendable: true,
    judges: [[serviceRole]],
    look: (looking) =>
      lookAtRole(looking, looking.names.serviceRole, 'ecs.amazonaws.com', [
        awsPolicyArn(looking, 'service-role/AmazonEC2ContainerServiceRole'),
      ]),
  },
  {
    id: 'roles.task',
    group,
    title: 'The containers may read their configuration',
    problem: 'The containers may not read their configuration',
    why: 'They take on the task role to fetch it from the bucket; one that cannot does not start.',
    fix,
    isMendable: true,
    judges: [[taskRole]],
    look: (looking) =>
      lookAtRole(looking, looking.names.taskRole, 'ecs-tasks.amazonaws.com', [
        policyArn(looking, looking.names.configReadPolicy),
      ]),
  },
  {
    id: 'roles.service-linked',
    group,
    title: 'ECS, Elastic Load Balancing and Auto Scaling have the roles that AWS gives them',
    problem: 'A service-linked role is missing',
    why: 'They act in the account by these, and can do nothing where they are gone.',
    fix: '`digital-apps init-cluster` makes them.',
    isMendable: true,
    judges: linkedRoles.map((role) => [role]),
    look: lookAtLinkedRoles,
  },
];

async function lookAtRole(
  looking: Looking,
  name: string,
  service: string,
  policies: string[],
): Promise<Verdict | Verdict[]> {
  const role = await readRole(looking.aws, name);
  const mend = initCluster(looking);
  if (!role) return fail(`There is no role ${name}.`, mend);
  const verdicts: Verdict[] = [];
  if (!trusts(role.trust, service, looking)) {
    verdicts.push(fail(`${name} does not trust ${service} in this account and Region.`, mend));
  }
  const missing = policies.filter((arn) => !role.policies.has(arn));
  for (const arn of missing) {
    verdicts.push(fail(`${name} lacks the policy ${arn.split('/').at(-1)}.`, mend));
  }
  return verdicts.length > 0 ? verdicts : pass(`${name} trusts ${service} and has its policy`);
}

async function lookAtLinkedRoles(looking: Looking): Promise<Verdict | Verdict[]> {
  const found = await Promise.all(linkedRoles.map((role) => liveOf(role, looking)));
  const missing = linkedRoles.filter((_role, index) => !found[index]);
  if (missing.length === 0) return pass(found.map((role) => role!.id).join(', '));
  return missing.map(({ name }) => fail(`The ${name} is gone.`, initCluster(looking)));
}
