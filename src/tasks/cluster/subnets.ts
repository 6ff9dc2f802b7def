import {
  CreateSubnetCommand,
  DescribeSubnetsCommand,
  ModifySubnetAttributeCommand,
  type Subnet,
} from '@aws-sdk/client-ec2';
import { type Live, resource } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { divide } from './cidr.ts';
import { ec2Tags, tagEc2, taggedOurs } from './ec2-tags.ts';
import { readNetwork } from './network.ts';
import { makesNetwork, vpc } from './vpc.ts';

export interface LiveSubnets extends Live {
  subnets: { id: string; zone: string; cidr: string }[];
  zones: Set<string>;
  /** Zones whose instances get a public address at launch. */
  publicIpIn: Set<string>;
}

export const subnets = resource<LiveSubnets, { vpc: typeof vpc }>({
  name: 'Subnets',
  section: 'VPC > Virtual Private Cloud (VPC)',
  why: 'One in each zone, so that a zone can fail and the apps stay up.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html',
  needs: { vpc },
  async chosen(env) {
    if (makesNetwork(env)) return undefined;
    const network = await readNetwork(env.aws, env.answers.vpc);
    const picked = network.subnets.filter((s) => env.answers.subnets.includes(s.SubnetId!));
    return liveSubnets(picked);
  },
  async read({ aws, tags }) {
    const { Subnets = [] } = await aws.ec2.send(
      new DescribeSubnetsCommand({ Filters: taggedOurs(tags) }),
    );
    return Subnets.length > 0 ? liveSubnets(Subnets) : undefined;
  },
  wanted: ({ answers }) => ({ zones: new Set(answers.zones), publicIpIn: new Set(answers.zones) }),
  create: async () => liveSubnets([]),
  set: {
    async zones({ env, live, to, needs }) {
      const missing = [...to].filter((zone) => !live.zones.has(zone));
      const taken = new Set(live.subnets.map(({ cidr }) => cidr));
      const free = divide(needs.vpc.cidr).filter((cidr) => !taken.has(cidr));
      const made = await Promise.all(
        missing.map(async (zone, index) => {
          const { Subnet } = await env.aws.ec2.send(
            new CreateSubnetCommand({
              VpcId: needs.vpc.id,
              AvailabilityZone: zone,
              CidrBlock: free[index],
              TagSpecifications: ec2Tags(env, 'subnet', `${env.names.network} ${zone}`),
            }),
          );
          return oneSubnet(Subnet!);
        }),
      );
      const subnets = [...live.subnets, ...made];
      return { id: idsOf(subnets), subnets };
    },
    async publicIpIn({ env, live, to }) {
      const without = live.subnets.filter(({ zone }) => to.has(zone) && !live.publicIpIn.has(zone));
      await Promise.all(
        without.map(({ id }) =>
          env.aws.ec2.send(
            new ModifySubnetAttributeCommand({
              SubnetId: id,
              MapPublicIpOnLaunch: { Value: true },
            }),
          ),
        ),
      );
    },
  },
  async tag(env, live) {
    await Promise.all(live.subnets.map(({ id }) => tagEc2(env, { id })));
  },
});

function liveSubnets(found: Subnet[]): LiveSubnets {
  const list = found.map(oneSubnet).sort((a, b) => a.zone.localeCompare(b.zone));
  return {
    id: idsOf(list),
    tags: fromTagList(found[0]?.Tags),
    subnets: list,
    zones: new Set(list.map(({ zone }) => zone)),
    publicIpIn: new Set(
      found.filter((s) => s.MapPublicIpOnLaunch).map(({ AvailabilityZone }) => AvailabilityZone!),
    ),
  };
}

function oneSubnet({ SubnetId, AvailabilityZone, CidrBlock }: Subnet) {
  return { id: SubnetId!, zone: AvailabilityZone!, cidr: CidrBlock! };
}

function idsOf(list: { id: string }[]): string {
  return list.map(({ id }) => id).join(', ');
}
