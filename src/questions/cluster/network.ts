import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { autoscalingGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { checkVpcCidr, divide, overlap } from '../../tasks/cluster/lib/cidr.ts';
import {
  allVpcs,
  availableZones,
  subnetsByVpc,
  zonesOffering,
} from '../../tasks/cluster/lib/lookups.ts';
import {
  blockPublicAccess,
  networkProblems,
  readNetwork,
  usableSubnets,
} from '../../tasks/cluster/lib/network.ts';
import { loadBalancer } from '../../tasks/cluster/load-balancer.ts';
import { instanceSecurityGroup } from '../../tasks/cluster/security-groups.ts';
import { subnets as subnetsResource } from '../../tasks/cluster/subnets.ts';
import { vpc as vpcResource } from '../../tasks/cluster/vpc.ts';
import { list, matching, text } from '../parse.ts';
import type { AnyQuestion } from '../question.ts';
import { ownOf } from './own.ts';
import type { Asking, Question } from './question.ts';

/** Docker gives its containers addresses from here: a VPC in the same range could not be reached by them. */
const DOCKER = '172.17.0.0/16';

/** This host, loopback, link-local, multicast and beyond. */
const RESERVED = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

const vpc: Question<'vpc'> = {
  key: 'vpc',
  page: 'Network',
  ask: 'Which network should the cluster live in?',
  why: 'The load balancer and the instances need two subnets in different zones, with a way out to the Internet.',
  kind: 'text',
  parse: matching('vpc', /^(new|vpc-[0-9a-f]{8,17})$/, 'say new, or an id like vpc-0abc…'),
  usual: 'what stands, else `new`',
  default({ standing }) {
    const home = homeOf(standing);
    return !home || home === standing.get(vpcResource)?.id ? 'new' : home;
  },
  async choices({ place, standing }) {
    const [found, subnetsOf] = await Promise.all([allVpcs(place.aws), subnetsByVpc(place.aws)]);
    const own = standing.get(vpcResource)?.id;
    const home = homeOf(standing) ?? own;
    found.sort((a, b) => Number(b.id === home) - Number(a.id === home));
    const listed = found.map(({ id, name, cidr }) => {
      const { subnets, zones } = subnetsOf.get(id) ?? { subnets: 0, zones: 0 };
      const size = `${subnets} subnet${subnets === 1 ? '' : 's'}, ${zones} zone${zones === 1 ? '' : 's'}`;
      const words = id === own ? [ownOf(place), id, cidr, size] : [id, name, cidr, size];
      if (id === home && id !== own) words.push('where the cluster stands');
      return { value: id === own ? 'new' : id, label: words.filter(Boolean).join('  ') };
    });
    // A cluster that stands cannot move: a new network is no choice then.
    return home ? listed : [{ value: 'new', label: 'Make a new one' }, ...listed];
  },
  inWords: (value, { place, standing }) =>
    value === 'new' && standing.get(vpcResource) ? ownOf(place) : undefined,
  async verify(value, { place, standing }) {
    const home = homeOf(standing);
    const own = standing.get(vpcResource)?.id;
    const wanted = value === 'new' ? own : value;
    if (home && home !== wanted) {
      throw new UserError(
        `The cluster ${place.names.cluster} stands in ${home} and cannot move to another network.`,
        `Keep it (vpc=${home === own ? 'new' : home}), or set up another cluster: --set cluster-prefix=NAME.`,
      );
    }
    if (value !== 'new') await readNetwork(place.aws, value);
    else if (!own) await refuseBlockedAccess(place.aws);
  },
};

const vpcCidr: Question<'vpc-cidr'> = {
  key: 'vpc-cidr',
  page: 'Network',
  ask: 'Which address range does the network get?',
  why: 'Private addresses, in none of the networks that it may once be connected to.',
  kind: 'text',
  when: ({ vpc }) => vpc === 'new',
  parse(input) {
    const cidr = checkVpcCidr(text('vpc-cidr')(input));
    const another = 'Take another range, like 10.20.0.0/16.';
    if (RESERVED.some((reserved) => overlap(cidr, reserved))) {
      throw new UserError(`vpc-cidr: AWS makes no network in ${cidr}.`, another);
    }
    if (!overlap(cidr, DOCKER)) return cidr;
    throw new UserError(
      `vpc-cidr: ${cidr} overlaps ${DOCKER}, where Docker keeps its containers on every instance.`,
      another,
    );
  },
  usual:
    'what stands, else the first of `10.20.0.0/16`, `10.21.0.0/16`, … that no VPC of the Region overlaps',
  async default({ standing, place }) {
    const stands = standing.get(vpcResource)?.cidr;
    if (stands) return stands;
    const others = await allVpcs(place.aws);
    const candidates = Array.from({ length: 200 }, (_, index) => `10.${20 + index}.0.0/16`);
    return candidates.find((c) => !others.some(({ cidr }) => overlap(c, cidr))) ?? '10.20.0.0/16';
  },
  async choices({ standing }) {
    const stands = standing.get(vpcResource)?.cidr;
    if (!stands) return [];
    return [{ value: stands, label: `${stands}  as it stands; AWS cannot change it` }];
  },
  async verify(value, { place, standing }) {
    const own = standing.get(vpcResource);
    if (own?.cidr === value) return;
    const others = await allVpcs(place.aws);
    const clash = others.find(({ id, cidr }) => id !== own?.id && overlap(value, cidr));
    if (!clash) return;
    throw new UserError(
      `vpc-cidr: ${value} overlaps ${clash.cidr} of ${clash.id}${clash.name && ` (${clash.name})`}; the two could never be connected.`,
      'Take a range that no other VPC has.',
    );
  },
};

const zones: Question<'zones'> = {
  key: 'zones',
  page: 'Network',
  ask: 'In which zones?',
  why: 'Each gets a subnet; with two, one can fail and the apps stay up.',
  kind: 'list',
  when: ({ vpc }) => vpc === 'new',
  parse: atLeastTwo(
    'zones',
    list(
      'zones',
      matching('zones', /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'a zone is written like us-east-2a'),
    ),
  ),
  usual: 'what stands, else the first two that offer the instance type',
  async default({ standing, place, answers }) {
    const stands = standing.get(subnetsResource);
    if (stands && stands.zones.size >= 2) return [...stands.zones].sort();
    const offering = await zonesOffering(place.aws, answers['instance-type']!);
    return [...new Set([...(stands?.zones ?? []), ...offering])].slice(0, 2);
  },
  async choices({ place, answers }) {
    const offering = await zonesOffering(place.aws, answers['instance-type']!);
    return offering.map((zone) => ({ value: zone, label: zone }));
  },
  async verify(value, { place, answers }) {
    const type = answers['instance-type']!;
    const [known, offering] = await Promise.all([
      availableZones(place.aws),
      zonesOffering(place.aws, type),
    ]);
    const unknown = value.find((zone) => !known.includes(zone));
    if (unknown) {
      const near = nearest(unknown, known);
      throw new UserError(
        `There is no zone ${unknown} in ${place.region}.`,
        `Its zones are ${known.join(', ')}${near ? `; did you mean ${near}?` : '.'}`,
      );
    }
    // A type that no zone has is no type: its own question says so.
    if (offering.length === 0) return;
    const without = value.find((zone) => !offering.includes(zone));
    if (without) {
      throw new UserError(
        `Zone ${without} has no ${type}.`,
        `Zones that have it: ${offering.join(', ')}; or take another instance-type.`,
      );
    }
    const room = divide(answers['vpc-cidr']!).length;
    if (value.length > room) {
      throw new UserError(
        `vpc-cidr: ${answers['vpc-cidr']} has room for ${room} subnets, not for ${value.length}.`,
        'Take a larger range, or fewer zones.',
      );
    }
  },
};

const subnets: Question<'subnets'> = {
  key: 'subnets',
  page: 'Network',
  ask: 'Which of its subnets?',
  why: 'Public ones, in two zones at least; they are used as they are.',
  kind: 'list',
  when: ({ vpc }) => vpc !== undefined && vpc !== 'new',
  parse: atLeastTwo(
    'subnets',
    list(
      'subnets',
      matching('subnets', /^subnet-[0-9a-f]{8,17}$/, 'a subnet’s id is written like subnet-0abc…'),
    ),
  ),
  usual: 'what stands, else one public subnet in each zone',
  async default({ standing, place, answers }) {
    const stands = standing.get(autoscalingGroup)?.subnets ?? standing.get(loadBalancer)?.subnets;
    if (stands) return stands;
    const byZone = new Map<string, string>();
    for (const { AvailabilityZone, SubnetId } of usableSubnets(
      await networkOf({ place, answers }),
    )) {
      if (!byZone.has(AvailabilityZone!)) byZone.set(AvailabilityZone!, SubnetId!);
    }
    return [...byZone.values()];
  },
  async choices({ place, answers }) {
    const network = await networkOf({ place, answers });
    const usable = new Set(usableSubnets(network));
    return network.subnets.map((subnet) => ({
      value: subnet.SubnetId!,
      label: `${subnet.SubnetId}  ${subnet.AvailabilityZone}  ${subnet.CidrBlock}${usable.has(subnet) ? '' : '  no way out'}`,
    }));
  },
  async verify(value, { place, answers }) {
    const problems = networkProblems(await networkOf({ place, answers }), value);
    if (problems.length > 0) {
      throw new UserError(problems.join('\n'), 'Mend these, or make a new network: --set vpc=new.');
    }
  },
};

/** The network that the cluster's parts are in already. */
function homeOf(standing: Asking['standing']): string | undefined {
  return standing.get(loadBalancer)?.vpcId ?? standing.get(instanceSecurityGroup)?.vpcId;
}

async function refuseBlockedAccess(aws: Asking['place']['aws']): Promise<void> {
  const mode = await blockPublicAccess(aws);
  if (mode === undefined || mode === 'off') return;
  throw new UserError(
    `VPC Block Public Access is ${mode} in ${aws.connection.region}: nothing in a new network could be reached.`,
    'Turn it off (VPC > Settings), or exclude a VPC of yours from it and give that: --set vpc=vpc-….',
  );
}

function networkOf({ place, answers }: Pick<Asking, 'place' | 'answers'>) {
  return readNetwork(place.aws, answers.vpc!);
}

function atLeastTwo(key: string, parse: (input: unknown) => string[]) {
  return (input: unknown): string[] => {
    const values = parse(input);
    if (values.length >= 2) return values;
    throw new UserError(`${key} must name two at least: a load balancer needs two zones.`);
  };
}

export const networkQuestions: AnyQuestion[] = [vpc, vpcCidr, zones, subnets];
