import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteVpcCommand,
  DescribeInternetGatewaysCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  type InternetGateway as Gateway,
  ModifyVpcAttributeCommand,
  type Vpc,
} from '@aws-sdk/client-ec2';
import type { Live, NoNeeds } from '../resource.ts';
import { fromTagList } from '../tags.ts';
import { ec2Tags, tagEc2, taggedOurs } from './lib/ec2-tags.ts';
import { makeOne } from './lib/make-one.ts';
import { readNetwork } from './lib/network.ts';
import { type Answered, type Env, type Place, resource, resourceWhen } from './scope.ts';

export interface LiveVpc extends Live {
  cidr: string;
  hasIpv6: boolean;
  dnsSupport?: boolean;
  dnsHostnames?: boolean;
}

const section = 'VPC > Virtual Private Cloud (VPC)';

export const makesNetwork = ({ answers }: Answered) => answers.vpc === 'new';

export const vpc = resource<LiveVpc, NoNeeds>({
  name: 'VPC',
  section,
  why: 'The private network that the load balancer and the instances live in.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/configure-your-vpc.html',
  needs: {},
  async chosen(env) {
    if (makesNetwork(env)) return undefined;
    return liveVpc((await readNetwork(env.aws, env.answers.vpc)).vpc);
  },
  async read(place) {
    const found = (await describeOurs(place))[0];
    if (!found) return undefined;
    const attribute = (Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
      place.aws.ec2.send(new DescribeVpcAttributeCommand({ VpcId: found.VpcId, Attribute }));
    const [support, hostnames] = await Promise.all([
      attribute('enableDnsSupport'),
      attribute('enableDnsHostnames'),
    ]);
    return {
      ...liveVpc(found),
      dnsSupport: support.EnableDnsSupport?.Value,
      dnsHostnames: hostnames.EnableDnsHostnames?.Value,
    };
  },
  wanted: ({ answers }) => ({ cidr: answers['vpc-cidr'], dnsSupport: true, dnsHostnames: true }),
  async create(env) {
    const { aws, answers, names } = env;
    const kept = await makeOne({
      async create() {
        const { Vpc } = await aws.ec2.send(
          new CreateVpcCommand({
            CidrBlock: answers['vpc-cidr'],
            TagSpecifications: ec2Tags(env, 'vpc', names.network),
          }),
        );
        return Vpc!;
      },
      idOf: ({ VpcId }) => VpcId!,
      all: () => describeOurs(env),
      remove: (id) => aws.ec2.send(new DeleteVpcCommand({ VpcId: id })),
    });
    return liveVpc(kept);
  },
  set: {
    async dnsSupport({ env, live }) {
      await env.aws.ec2.send(
        new ModifyVpcAttributeCommand({ VpcId: live.id, EnableDnsSupport: { Value: true } }),
      );
    },
    async dnsHostnames({ env, live }) {
      await env.aws.ec2.send(
        new ModifyVpcAttributeCommand({ VpcId: live.id, EnableDnsHostnames: { Value: true } }),
      );
    },
  },
  tag: tagEc2,
});

async function describeOurs({ aws, tags }: Place): Promise<Vpc[]> {
  const { Vpcs = [] } = await aws.ec2.send(new DescribeVpcsCommand({ Filters: taggedOurs(tags) }));
  return Vpcs.sort((a, b) => a.VpcId!.localeCompare(b.VpcId!));
}

function liveVpc({ VpcId, Tags, CidrBlock, Ipv6CidrBlockAssociationSet }: Vpc): LiveVpc {
  return {
    id: VpcId!,
    tags: fromTagList(Tags),
    cidr: CidrBlock!,
    hasIpv6: (Ipv6CidrBlockAssociationSet ?? []).length > 0,
  };
}

interface InternetGateway extends Live {
  attachedTo?: string;
}

export const internetGateway = resourceWhen<InternetGateway, { vpc: typeof vpc }>(makesNetwork, {
  name: 'Internet gateway',
  section,
  console: 'vpcconsole/home#igws:',
  why: 'The door between the network and the Internet.',
  docs: 'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
  needs: { vpc },
  async read(place) {
    const gateways = await describeGateways(place);
    const found = gateways.find(({ Attachments }) => Attachments?.length) ?? gateways[0];
    return found && liveGateway(found);
  },
  wanted: (_env, { vpc }) => ({ attachedTo: vpc.id }),
  async create(env) {
    const { aws, names } = env;
    const kept = await makeOne({
      async create() {
        const { InternetGateway } = await aws.ec2.send(
          new CreateInternetGatewayCommand({
            TagSpecifications: ec2Tags(env, 'internet-gateway', names.network),
          }),
        );
        return InternetGateway!;
      },
      idOf: ({ InternetGatewayId }) => InternetGatewayId!,
      all: () => describeGateways(env),
      remove: (id) => aws.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id })),
    });
    return liveGateway(kept);
  },
  set: {
    async attachedTo({ env, live, needs }) {
      const { ec2 } = env.aws;
      const InternetGatewayId = live.id;
      try {
        await ec2.send(
          new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: needs.vpc.id }),
        );
      } catch (error) {
        // A VPC takes one gateway: another run's was there first, so this one has no use.
        const theirs = await attachedGateway(env, needs.vpc.id);
        if (!theirs) throw error;
        if (theirs === InternetGatewayId) return undefined;
        await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
        return { id: theirs };
      }
      return undefined;
    },
  },
  tag: tagEc2,
});

async function describeGateways({ aws, tags }: Place): Promise<Gateway[]> {
  const { InternetGateways = [] } = await aws.ec2.send(
    new DescribeInternetGatewaysCommand({ Filters: taggedOurs(tags) }),
  );
  return InternetGateways;
}

function liveGateway({ InternetGatewayId, Tags, Attachments }: Gateway): InternetGateway {
  return {
    id: InternetGatewayId!,
    tags: fromTagList(Tags),
    attachedTo: Attachments?.[0]?.VpcId,
  };
}

async function attachedGateway({ aws }: Env, vpcId: string): Promise<string | undefined> {
  const { InternetGateways } = await aws.ec2.send(
    new DescribeInternetGatewaysCommand({
      Filters: [{ Name: 'attachment.vpc-id', Values: [vpcId] }],
    }),
  );
  return InternetGateways?.[0]?.InternetGatewayId;
}
