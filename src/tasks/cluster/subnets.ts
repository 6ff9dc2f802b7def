import {
  CreateSubnetCommand,
  DescribeSubnetsCommand,
  ModifySubnetAttributeCommand,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { Live } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { divide } from './lib/cidr.ts';
import { ec2Tags, tagEc2, taggedOurs } from './lib/ec2-tags.ts';
import { readNetwork } from './lib/network.ts';
import { type Env, type Place, resource } from './scope.ts';
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
  console: 'vpcconsole/home#subnets:',
  why: 'One in each zone, so that a zone can fail and the apps stay up.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html',
  needs: { vpc },
  async chosen(env) {
    if (makesNetwork(env)) return undefined;
    const network = await readNetwork(env.aws, env.answers.vpc);
    const picked = network.subnets.filter((s) => env.answers.subnets.includes(s.SubnetId!));
    return liveSubnets(picked);
  },
  async read(place) {
    const found = await describeOurs(place);
    return found.length > 0 ? liveSubnets(found) : undefined;
  },
  wanted: ({ answers }) => ({ zones: new Set(answers.zones), publicIpIn: new Set(answers.zones) }),
  create: async () => liveSubnets([]),
  imagine: ({ answers }) => ({
    subnets: answers.zones.map((zone) => ({ id: `(the new one in ${zone})`, zone, cidr: '' })),
  }),
  set: {
    async zones({ env, live, to, needs }) {
      const missing = [...to].filter((zone) => !live.zones.has(zone));
      const taken = new Set(live.subnets.map(({ cidr }) => cidr));
      const free = divide(needs.vpc.cidr).filter((cidr) => !taken.has(cidr));
      const made = await Promise.all(
        missing.map((zone, index) => makeSubnet(env, needs.vpc.id, zone, free[index]!)),
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

async function makeSubnet(env: Env, VpcId: string, zone: string, CidrBlock: string) {
  try {
    const { Subnet } = await env.aws.ec2.send(
      new CreateSubnetCommand({
        VpcId,
        AvailabilityZone: zone,
        CidrBlock,
        TagSpecifications: ec2Tags(env, 'subnet', `${env.names.network} ${zone}`),
      }),
    );
    return oneSubnet(Subnet!);
  } catch (error) {
    // Made by a run at the same time, or by a call whose answer was lost.
    if ((error as Error).name !== 'InvalidSubnet.Conflict') throw error;
    const there = (await describeOurs(env)).find((subnet) => subnet.AvailabilityZone === zone);
    if (!there) throw error;
    return oneSubnet(there);
  }
}

async function describeOurs({ aws, tags }: Place): Promise<Subnet[]> {
  const { Subnets = [] } = await aws.ec2.send(
    new DescribeSubnetsCommand({ Filters: taggedOurs(tags) }),
  );
  return Subnets;
}

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
