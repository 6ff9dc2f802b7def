import type { AnyResource, Live, Resource } from '../resource.ts';
import { appCertificate } from './certificate.ts';
import { hostedZones, hostRecords } from './dns.ts';
import type { ValidationRecord } from './lib/certificates.ts';
import type { Env } from './scope.ts';

/** A record that only those can make who keep the zone elsewhere. */
export interface PendingRecord extends ValidationRecord {
  why: string;
}

/** What a person must ask the DNS people for, after a run that left this standing. */
export function pendingDns(
  { cluster }: Pick<Env, 'cluster'>,
  lives: Map<AnyResource, Live | undefined>,
): PendingRecord[] {
  // biome-ignore lint/suspicious/noExplicitAny: whatever it needs.
  const liveOf = <L extends Live>(resource: Resource<L, any, any, any>) =>
    lives.get(resource) as L | undefined;
  const zones = Object.values(liveOf(hostedZones)?.zones ?? {});
  const isElsewhere = ({ name }: ValidationRecord) =>
    !zones.some((zone) => zone && name.endsWith(`.${zone.name}`));
  const certificate = liveOf(appCertificate);
  const proofs = certificate?.status === 'ISSUED' ? [] : (certificate?.records ?? []);
  const hosts = Object.entries(liveOf(hostRecords)?.hosts ?? {});
  return [
    ...proofs.filter(isElsewhere).map((record) => ({ ...record, why: PROVES })),
    ...hosts
      .filter(([, state]) => state === 'no zone')
      .map(([name]) => ({
        name,
        type: isApex(name) ? 'ALIAS or ANAME' : 'CNAME',
        value: cluster.loadBalancer.dnsName,
        why: 'leads browsers to the load balancer',
      })),
  ];
}

const PROVES = 'proves to AWS that the name is yours, so that it issues the certificate';

/** Beside its other records, the name of a domain itself takes no CNAME. */
function isApex(host: string): boolean {
  return host.split('.').length === 2;
}
