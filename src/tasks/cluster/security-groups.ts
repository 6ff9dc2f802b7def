import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Env, Place } from '../env.ts';
import { type Live, resource } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { ec2Tags, tagEc2, taggedOurs } from './ec2-tags.ts';
import { permissionOf, type Rule, rulesOf, SSH_DESCRIPTION } from './rules.ts';
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
const ANYWHERE: Rule[] = ['all to 0.0.0.0/0'];

export const loadBalancerGroup = resource<LiveGroup, { vpc: typeof vpc }>({
  name: 'Load balancer’s group',
  section,
  why: 'Lets anyone reach the load balancer by HTTP and HTTPS, and nothing else.',
  docs,
  needs: { vpc },
  read: (place) => readGroup(place, place.names.loadBalancerGroup),
  wanted: (_env, { vpc }) => ({
    vpcId: vpc.id,
    ingress: new Set(
      (vpc.hasIpv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0']).flatMap((from): Rule[] => [
        `tcp 80 from ${from}`,
        `tcp 443 from ${from}`,
      ]),
    ),
    egress: new Set(ANYWHERE),
  }),
  create: (env, { vpc }) =>
    createGroup(env, vpc, env.names.loadBalancerGroup, 'HTTP and HTTPS from anywhere'),
  set: {
    ingress: ({ env, live, to }) => allow(env, live, to),
    egress: ({ env, live }) => allowOut(env, live),
  },
  tag: tagEc2,
});

export const instanceGroup = resource<
  InstanceGroup,
  { vpc: typeof vpc; loadBalancerGroup: typeof loadBalancerGroup }
>({
  name: 'Instances’ group',
  section,
  why: 'Lets the load balancer reach the containers, and SSH in from the ranges you gave.',
  docs,
  needs: { vpc, loadBalancerGroup },
  async read(place) {
    const group = await readGroup(place, place.names.instanceGroup);
    return group && { ...group, sshFrom: sshFrom(group.found) };
  },
  wanted: ({ answers }, { vpc, loadBalancerGroup }) => ({
    vpcId: vpc.id,
    ingress: new Set<Rule>([
      `tcp 0-65535 from ${loadBalancerGroup.id}`,
      ...answers['ssh-cidrs'].map((cidr): Rule => `tcp 22 from ${cidr}`),
    ]),
    egress: new Set(ANYWHERE),
    sshFrom: [...answers['ssh-cidrs']].sort(),
  }),
  async create(env, { vpc }) {
    const name = env.names.instanceGroup;
    const group = await createGroup(
      env,
      vpc,
      name,
      'TCP from the load balancer, SSH from named ranges',
    );
    return { ...group, sshFrom: [] };
  },
  set: {
    ingress: ({ env, live, to }) => allow(env, live, to),
    egress: ({ env, live }) => allowOut(env, live),
    async sshFrom({ env, live, to }) {
      const gone = live.sshFrom.filter((cidr) => !to.includes(cidr));
      if (gone.length === 0) return;
      await env.aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: live.id,
          IpPermissions: gone.map((cidr) => permissionOf(`tcp 22 from ${cidr}`)),
        }),
      );
    },
  },
  tag: tagEc2,
});

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

async function createGroup(env: Env, { id }: LiveVpc, name: string, text: string) {
  const { GroupId } = await env.aws.ec2.send(
    new CreateSecurityGroupCommand({
      VpcId: id,
      GroupName: name,
      Description: text,
      TagSpecifications: ec2Tags(env, 'security-group', name),
    }),
  );
  // AWS starts a group with a way out to everywhere.
  const egress = new Set(ANYWHERE);
  return { id: GroupId!, tags: env.tags, vpcId: id, ingress: new Set<Rule>(), egress };
}

/** Adds what is missing alone: one rule that is there already would fail the whole call. */
async function allow(env: Env, live: LiveGroup, wanted: Set<Rule>): Promise<void> {
  const missing = [...wanted].filter((rule) => !live.ingress.has(rule));
  await env.aws.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: live.id,
      IpPermissions: missing.map(permissionOf),
    }),
  );
}

async function allowOut(env: Env, live: LiveGroup): Promise<void> {
  await env.aws.ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId: live.id,
      IpPermissions: ANYWHERE.map(permissionOf),
    }),
  );
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
