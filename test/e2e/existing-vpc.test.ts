import {
  AssociateRouteTableCommand,
  AssociateVpcCidrBlockCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
} from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeNetwork, type Network } from '../sandbox/fixtures.ts';
import { newWorld, type World } from './world.ts';

let world: World;
let network: Network;
let table: string;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.reset();
  network = await makeNetwork(world.aws);
  table = await mainTable(network.vpc);
});

const send = ((command: never) => world.aws.ec2.send(command)) as World['aws']['ec2']['send'];
const ofVpc = (Name: string, VpcId: string) => ({ Filters: [{ Name, Values: [VpcId] }] });

async function mainTable(VpcId: string): Promise<string> {
  const { RouteTables } = await send(new DescribeRouteTablesCommand(ofVpc('vpc-id', VpcId)));
  return RouteTables?.[0]?.RouteTableId ?? '';
}

async function gateway(VpcId: string): Promise<string | undefined> {
  const { InternetGateways } = await send(
    new DescribeInternetGatewaysCommand(ofVpc('attachment.vpc-id', VpcId)),
  );
  return InternetGateways?.[0]?.InternetGatewayId;
}

/** All that AWS tells of the network itself. */
async function picture() {
  const { vpc } = network;
  const [vpcs, subnets, tables, gateways, support, hostnames] = await Promise.all([
    send(new DescribeVpcsCommand(ofVpc('vpc-id', vpc))),
    send(new DescribeSubnetsCommand(ofVpc('vpc-id', vpc))),
    send(new DescribeRouteTablesCommand(ofVpc('vpc-id', vpc))),
    send(new DescribeInternetGatewaysCommand(ofVpc('attachment.vpc-id', vpc))),
    send(new DescribeVpcAttributeCommand({ VpcId: vpc, Attribute: 'enableDnsSupport' })),
    send(new DescribeVpcAttributeCommand({ VpcId: vpc, Attribute: 'enableDnsHostnames' })),
  ]);
  // Instances take addresses from a subnet: that alone may differ.
  const counted = subnets.Subnets?.map(({ AvailableIpAddressCount, ...rest }) => rest);
  return {
    ...{ vpcs: vpcs.Vpcs, subnets: counted, tables: tables.RouteTables },
    ...{ gateways: gateways.InternetGateways },
    dns: [support.EnableDnsSupport, hostnames.EnableDnsHostnames],
  };
}

const chosen = () => ['--set', `vpc=${network.vpc}`];

/** Moves the subnets from the main table to one of their own; answers with its id. */
async function ownTable(subnets: string[]): Promise<string> {
  const made = await send(new CreateRouteTableCommand({ VpcId: network.vpc }));
  const RouteTableId = made.RouteTable?.RouteTableId ?? '';
  for (const SubnetId of subnets) {
    await send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  }
  return RouteTableId;
}

describe('an existing VPC', () => {
  test('is used as it is, by the main route table too', async () => {
    const before = await picture();
    const { exitCode, json } = await world.run(...chosen(), '--no-wait');
    expect(exitCode).toBe(0);
    expect(await picture()).toEqual(before);
    const inVpc = json.resources.filter(({ section }) => section.startsWith('VPC > Virtual'));
    expect(inVpc.map(({ name, action, id }) => [name, action, id])).toEqual([
      ['VPC', 'keep', network.vpc],
      ['Subnets', 'keep', [...network.subnets].join(', ')],
    ]);
    const { LoadBalancers } = await world.aws.elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers?.[0]?.VpcId).toBe(network.vpc);
    // What stands is the answer next time.
    const again = await world.run('--no-wait');
    expect(again.outcomes).toEqual({});
    expect(world.changing()).toEqual([]);
  });

  test('with IPv6 gets IPv6 rules', async () => {
    await send(
      new AssociateVpcCidrBlockCommand({ VpcId: network.vpc, AmazonProvidedIpv6CidrBlock: true }),
    );
    expect((await world.run(...chosen(), '--no-wait')).exitCode).toBe(0);
    const { SecurityGroups } = await send(
      new DescribeSecurityGroupsCommand(ofVpc('group-name', 'digitalAppsLoadBalancer')),
    );
    const rules = SecurityGroups?.[0]?.IpPermissions?.map((rule) => [
      rule.FromPort,
      ...(rule.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
      ...(rule.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ]);
    expect(rules?.sort()).toEqual([
      [443, '0.0.0.0/0', '::/0'],
      [80, '0.0.0.0/0', '::/0'],
    ]);
    expect((await world.run('--dry-run', '--no-wait')).outcomes).toEqual({});
  });
});

describe('an existing VPC that will not do is refused in a sentence, and nothing is changed', () => {
  const misses: { what: string; spoil(): Promise<string[]>; says: RegExp[] }[] = [
    {
      what: 'no internet gateway',
      async spoil() {
        const InternetGatewayId = await gateway(network.vpc);
        const VpcId = network.vpc;
        await send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        await send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
        return [`subnets=${network.subnets}`];
      },
      says: [/vpc-\w+ has no internet gateway: attach one/],
    },
    {
      what: 'the main table has no way out',
      async spoil() {
        const RouteTableId = table;
        await send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }));
        return [`subnets=${network.subnets}`];
      },
      says: [
        /subnet-\w+ \(route table rtb-\w+\) does not send 0\.0\.0\.0\/0 to an internet gateway/,
      ],
    },
    {
      what: 'one subnet’s own table has no way out, although the main one has',
      async spoil() {
        await ownTable([network.subnets[1]]);
        return [`subnets=${network.subnets}`];
      },
      says: [/subnet-\w+ \(route table rtb-\w+\) does not send 0\.0\.0\.0\/0/],
    },
    {
      what: 'both subnets in one zone',
      async spoil() {
        const { Subnet } = await send(
          new CreateSubnetCommand({
            ...{ VpcId: network.vpc, AvailabilityZone: 'us-east-2a', CidrBlock: '10.0.2.0/24' },
          }),
        );
        return [`subnets=${network.subnets[0]},${Subnet?.SubnetId}`];
      },
      says: [/lie in one zone \(us-east-2a\): a load balancer needs two/],
    },
    {
      what: 'Block Public Access',
      async spoil() {
        await world.emulator.settings({ vpc_block_public_access: 'block-bidirectional' });
        return [`subnets=${network.subnets}`];
      },
      says: [/Block Public Access is block-bidirectional: turn it off or exclude vpc-/],
    },
    {
      what: 'a subnet of another VPC',
      async spoil() {
        const { Subnets } = await send(
          new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }),
        );
        return [`subnets=${network.subnets[0]},${Subnets?.[0]?.SubnetId}`];
      },
      says: [/vpc-\w+ has no subnet subnet-\w+/],
    },
  ];

  test.each(misses)('$what', async ({ spoil, says }) => {
    const set = await spoil();
    const ran = await world.run(...chosen(), ...set.flatMap((answer) => ['--set', answer]));
    expect(ran.exitCode).toBe(2);
    for (const sentence of says) expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr).toContain('--set vpc=new');
    expect(world.changing()).toEqual([]);
  });

  test('a route to a gateway that is gone', async () => {
    world.faults.inject({
      operation: 'DescribeRouteTables',
      times: 100,
      rewrite: (body) => body.replaceAll('<state>active</state>', '<state>blackhole</state>'),
    });
    const ran = await world.run(...chosen(), '--set', `subnets=${network.subnets}`);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(/to igw-\w+, which is gone \(blackhole\)/);
    expect(world.changing()).toEqual([]);
  });
});
