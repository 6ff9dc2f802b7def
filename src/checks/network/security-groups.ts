import type { SecurityGroup } from '@aws-sdk/client-ec2';
import {
  instanceSecurityGroup,
  loadBalancerSecurityGroup,
} from '../../tasks/cluster/security-groups.ts';
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
import { instancesInService } from '../lookups/instances.ts';
import { type ClusterNetwork, groupsOf } from '../lookups/network.ts';
import {
  ALL_CONTAINER_PORTS,
  ANYWHERE,
  allows,
  CONTAINER_PORTS,
  holdsAll,
  peersOn,
} from '../lookups/ports.ts';
import { groupsIn, usedTemplate } from '../lookups/template.ts';
import { ofNetwork } from './of-network.ts';

const group = 'Network';
const fix = '`digital-apps init-cluster` adds the rules again.';

export const securityGroupChecks: Check[] = [
  {
    id: 'network.instance-egress',
    group,
    title: 'The instances may call AWS',
    problem: 'The instances may not call all of AWS',
    why: 'The agent, image pulls and logs all go out on port 443.',
    fix,
    isMendable: true,
    judges: [[instanceSecurityGroup, 'egress']],
    look: ofNetwork(lookAtEgress),
  },
  {
    id: 'network.instance-ingress',
    group,
    title: 'The load balancer may reach the containers',
    problem: 'The load balancer may not reach all containers',
    why: 'Docker gives them ports from 32768 to 60999 on the instance, and up to 65535 where its kernel is set so; one that is closed is a target that times out.',
    fix,
    isMendable: true,
    judges: [
      [instanceSecurityGroup, 'ingress'],
      [loadBalancerSecurityGroup, 'egress'],
    ],
    look: ofNetwork(lookAtIngress),
  },
  {
    id: 'network.load-balancer-ingress',
    group,
    title: 'Visitors may reach the load balancer',
    problem: 'Not every visitor may reach the load balancer',
    why: 'Without a rule for its ports they wait, and get no answer at all.',
    fix,
    isMendable: true,
    judges: [[loadBalancerSecurityGroup, 'ingress']],
    look: ofNetwork(lookAtVisitors),
  },
];

/** Instances that have the same security groups. */
interface Alike {
  /** "new instances", or the ids of those that run. */
  who: string;
  ids: string[];
  groups: SecurityGroup[];
  /** What is wrong where none of their groups is there. */
  gone?: string;
}

/** Those that run, and those that the template will make. */
async function instancesAlike(network: ClusterNetwork, looking: Looking): Promise<Alike[]> {
  const [all, template, instances] = await Promise.all([
    groupsOf(looking, network.vpcId),
    usedTemplate(looking),
    instancesInService(looking),
  ]);
  const byGroups = Map.groupBy(instances, ({ SecurityGroups = [] }) =>
    keyOf(SecurityGroups.map(({ GroupId }) => GroupId!)),
  );
  if (template) {
    const named = groupsIn(template.used.LaunchTemplateData ?? {});
    // AWS gives its default group to what names none.
    const next = keyOf(named.length > 0 ? named : defaultOf(all));
    if (!byGroups.has(next)) byGroups.set(next, []);
  }
  return [...byGroups].map(([key, list]) => {
    const ids = list.map(({ InstanceId }) => InstanceId!);
    const who = some(ids) || 'new instances';
    const groups = key.split(',').flatMap((id) => all.get(id) ?? []);
    if (groups.length > 0) return { who, ids, groups };
    return { who, ids, groups, gone: `The security group of ${who} is gone: ${key}.` };
  });
}

function defaultOf(all: Map<string, SecurityGroup>): string[] {
  return [...all.values()].flatMap(({ GroupName, GroupId }) =>
    GroupName === 'default' ? GroupId! : [],
  );
}

function keyOf(ids: string[]): string {
  return [...ids].sort().join();
}

async function lookAtEgress(
  network: ClusterNetwork,
  looking: Looking,
): Promise<Verdict | Verdict[]> {
  const alike = await instancesAlike(network, looking);
  // Names are asked of the VPC's own resolver, which no security group stands before.
  const verdicts = alike.flatMap(({ who, ids, groups, gone }) => {
    if (gone) return aboutAll(fail(gone, initCluster(looking)), ids);
    const peers = peersOn(egressOf(groups), 443);
    if (peers.includes(ANYWHERE)) return [];
    if (peers.length === 0) {
      const evidence = `${idsOf(groups)} of ${who} lets nothing out on 443.`;
      return aboutAll(fail(evidence, initCluster(looking)), ids);
    }
    const evidence = `${idsOf(groups)} of ${who} lets 443 out to ${some(peers)} alone, not to all of AWS.`;
    return warn(evidence, initCluster(looking));
  });
  return allWell(verdicts, alike, 'may call AWS');
}

async function lookAtIngress(
  network: ClusterNetwork,
  looking: Looking,
): Promise<Verdict | Verdict[]> {
  const { loadBalancer, subnets, balancerSubnets } = network;
  if (!loadBalancer) return skip('there is no load balancer');
  const [alike, balancers] = await Promise.all([
    instancesAlike(network, looking),
    balancerGroups(network, looking),
  ]);
  const balancerIds = loadBalancer.SecurityGroups ?? [];
  const cidrsOf = (among: string[]) =>
    subnets.flatMap(({ SubnetId, CidrBlock }) => (among.includes(SubnetId!) ? CidrBlock! : []));
  const isBalancer = (peer: string) =>
    balancerIds.includes(peer) || holdsAll(peer, cidrsOf(balancerSubnets));
  const verdicts = alike.flatMap(({ who, ids, groups, gone }) => {
    if (gone) return aboutAll(fail(gone, initCluster(looking)), ids);
    const instanceIds = groups.map(({ GroupId }) => GroupId!);
    const isInstance = (peer: string) =>
      instanceIds.includes(peer) || holdsAll(peer, cidrsOf(network.instanceSubnets));
    const ways = [
      {
        rules: ingressOf(groups),
        isPeer: isBalancer,
        whose: `${idsOf(groups)} of ${who}`,
        whom: `the load balancer (${balancerIds.join(', ')}) in`,
      },
      {
        rules: egressOf(balancers),
        isPeer: isInstance,
        whose: `${idsOf(balancers)} of the load balancer`,
        whom: `it out to ${who}`,
      },
    ];
    return ways.flatMap(({ rules, isPeer, whose, whom }) => {
      if (allows(rules, ALL_CONTAINER_PORTS, isPeer)) return [];
      const [say, evidence] = allows(rules, CONTAINER_PORTS, isPeer)
        ? [warn, `${whose} lets ${whom} on 32768-60999, not up to 65535.`]
        : [fail, `${whose} does not let ${whom} on 32768-60999.`];
      return aboutAll(say(evidence, initCluster(looking)), ids);
    });
  });
  return allWell(verdicts, alike, 'can be reached by the load balancer');
}

async function lookAtVisitors(
  network: ClusterNetwork,
  looking: Looking,
): Promise<Verdict | Verdict[]> {
  const { loadBalancer, ports } = network;
  if (!loadBalancer) return skip('there is no load balancer');
  const balancers = await balancerGroups(network, looking);
  const verdicts = ports.flatMap((port) => {
    const peers = peersOn(ingressOf(balancers), port);
    if (peers.includes(ANYWHERE)) return [];
    if (peers.length === 0) {
      return fail(`${idsOf(balancers)} lets nobody in on ${port}.`, initCluster(looking));
    }
    const evidence = `${idsOf(balancers)} lets ${some(peers)} in on ${port}, and nobody else.`;
    return warn(evidence, initCluster(looking));
  });
  if (verdicts.length > 0) return verdicts;
  return pass(`${idsOf(balancers)} lets anyone in on ${ports.join(' and ')}`);
}

async function balancerGroups(
  { vpcId, loadBalancer }: ClusterNetwork,
  looking: Looking,
): Promise<SecurityGroup[]> {
  const all = await groupsOf(looking, vpcId);
  return (loadBalancer?.SecurityGroups ?? []).flatMap((id) => all.get(id) ?? []);
}

function allWell(verdicts: Verdict[], alike: Alike[], what: string): Verdict | Verdict[] {
  if (alike.length === 0) return skip('there are no instances, and no template for any');
  if (verdicts.length > 0) return verdicts;
  return pass(`${idsOf(alike.flatMap(({ groups }) => groups))}: the instances ${what}`);
}

function ingressOf(groups: SecurityGroup[]) {
  return groups.flatMap(({ IpPermissions = [] }) => IpPermissions);
}

function egressOf(groups: SecurityGroup[]) {
  return groups.flatMap(({ IpPermissionsEgress = [] }) => IpPermissionsEgress);
}

function idsOf(groups: SecurityGroup[]): string {
  return [...new Set(groups.map(({ GroupId }) => GroupId!))].join(' and ');
}
