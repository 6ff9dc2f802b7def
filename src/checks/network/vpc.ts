import { DescribeVpcAttributeCommand } from '@aws-sdk/client-ec2';
import { autoscalingGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { routeOf } from '../../tasks/cluster/lib/network.ts';
import { loadBalancer } from '../../tasks/cluster/load-balancer.ts';
import { routeTable } from '../../tasks/cluster/route-table.ts';
import {
  instanceSecurityGroup,
  loadBalancerSecurityGroup,
} from '../../tasks/cluster/security-groups.ts';
import { subnets } from '../../tasks/cluster/subnets.ts';
import { internetGateway, vpc } from '../../tasks/cluster/vpc.ts';
import { type Check, fail, type Looking, pass, skip, type Verdict, warn } from '../check.ts';
import { awsCli, initCluster } from '../command-lines.ts';
import { type ClusterNetwork, clusterNetwork } from '../lookups/network.ts';
import { mendOf, NO_SUBNETS, ofNetwork } from './of-network.ts';

const group = 'Network';

export const vpcChecks: Check[] = [
  {
    id: 'network.subnets',
    group,
    title: 'The cluster has subnets in two zones',
    problem: 'The subnets are not all where the cluster needs them',
    why: 'A load balancer needs two, and with instances in both a zone can fail.',
    fix: '`digital-apps init-cluster` makes a missing subnet again, and puts group and load balancer into all.',
    isMendable: true,
    judges: [
      [vpc, 'id'],
      [subnets, 'id', 'zones'],
      [autoscalingGroup, 'subnets'],
      [loadBalancer, 'subnets'],
      // Without the VPC these are gone, too.
      [internetGateway, 'id'],
      [routeTable, 'id'],
      [instanceSecurityGroup, 'id'],
      [loadBalancerSecurityGroup, 'id'],
    ],
    look: lookAtSubnets,
  },
  {
    id: 'network.gateway',
    group,
    title: 'The VPC has an internet gateway',
    problem: 'The VPC has no internet gateway',
    why: 'Without it nothing gets in or out: no visitor, no image, no agent.',
    fix: '`digital-apps init-cluster` attaches one to its own VPC; else VPC > Internet gateways.',
    isMendable: true,
    judges: [[internetGateway]],
    look: ofNetwork(lookAtGateway),
  },
  {
    id: 'network.route',
    group,
    title: 'The subnets have a way out',
    problem: 'Subnets have no way out',
    why: 'Each needs a route for 0.0.0.0/0 to the internet gateway, or no instance can join the cluster.',
    fix: '`digital-apps init-cluster` sets it in its own VPC; else VPC > Route tables.',
    isMendable: true,
    judges: [[routeTable]],
    look: ofNetwork(lookAtRoutes),
  },
  {
    id: 'network.dns',
    group,
    title: 'Names are resolved in the VPC',
    problem: 'DNS resolution or hostnames are off in the VPC',
    why: 'The agent finds AWS by name.',
    fix: '`digital-apps init-cluster` turns both on in its own VPC; else VPC > Edit VPC settings.',
    isMendable: true,
    judges: [[vpc, 'dnsSupport', 'dnsHostnames']],
    look: ofNetwork(lookAtDns),
  },
  {
    id: 'network.block-public-access',
    group,
    title: 'VPC Block Public Access lets the cluster be reached',
    problem: 'VPC Block Public Access shuts the cluster off',
    why: 'It is set for a whole Region, and overrules every gateway and rule.',
    fix: 'Exclude the VPC from it: VPC > Settings > Block public access.',
    look: ofNetwork(lookAtBlock),
  },
];

async function lookAtSubnets(looking: Looking): Promise<Verdict | Verdict[]> {
  const network = await clusterNetwork(looking);
  const mend = initCluster(looking);
  if (!network) return fail('The cluster has no VPC.', mend);
  const { vpcId, used, instanceSubnets, balancerSubnets, subnets } = network;
  const gone = instanceSubnets.filter((id) => !subnets.some(({ SubnetId }) => SubnetId === id));
  const zones = zonesOf(network, instanceSubnets);
  const unserved = [...zones.difference(zonesOf(network, balancerSubnets))];
  const verdicts = gone.map((id) =>
    fail(`The autoscaling group starts instances in ${id}, which ${vpcId} does not have.`, mend),
  );
  if (used.length === 0) verdicts.push(fail(`The cluster has no subnet in ${vpcId}.`, mend));
  if (network.loadBalancer && unserved.length > 0) {
    verdicts.push(
      fail(
        `Instances start in ${unserved.join(', ')}, where the load balancer is not: they get no traffic.`,
        mend,
      ),
    );
  }
  if (zones.size === 1) {
    verdicts.push(
      warn(`All instances start in one zone (${[...zones]}): if it fails, so do the apps.`, mend),
    );
  }
  if (verdicts.length > 0) return verdicts;
  return pass(used.map((s) => `${s.SubnetId} in ${s.AvailabilityZone}`).join(', '));
}

function zonesOf({ subnets }: ClusterNetwork, ids: string[]): Set<string> {
  const among = subnets.filter(({ SubnetId }) => ids.includes(SubnetId!));
  return new Set(among.map(({ AvailabilityZone }) => AvailabilityZone!));
}

function lookAtGateway(network: ClusterNetwork, looking: Looking): Verdict {
  const { vpcId, internetGateways } = network;
  if (internetGateways.length > 0) return pass(`${internetGateways[0]} is attached to ${vpcId}`);
  return fail(
    `${vpcId} has no internet gateway.`,
    mendOf(
      network,
      looking,
      awsCli(looking, `ec2 attach-internet-gateway --vpc-id ${vpcId} --internet-gateway-id IGW`),
    ),
  );
}

function lookAtRoutes(network: ClusterNetwork, looking: Looking): Verdict | Verdict[] {
  const { routeTables, used, internetGateways } = network;
  if (used.length === 0) return NO_SUBNETS;
  const routes = used.map((subnet) => ({ subnet, ...routeOf(routeTables, subnet.SubnetId) }));
  const wrong = routes.filter(({ problem }) => problem);
  if (wrong.length === 0) {
    return pass(`${used.length} subnets send 0.0.0.0/0 to ${routes[0]?.route?.GatewayId}`);
  }
  return wrong.map(({ subnet, table, route, problem }) => {
    const verb = route ? 'replace' : 'create';
    const where = `--route-table-id ${table?.RouteTableId} --destination-cidr-block 0.0.0.0/0`;
    const to = `--gateway-id ${internetGateways[0] ?? 'IGW'}`;
    const command = awsCli(looking, `ec2 ${verb}-route`, where, to);
    const evidence = `${table?.RouteTableId} of ${subnet.SubnetId} ${problem}.`;
    return fail(evidence, mendOf(network, looking, command), subnet.SubnetId);
  });
}

async function lookAtDns(network: ClusterNetwork, looking: Looking): Promise<Verdict | Verdict[]> {
  const { vpcId: VpcId } = network;
  const attribute = (Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
    looking.aws.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  const [{ EnableDnsSupport }, { EnableDnsHostnames }] = await Promise.all([
    attribute('enableDnsSupport'),
    attribute('enableDnsHostnames'),
  ]);
  const verdicts: Verdict[] = [];
  if (!EnableDnsSupport?.Value) {
    const evidence = `${VpcId} resolves no names (DNS resolution is off): the agent cannot find AWS.`;
    const command = awsCli(
      looking,
      `ec2 modify-vpc-attribute --vpc-id ${VpcId} --enable-dns-support`,
    );
    verdicts.push(fail(evidence, mendOf(network, looking, command)));
  }
  // Nothing of a cluster needs it, and a VPC made elsewhere comes without.
  if (network.isOurs && !EnableDnsHostnames?.Value) {
    const evidence = `${VpcId} gives instances no names (DNS hostnames is off).`;
    verdicts.push(warn(evidence, initCluster(looking)));
  }
  return verdicts.length > 0 ? verdicts : pass(`names are resolved in ${VpcId}`);
}

function lookAtBlock(
  { blockPublicAccess: mode, vpcId }: ClusterNetwork,
  looking: Looking,
): Verdict {
  if (mode === undefined) return skip('could not look: AWS does not say whether it blocks');
  if (mode === 'off') return pass(`it does not block ${vpcId}`);
  return fail(
    `VPC Block Public Access is ${mode}, and ${vpcId} is not excluded from it.`,
    awsCli(
      looking,
      `ec2 create-vpc-block-public-access-exclusion --vpc-id ${vpcId}`,
      '--internet-gateway-exclusion-mode allow-bidirectional',
    ),
  );
}
