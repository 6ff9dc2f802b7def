import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { orAbsent } from '../../../aws/absent.ts';
import type { Aws } from '../../../aws/clients.ts';

/** A public zone of this account in Route 53. */
export interface Zone {
  id: string;
  /** Without the dot at the end. */
  name: string;
}

/** The zone that answers for each of the names; undefined where the account has none. */
export type Zones = Record<string, Zone | undefined>;

/** Finds each name's zone: of those that its end names, the longest. A caller who may not look finds none. */
export async function zonesFor(aws: Aws, names: string[]): Promise<Zones> {
  const zones = (await publicZones(aws)) ?? [];
  const found = names.map(async (name) => {
    const zone = zoneOf(name, zones);
    return [name, zone && !(await isDelegated(aws, zone, name)) ? zone : undefined] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** All public zones of the account; undefined for a caller who may not look. */
export function publicZones(aws: Aws): Promise<Zone[] | undefined> {
  return orAbsent(listZones(aws), /^AccessDenied/);
}

/** The longest names first; of two zones of one name, the one that is in use has more records. */
async function listZones({ route53 }: Aws): Promise<Zone[]> {
  const pages = await Array.fromAsync(paginateListHostedZones({ client: route53 }, {}));
  return pages
    .flatMap(({ HostedZones = [] }) => HostedZones)
    .filter(({ Config }) => !Config?.PrivateZone)
    .sort((a, b) => Number(b.ResourceRecordSetCount) - Number(a.ResourceRecordSetCount))
    .map(({ Id, Name }) => ({ id: Id!.replace('/hostedzone/', ''), name: bare(Name!) }))
    .sort((a, b) => b.name.length - a.name.length);
}

function zoneOf(name: string, zones: Zone[]): Zone | undefined {
  return zones.find((zone) => name === zone.name || name.endsWith(`.${zone.name}`));
}

/** Whether the zone hands a name between its own and that one to other servers, who then answer for it. */
async function isDelegated(aws: Aws, zone: Zone, name: string): Promise<boolean> {
  const labels = name.slice(0, -zone.name.length).split('.').filter(Boolean);
  const between = labels
    .slice(1)
    .map((_, index) => [...labels.slice(index + 1), zone.name].join('.'));
  const sets = await Promise.all(between.map((each) => recordsAt(aws, zone, each)));
  return sets.flat().some(({ Type }) => Type === 'NS');
}

/** All that a zone says of one name. */
export async function recordsAt({ route53 }: Aws, zone: Zone, name: string) {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, StartRecordName: name }),
  );
  // AWS goes on with the names that follow.
  return ResourceRecordSets.filter(({ Name }) => bare(Name!) === name);
}

/** What a record leads to, a name or an address each. */
export function valuesOf({ AliasTarget, ResourceRecords = [] }: ResourceRecordSet): string[] {
  // The console puts “dualstack.” before the names of load balancers; it leads to the same one.
  if (AliasTarget) return [bare(AliasTarget.DNSName!).replace(/^dualstack\./, '')];
  return ResourceRecords.map(({ Value }) => bare(Value!));
}

/** Makes those records of one zone that nobody has made yet; AWS refuses to put one over another. */
export async function createRecords(aws: Aws, zone: Zone, sets: ResourceRecordSet[]) {
  if (sets.length === 0) return;
  const Changes = sets.map((set) => ({ Action: 'CREATE' as const, ResourceRecordSet: set }));
  try {
    await aws.route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes } }),
    );
  } catch (error) {
    if ((error as Error).name !== 'InvalidChangeBatch') throw error;
    // Where somebody else was faster with one of them, AWS has made none.
    const there = await Promise.all(sets.map(({ Name }) => recordsAt(aws, zone, Name!)));
    const absent = sets.filter(
      (set, index) => !there[index]!.some((other) => excludes(other, set)),
    );
    if (absent.length === sets.length) throw error;
    await createRecords(aws, zone, absent);
  }
}

function excludes(there: ResourceRecordSet, wanted: ResourceRecordSet): boolean {
  return there.Type === wanted.Type || [there.Type, wanted.Type].includes('CNAME');
}

/** A name in DNS as people write it: in small letters, without the dot at the end. */
export function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
