import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Live, NoNeeds } from '../resource.ts';
import {
  createRecords,
  publicZones,
  recordsAt,
  valuesOf,
  type Zone,
  type Zones,
  zonesFor,
} from './lib/zones.ts';
import { type Answered, type Env, type Place, resource } from './scope.ts';

/** Whether a host leads to the load balancer, as far as this account can tell and do something about it. */
export type DnsState = 'ours' | 'wanted' | 'no zone' | { foreign: string };

interface HostedZones extends Live {
  zones: Zones;
  /** Whether the caller may look at all. */
  isOpen: boolean;
}

interface HostRecords extends Live {
  hosts: Record<string, DnsState>;
  /** "parks.example.gov A digitalapps-1.us-east-2.elb.amazonaws.com". */
  records: Set<string>;
}

const section = 'Route 53';

/** Only looked at: whoever answers for a domain has made its zone. */
export const hostedZones = resource<HostedZones, NoNeeds>({
  name: 'Hosted zone',
  section,
  why: 'Where the app’s names are kept; in no zone of this account, they are for others to make.',
  docs: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/AboutHZWorkingWith.html',
  namedByAnswer: true,
  needs: {},
  read: findZones,
  wanted: () => ({}),
  create: findZones,
  set: {},
  remarks: (_env, { isOpen }) =>
    isOpen
      ? []
      : [
          'you may not look at Route 53 (route53:ListHostedZones), so its records are left to others',
        ],
});

async function findZones({ aws, answers }: Answered): Promise<HostedZones> {
  const [zones, all] = await Promise.all([zonesFor(aws, answers.host), publicZones(aws)]);
  const names = new Set(Object.values(zones).flatMap((zone) => zone?.name ?? []));
  return { id: [...names].join(', ') || 'none in this account', zones, isOpen: all !== undefined };
}

export const hostRecords = resource<HostRecords, { hostedZones: typeof hostedZones }>({
  name: 'DNS records',
  section,
  why: 'Lead the app’s names to the load balancer.',
  docs: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html',
  namedByAnswer: true,
  needs: { hostedZones },
  async read(place: Answered) {
    const live = await look(place);
    const isToMake = Object.values(live.hosts).includes('wanted');
    return isToMake && live.records.size === 0 ? undefined : live;
  },
  wanted({ answers, cluster }, { hostedZones: { zones } }, live) {
    const states = live?.hosts ?? {};
    const unmade = answers.host.filter(
      (host) => zones[host] && (states[host] ?? 'wanted') === 'wanted',
    );
    return { records: new Set([...(live?.records ?? []), ...unmade.flatMap(textsFor(cluster))]) };
  },
  create: (env, { hostedZones }) => make(env, hostedZones.zones),
  set: { records: ({ env, needs }) => make(env, needs.hostedZones.zones) },
  attention: ({ cluster }, { hosts }) =>
    Object.entries(hosts).flatMap(([host, state]) =>
      typeof state === 'object'
        ? `${host} leads elsewhere (${state.foreign}) and was left as it is; once the app may have the name, delete that record and run again, or point it at ${cluster.loadBalancer.dnsName}`
        : [],
    ),
});

/** Where each host leads, by the account's own zones. */
export async function dnsStates(
  place: Pick<Place, 'aws' | 'cluster'>,
  hosts: string[],
): Promise<Record<string, DnsState>> {
  const found = await recordsOf(place, hosts);
  return Object.fromEntries(hosts.map((host) => [host, stateOf(host, found[host], place.cluster)]));
}

async function look(place: Answered): Promise<HostRecords> {
  const { answers, cluster } = place;
  const found = await recordsOf(place, answers.host);
  const hosts = Object.fromEntries(
    answers.host.map((host) => [host, stateOf(host, found[host], cluster)]),
  );
  const records = answers.host.flatMap((host) =>
    (found[host]?.sets ?? [])
      .filter((set) => leadsTo(cluster, set))
      .map(({ Type }) => textOf(host, Type!, cluster)),
  );
  return {
    id: records.length > 0 ? answers.host.join(', ') : 'none of ours',
    hosts,
    records: new Set(records),
  };
}

interface Found {
  zone: Zone;
  sets: ResourceRecordSet[];
}

async function recordsOf(
  { aws }: Pick<Place, 'aws'>,
  hosts: string[],
): Promise<Record<string, Found | undefined>> {
  const zones = await zonesFor(aws, hosts);
  const found = hosts.map(async (host) => {
    const zone = zones[host];
    return [host, zone && { zone, sets: await recordsAt(aws, zone, host) }] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

type Cluster = Place['cluster'];

function stateOf(host: string, found: Found | undefined, cluster: Cluster): DnsState {
  if (!found) return 'no zone';
  const deciding = found.sets.filter(
    ({ Type }) => DECIDING.has(Type!) && !isOwnNs(host, Type!, found),
  );
  const foreign = deciding.find((set) => !leadsTo(cluster, set));
  if (foreign) return { foreign: `${foreign.Type} ${valuesOf(foreign).join(', ')}` };
  const types = deciding.map(({ Type }) => Type);
  const isWhole =
    types.includes('CNAME') || typesFor(cluster).every((type) => types.includes(type));
  return isWhole ? 'ours' : 'wanted';
}

/** What decides where a browser goes; NS hands the name to other servers. */
const DECIDING = new Set<string>(['A', 'AAAA', 'CNAME', 'NS']);

function isOwnNs(host: string, type: string, { zone }: Found): boolean {
  return type === 'NS' && host === zone.name;
}

function leadsTo({ loadBalancer }: Cluster, set: ResourceRecordSet): boolean {
  const [value, ...more] = valuesOf(set);
  return value === loadBalancer.dnsName.toLowerCase() && more.length === 0;
}

function typesFor({ loadBalancer }: Cluster): ('A' | 'AAAA')[] {
  return loadBalancer.hasIpv6 ? ['A', 'AAAA'] : ['A'];
}

function textsFor(cluster: Cluster): (host: string) => string[] {
  return (host) => typesFor(cluster).map((type) => textOf(host, type, cluster));
}

function textOf(host: string, type: string, { loadBalancer }: Cluster): string {
  return `${host} ${type} ${loadBalancer.dnsName}`;
}

/** Makes what is missing; what somebody else has made since is found and left alone. */
async function make(env: Env, zones: Zones): Promise<HostRecords> {
  const { answers, cluster } = env;
  const { hosts, records } = await look(env);
  const unmade = answers.host.filter((host) => hosts[host] === 'wanted');
  for (const [zone, names] of Map.groupBy(unmade, (host) => zones[host])) {
    const sets = names.flatMap((host) =>
      typesFor(cluster)
        .filter((type) => !records.has(textOf(host, type, cluster)))
        .map((type) => alias(host, type, cluster)),
    );
    if (zone) await createRecords(env.aws, zone, sets);
  }
  return look(env);
}

function alias(Name: string, Type: 'A' | 'AAAA', { loadBalancer }: Cluster): ResourceRecordSet {
  return {
    Name,
    Type,
    AliasTarget: {
      DNSName: loadBalancer.dnsName,
      HostedZoneId: loadBalancer.zoneId,
      EvaluateTargetHealth: false,
    },
  };
}
