import { instanceProfile } from '../../tasks/cluster/instance-profile.ts';
import { launchTemplate } from '../../tasks/cluster/launch-template.ts';
import { awsPolicyArn } from '../../tasks/cluster/lib/iam-arns.ts';
import { instanceRole, type Role, readRole } from '../../tasks/cluster/roles.ts';
import {
  aboutAll,
  type Check,
  fail,
  type Looking,
  pass,
  skip,
  type Verdict,
  warn,
} from '../check.ts';
import { initCluster, some } from '../command-lines.ts';
import { instanceRoleName, profileInUse } from '../lookups/iam.ts';
import { instancesInService } from '../lookups/instances.ts';
import { trusts } from '../lookups/policy-document.ts';
import { usedTemplate } from '../lookups/template.ts';

const group = 'Roles';
const fix = '`digital-apps init-cluster` makes it again and sets it as it should be.';

export const instanceRoleChecks: Check[] = [
  {
    id: 'roles.instance-role',
    group,
    title: 'The instance role is there',
    problem: 'The instance role is missing',
    why: 'The instances call AWS as this role; without it their profile is empty.',
    fix,
    isMendable: true,
    judges: [[instanceRole, 'id']],
    async look(looking) {
      const [name, role] = await roleInUse(looking);
      return role
        ? pass(`${name} is there`)
        : fail(`There is no role ${name}.`, initCluster(looking));
    },
  },
  {
    id: 'roles.instance-profile',
    group,
    title: 'The instances are given their role',
    problem: 'Instances are not given their role',
    why: 'Without it the agent may not join the cluster.',
    fix: '`digital-apps init-cluster` sets template and profile right; instances that run without are to be replaced.',
    isMendable: true,
    judges: [[instanceProfile], [launchTemplate, 'data.instanceProfile']],
    look: lookAtProfile,
  },
  {
    id: 'roles.instance-trust',
    group,
    title: 'EC2 may hand out the instance role',
    problem: 'EC2 may not hand out the instance role',
    why: 'A role that does not trust ec2.amazonaws.com is worth nothing on an instance.',
    fix,
    isMendable: true,
    judges: [[instanceRole, 'trust']],
    async look(looking) {
      const [name, role] = await roleInUse(looking);
      if (!role) return skip(`there is no role ${name}`);
      if (trusts(role.trust, 'ec2.amazonaws.com', looking)) return pass(`${name} trusts EC2`);
      return fail(`${name} does not trust ec2.amazonaws.com.`, initCluster(looking));
    },
  },
  {
    id: 'roles.instance-policies',
    group,
    title: 'The instances may join the cluster, pull images and write logs',
    problem: 'The instance role lacks a policy that it needs',
    why: 'An agent without the policy is refused, again and again; without Session Manager nobody can look why.',
    fix,
    isMendable: true,
    judges: [[instanceRole, 'policies']],
    look: lookAtPolicies,
  },
];

async function roleInUse(looking: Looking): Promise<[name: string, role: Role | undefined]> {
  const name = await instanceRoleName(looking);
  return [name, await readRole(looking.aws, name)];
}

async function lookAtProfile(looking: Looking): Promise<Verdict | Verdict[]> {
  const [template, inUse, instances] = await Promise.all([
    usedTemplate(looking),
    profileInUse(looking),
    instancesInService(looking),
  ]);
  if (!template) return skip('there is no launch template in use');
  const mend = initCluster(looking);
  const verdicts: Verdict[] = [];
  const role = inUse?.profile?.Roles?.[0]?.RoleName;
  if (!inUse) verdicts.push(fail('The launch template names no instance profile.', mend));
  else if (!inUse.profile) {
    const evidence = `The launch template names the instance profile ${inUse.name}, which does not exist.`;
    verdicts.push(fail(evidence, mend));
  } else if (!role) {
    verdicts.push(fail(`The instance profile ${inUse.name} holds no role.`, mend));
  }
  const without = instances.filter(({ IamInstanceProfile }) => !IamInstanceProfile?.Arn);
  if (without.length > 0) {
    const ids = without.map(({ InstanceId }) => InstanceId!);
    const evidence = `${without.length} of ${instances.length} instances have no instance profile: ${some(ids)}.`;
    verdicts.push(aboutAll(fail(evidence, initCluster(looking, '--replace-instances')), ids));
  }
  return verdicts.length > 0 ? verdicts : pass(`${inUse?.name} holds ${role}`);
}

async function lookAtPolicies(looking: Looking): Promise<Verdict | Verdict[]> {
  const [name, role] = await roleInUse(looking);
  if (!role) return skip(`there is no role ${name}`);
  const has = (path: string) => role.policies.has(awsPolicyArn(looking, path));
  const mend = initCluster(looking);
  const verdicts: Verdict[] = [];
  if (!has('service-role/AmazonEC2ContainerServiceforEC2Role')) {
    const evidence = `${name} lacks AmazonEC2ContainerServiceforEC2Role: the agent may not join the cluster.`;
    verdicts.push(fail(evidence, mend));
  }
  if (!has('AmazonSSMManagedInstanceCore')) {
    const evidence = `${name} lacks AmazonSSMManagedInstanceCore: Session Manager does not reach the instances.`;
    verdicts.push(warn(evidence, mend));
  }
  return verdicts.length > 0 ? verdicts : pass(`${name} has both policies`);
}
