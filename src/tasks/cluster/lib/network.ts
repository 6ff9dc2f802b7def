import {
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcBlockPublicAccessExclusionsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  DescribeVpcsCommand,
  type Route,
  type RouteTable,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../../../aws/clients.ts';
import { UserError } from '../../../errors.ts';

/** An existing VPC, as found. */
export interface Network {
  vpc: Vpc;
  subnets: Subnet[];
  routeTables: RouteTable[];
  internetGateways: string[];
  /** "off" when nothing blocks; undefined when AWS would not say. */
  blockPublicAccess?: string;
}

/**
 * Reads a VPC with its subnets, routes and gateways, all at once.
 * @throws UserError when there is no such VPC.
 */
export async function readNetwork(aws: Aws, vpcId: string): Promise<Network> {
  const ofVpc = (Name: string) => ({ Filters: [{ Name, Values: [vpcId] }] });
  const [vpcs, subnets, routeTables, gateways, blocking] = await Promise.all([
    aws.ec2.send(new DescribeVpcsCommand(ofVpc('vpc-id'))),
    aws.ec2.send(new DescribeSubnetsCommand(ofVpc('vpc-id'))),
    aws.ec2.send(new DescribeRouteTablesCommand(ofVpc('vpc-id'))),
    aws.ec2.send(new DescribeInternetGatewaysCommand(ofVpc('attachment.vpc-id'))),
    blockPublicAccess(aws, vpcId),
  ]);
  const vpc = vpcs.Vpcs?.[0];
  if (!vpc) {
    throw new UserError(
      `There is no VPC ${vpcId} in ${aws.connection.region}.`,
      'Give another with --set vpc=vpc-…, or make a new one with --set vpc=new.',
    );
  }
  return {
    vpc,
    subnets: subnets.Subnets ?? [],
    routeTables: routeTables.RouteTables ?? [],
    internetGateways: (gateways.InternetGateways ?? []).map(
      (gateway) => gateway.InternetGatewayId!,
    ),
    blockPublicAccess: blocking,
  };
}

/**
 * The Region's block on public access as it holds for a VPC: "off", or how it blocks;
 * undefined when AWS would not say, as not every caller may ask and not every emulator knows it.
 */
export async function blockPublicAccess(aws: Aws, vpcId?: string): Promise<string | undefined> {
  try {
    const { VpcBlockPublicAccessOptions: options } = await aws.ec2.send(
      new DescribeVpcBlockPublicAccessOptionsCommand({}),
    );
    const mode = options?.InternetGatewayBlockMode;
    if (!vpcId || mode === undefined || mode === 'off') return mode;
    // Who may not see the exclusions is told of the block all the same.
    return (await isExcluded(aws, vpcId).catch(() => false)) ? 'off' : mode;
  } catch {
    return undefined;
  }
}

async function isExcluded(aws: Aws, vpcId: string): Promise<boolean> {
  const { VpcBlockPublicAccessExclusions = [] } = await aws.ec2.send(
    new DescribeVpcBlockPublicAccessExclusionsCommand({}),
  );
  return VpcBlockPublicAccessExclusions.some(
    ({ ResourceArn, State, InternetGatewayExclusionMode }) =>
      ResourceArn?.endsWith(`/${vpcId}`) &&
      State?.endsWith('-complete') &&
      State !== 'delete-complete' &&
      InternetGatewayExclusionMode === 'allow-bidirectional',
  );
}

/** What keeps a cluster from living in these subnets: a sentence each, with the fix; [] when all is well. */
export function networkProblems(network: Network, subnetIds: string[]): string[] {
  const vpcId = network.vpc.VpcId;
  const subnets = network.subnets.filter(({ SubnetId }) => subnetIds.includes(SubnetId ?? ''));
  const unknown = subnetIds.filter((id) => !subnets.some(({ SubnetId }) => SubnetId === id));
  const zones = new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone));
  const crowded = [...zones].filter(
    (zone) => subnets.filter(({ AvailabilityZone }) => AvailabilityZone === zone).length > 1,
  );
  const problems = unknown.map(
    (id) => `${vpcId} has no subnet ${id}: give --set subnets=… from that VPC.`,
  );
  if (unknown.length === 0 && zones.size < 2) {
    problems.push(
      `The subnets lie in ${zones.size === 1 ? `one zone (${[...zones]})` : 'no zone'}: a load balancer needs two; add a subnet in another zone.`,
    );
  }
  for (const zone of crowded) {
    problems.push(
      `Several of the subnets lie in ${zone}: a load balancer takes one a zone; name one.`,
    );
  }
  if (network.internetGateways.length === 0) {
    problems.push(`${vpcId} has no internet gateway: attach one (VPC > Internet gateways).`);
  }
  if ((network.blockPublicAccess ?? 'off') !== 'off') {
    problems.push(
      `VPC Block Public Access is ${network.blockPublicAccess}: turn it off or exclude ${vpcId} (VPC > Settings).`,
    );
  }
  return [...problems, ...subnets.flatMap((subnet) => routeProblems(network, subnet))];
}

function routeProblems(network: Network, { SubnetId }: Subnet): string[] {
  const { table, problem } = routeOf(network.routeTables, SubnetId);
  const where = `${SubnetId} (route table ${table?.RouteTableId ?? 'none'})`;
  return problem
    ? [`${where} ${problem}: set that route to the VPC’s gateway, or choose a public subnet.`]
    : [];
}

interface WayOut {
  table?: RouteTable;
  route?: Route;
  /** What is wrong with it, to follow the name of the table; undefined where it leads out. */
  problem?: string;
}

/** Where a subnet sends what is for the Internet. */
export function routeOf(tables: RouteTable[], subnetId: string | undefined): WayOut {
  const table = effectiveTable(tables, subnetId);
  const route = table?.Routes?.find((r) => r.DestinationCidrBlock === '0.0.0.0/0');
  return { table, route, problem: problemWith(route) };
}

function problemWith(route: Route | undefined): string | undefined {
  const { GatewayId, NatGatewayId, TransitGatewayId, NetworkInterfaceId, State } = route ?? {};
  const to = GatewayId ?? NatGatewayId ?? TransitGatewayId ?? NetworkInterfaceId;
  if (!to?.startsWith('igw-')) {
    return `does not send 0.0.0.0/0 to an internet gateway${to ? `, but to ${to}` : ''}`;
  }
  return State === 'blackhole' ? `sends 0.0.0.0/0 to ${to}, which is gone (blackhole)` : undefined;
}

/** A subnet without a route table of its own follows the VPC's main one. */
function effectiveTable(
  tables: RouteTable[],
  subnetId: string | undefined,
): RouteTable | undefined {
  return (
    tables.find((table) => table.Associations?.some((a) => a.SubnetId === subnetId)) ??
    tables.find((table) => table.Associations?.some((a) => a.Main))
  );
}

/** The subnets that instances could be put in as they are: one a zone is enough. */
export function usableSubnets(network: Network): Subnet[] {
  return network.subnets.filter((subnet) => routeProblems(network, subnet).length === 0);
}
