import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Live } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { ec2Tags, tagEc2, taggedOurs } from './lib/ec2-tags.ts';
import { permissionOf, type Rule, rulesOf, SSH_DESCRIPTION } from './lib/rules.ts';
import { type Answered, type Env, type Place, resource } from './scope.ts';
import { type LiveVpc, vpc } from './vpc.ts';

export interface LiveGroup extends Live {
  vpcId: string;
  ingress: Set<Rule>;
  egress: Set<Rule>;
}

interface InstanceGroup extends LiveGroup {
  /** Who may connect by SSH, of the rules that were made here. */
  sshFrom: string[];
}

const section = 'VPC > Security Groups';
const docs = 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html';
/** AWS starts every group with it; in a VPC that has IPv6, with both. */
function anywhere({ hasIpv6 }: LiveVpc): Set<Rule> {
  return new Set<Rule>(hasIpv6 ? ['all to 0.0.0.0/0', 'all to ::/0'] : ['all to 0.0.0.0/0']);
}

export const loadBalancerSecurityGroup = resource<LiveGroup, { vpc: typeof vpc }>({
  name: 'Load balancer’s group',
  section,
  why: 'Lets anyone reach the load balancer by HTTP and HTTPS, and nothing else.',
  docs,
  needs: { vpc },
  concerns: isInChosenVpc,
  read: (place) => readGroup(place, place.names.loadBalancerSecurityGroup),
  wanted: (_env, { vpc }) => ({
    vpcId: vpc.id,
    ingress: new Set(
      (vpc.hasIpv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0']).flatMap((from): Rule[] => [
        `tcp 80 from ${from}`,
        `tcp 443 from ${from}`,
      ]),
    ),
    egress: anywhere(vpc),
  }),
  create: (env, { vpc }) =>
    createGroup(env, vpc, env.names.loadBalancerSecurityGroup, 'HTTP and HTTPS from anywhere'),
  set: {
    ingress: ({ env, live, to }) => allow(env, live, to),
    egress: ({ env, live, to }) => allowOut(env, live, to),
  },
  tag: tagEc2,
});

export const instanceSecurityGroup = resource<
  InstanceGroup,
  { vpc: typeof vpc; loadBalancerSecurityGroup: typeof loadBalancerSecurityGroup }
>({
  name: 'Instances’ group',
  section,
  why: 'Lets the load balancer reach the containers, and SSH in from the ranges you gave.',
  docs,
  needs: { vpc, loadBalancerSecurityGroup },
  concerns: isInChosenVpc,
  async read(place) {
    const group = await readGroup(place, place.names.instanceSecurityGroup);
    return group && { ...group, sshFrom: sshFrom(group.found) };
  },
  wanted: ({ answers }, { vpc, loadBalancerSecurityGroup }) => ({
    vpcId: vpc.id,
    ingress: new Set<Rule>([
      `tcp 0-65535 from ${loadBalancerSecurityGroup.id}`,
      ...answers['ssh-cidrs'].map(sshRule),
    ]),
    egress: anywhere(vpc),
    sshFrom: [...answers['ssh-cidrs']].sort(),
  }),
  async create(env, { vpc }) {
    const name = env.names.instanceSecurityGroup;
    const group = await createGroup(
      env,
      vpc,
      name,
      'TCP from the load balancer, SSH from named ranges',
    );
    return { ...group, sshFrom: [] };
  },
  set: {
    async ingress({ env, live, to }) {
      await allow(env, live, to);
      const added = [...to].filter((rule) => !live.ingress.has(rule)).flatMap(sshCidr);
      return { sshFrom: [...live.sshFrom, ...added].sort() };
    },
    egress: ({ env, live, to }) => allowOut(env, live, to),
    async sshFrom({ env, live, to }) {
      const { ec2 } = env.aws;
      const gone = live.sshFrom.filter((cidr) => !to.includes(cidr)).map(sshRule);
      const byHand = to.filter((cidr) => !live.sshFrom.includes(cidr)).map(sshRule);
      if (gone.length > 0) {
        await ec2.send(
          new RevokeSecurityGroupIngressCommand({
            GroupId: live.id,
            IpPermissions: gone.map(permissionOf),
          }),
        );
      }
      // Asked for and there already: it is marked, to be told from others when it is no longer wanted.
      if (byHand.length > 0) {
        await ec2.send(
          new UpdateSecurityGroupRuleDescriptionsIngressCommand({
            GroupId: live.id,
            IpPermissions: byHand.map(permissionOf),
          }),
        );
      }
      return { ingress: live.ingress.difference(new Set(gone)) };
    },
  },
  tag: tagEc2,
});

/** A group of the same name in another VPC is in nobody's way. */
function isInChosenVpc({ vpcId }: LiveGroup, { answers }: Answered): boolean {
  return vpcId === answers.vpc;
}

/** A group's name is unique within its VPC alone, so ours is told by its tags where there are several. */
async function readGroup({ aws, tags }: Place, name: string) {
  const byName = { Name: 'group-name', Values: [name] };
  const [ours, named] = await Promise.all(
    [[byName, ...taggedOurs(tags)], [byName]].map((Filters) =>
      aws.ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    ),
  );
  const found = ours?.SecurityGroups?.[0] ?? named?.SecurityGroups?.[0];
  return (
    found && {
      id: found.GroupId!,
      tags: fromTagList(found.Tags),
      vpcId: found.VpcId!,
      ingress: rulesOf(found.IpPermissions, 'from'),
      egress: rulesOf(found.IpPermissionsEgress, 'to'),
      found,
    }
  );
}

async function createGroup(env: Env, vpc: LiveVpc, name: string, text: string) {
  const { id } = vpc;
  const { GroupId } = await env.aws.ec2.send(
    new CreateSecurityGroupCommand({
      VpcId: id,
      GroupName: name,
      Description: text,
      TagSpecifications: ec2Tags(env, 'security-group', name),
    }),
  );
  const group = { id: GroupId!, tags: env.tags, vpcId: id, ingress: new Set<Rule>() };
  return { ...group, egress: anywhere(vpc) };
}

/** Adds what is missing, each by itself: one that another run has just added must not fail the rest. */
async function allow(env: Env, live: LiveGroup, wanted: Set<Rule>): Promise<void> {
  const missing = [...wanted].filter((rule) => !live.ingress.has(rule));
  await Promise.all(
    missing.map((rule) =>
      env.aws.ec2
        .send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: live.id,
            IpPermissions: [permissionOf(rule)],
          }),
        )
        .catch((error: Error) => {
          if (error.name !== 'InvalidPermission.Duplicate') throw error;
        }),
    ),
  );
}

async function allowOut(env: Env, live: LiveGroup, wanted: Set<Rule>): Promise<void> {
  const missing = [...wanted].filter((rule) => !live.egress.has(rule));
  await env.aws.ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId: live.id,
      IpPermissions: missing.map(permissionOf),
    }),
  );
}

function sshRule(cidr: string): Rule {
  return `tcp 22 from ${cidr}`;
}

function sshCidr(rule: Rule): string[] {
  const [start, cidr] = rule.split('tcp 22 from ');
  return start === '' && cidr ? [cidr] : [];
}

function sshFrom({ IpPermissions = [] }: SecurityGroup): string[] {
  const ranges = IpPermissions.filter(isSsh).flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
    ...IpRanges.map(({ CidrIp, Description }) => ({ cidr: CidrIp!, Description })),
    ...Ipv6Ranges.map(({ CidrIpv6, Description }) => ({ cidr: CidrIpv6!, Description })),
  ]);
  return ranges
    .filter(({ Description }) => Description === SSH_DESCRIPTION)
    .map(({ cidr }) => cidr)
    .sort();
}

function isSsh({ FromPort, ToPort }: IpPermission): boolean {
  return FromPort === 22 && ToPort === 22;
}
