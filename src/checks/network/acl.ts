import type { NetworkAcl, NetworkAclEntry, Subnet } from '@aws-sdk/client-ec2';
import { type Check, fail, type Looking, pass, type Verdict } from '../check.ts';
import { awsCli, some } from '../command-lines.ts';
import { type ClusterNetwork, networkAcls } from '../lookups/network.ts';
import { ANYWHERE } from '../lookups/ports.ts';
import { NO_SUBNETS, ofNetwork } from './of-network.ts';

export const aclCheck: Check = {
  id: 'network.acl',
  group: 'Network',
  title: 'The subnets’ network ACLs let the traffic through',
  problem: 'A network ACL refuses traffic that is needed',
  why: 'They do not remember connections: what goes out must be let back in, on the ports that answers come to.',
  fix: 'VPC > Network ACLs: allow what is named, with a lower number than the rule that refuses it.',
  look: ofNetwork(lookAtAcls),
};

interface Traffic {
  /** "visitors", to follow "refuses". */
  what: string;
  egress: boolean;
  /** The subnets that it goes through. */
  subnets: string[];
  /** Some of its ports, both ends of the usual ranges among them: a hole in between blocks next to nothing. */
  ports: number[];
}

async function lookAtAcls(network: ClusterNetwork, looking: Looking): Promise<Verdict | Verdict[]> {
  if (network.used.length === 0) return NO_SUBNETS;
  const acls = await networkAcls(looking, network.vpcId);
  const inUse = acls.filter((acl) => among(acl, network.used.map(idOf)).length > 0);
  const verdicts = inUse.flatMap((acl) =>
    trafficOf(network).flatMap((traffic) => {
      const subnets = among(acl, traffic.subnets);
      const refusal = refusalOf(acl, traffic);
      if (subnets.length === 0 || !refusal) return [];
      const evidence = `${acl.NetworkAclId} of ${some(subnets)} refuses ${traffic.what}: ${refusal}.`;
      return fail(evidence, commandFor(looking, acl, traffic), acl.NetworkAclId);
    }),
  );
  const ids = inUse.map(({ NetworkAclId }) => NetworkAclId!);
  return verdicts.length > 0 ? verdicts : pass(`${some(ids)} let it all through`);
}

/** Those of the subnets that it is of. */
function among({ Associations = [] }: NetworkAcl, subnets: string[]): string[] {
  const its = new Set(Associations.map(({ SubnetId }) => SubnetId));
  return subnets.filter((id) => its.has(id));
}

function idOf({ SubnetId }: Subnet): string {
  return SubnetId!;
}

/** Visitors reach the load balancer alone: of instances in other subnets a network ACL need not let them in. */
function trafficOf({ ports, used, instanceSubnets, balancerSubnets }: ClusterNetwork): Traffic[] {
  const visitors = ports.length > 0 ? ports : [80];
  // Where neither stands, both will be in the subnets that were made for them.
  const isBare = instanceSubnets.length + balancerSubnets.length === 0;
  const ofBalancer = isBare ? used.map(idOf) : balancerSubnets;
  const ofInstances = isBare ? used.map(idOf) : instanceSubnets;
  return [
    {
      what: `visitors (tcp ${visitors.join(', ')} in)`,
      ...{ egress: false, subnets: ofBalancer, ports: visitors },
    },
    {
      what: 'answers from AWS, and what goes to the containers (tcp 32768-65535 in)',
      ...{ egress: false, subnets: ofInstances, ports: [32768, 60999, 65535] },
    },
    {
      what: 'calls to AWS (tcp 443 out)',
      ...{ egress: true, subnets: ofInstances, ports: [443] },
    },
    {
      what: 'answers to visitors (tcp 1024-65535 out)',
      ...{ egress: true, subnets: ofBalancer, ports: [1024, 32768, 60999, 65535] },
    },
  ];
}

/** The first rule that fits decides, in the order of their numbers; what none fits is refused. */
function refusalOf({ Entries = [] }: NetworkAcl, { egress, ports }: Traffic): string | undefined {
  const rules = Entries.filter((entry) => entry.Egress === egress).sort(
    (a, b) => a.RuleNumber! - b.RuleNumber!,
  );
  for (const port of ports) {
    const rule = rules.find((entry) => fits(entry, port));
    if (rule?.RuleAction !== 'allow') return `${nameOf(rule)} denies tcp ${port}`;
  }
  return undefined;
}

/** Whether a rule is about that port whoever is at the other end; one about a few addresses is not. */
function fits({ Protocol, CidrBlock, PortRange }: NetworkAclEntry, port: number): boolean {
  if (CidrBlock !== ANYWHERE) return false;
  if (Protocol === '-1') return true;
  const { From = 0, To = 65535 } = PortRange ?? {};
  return Protocol === TCP && From <= port && port <= To;
}

const TCP = '6';
/** What AWS gives the rule that refuses the rest, shown as “*”. */
const LAST = 32767;

function nameOf(rule: NetworkAclEntry | undefined): string {
  return !rule || rule.RuleNumber === LAST
    ? 'no rule allows it, and the last'
    : `rule ${rule.RuleNumber}`;
}

/** Before all rules there are; undefined where the first has no number before it. */
function commandFor(
  looking: Looking,
  { NetworkAclId, Entries = [] }: NetworkAcl,
  { egress, ports }: Traffic,
): string | undefined {
  const taken = Entries.filter((entry) => entry.Egress === egress).map((e) => e.RuleNumber!);
  const free = Math.min(...taken) - 1;
  const range = `From=${Math.min(...ports)},To=${Math.max(...ports)}`;
  const rule = `--rule-number ${free} --protocol tcp --port-range ${range} --cidr-block ${ANYWHERE}`;
  if (free < 1) return undefined;
  return awsCli(
    looking,
    `ec2 create-network-acl-entry --network-acl-id ${NetworkAclId}`,
    egress ? '--egress' : '--ingress',
    `${rule} --rule-action allow`,
  );
}
