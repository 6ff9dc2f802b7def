import type { IpPermission } from '@aws-sdk/client-ec2';
import ipaddr from 'ipaddr.js';
import { peersOf } from '../../tasks/cluster/lib/rules.ts';

export type Ports = [first: number, last: number];

/** The ports that Docker gives to containers on an instance whose kernel gives out what Linux's does by default. */
export const CONTAINER_PORTS: Ports = [32768, 60999];
/** With those that other kernels, or Docker without word from its kernel, give out as well. */
export const ALL_CONTAINER_PORTS: Ports = [32768, 65535];

export const ANYWHERE = '0.0.0.0/0';

/** Whether a security group's rules let TCP on all of those ports through, for those peers taken together. */
export function allows(
  permissions: IpPermission[],
  [first, last]: Ports,
  isPeer: (peer: string) => boolean,
): boolean {
  let next = first;
  for (const [from, to] of rangesFor(permissions, isPeer)) {
    if (from <= next && to >= next) next = to + 1;
  }
  return next > last;
}

function rangesFor(permissions: IpPermission[], isPeer: (peer: string) => boolean): Ports[] {
  return permissions
    .filter(({ IpProtocol }) => IpProtocol === 'tcp' || IpProtocol === '-1')
    .filter((permission) => peersOf(permission).some(isPeer))
    .map(
      ({ IpProtocol, FromPort, ToPort }): Ports =>
        IpProtocol === '-1' ? [0, 65535] : [FromPort ?? 0, ToPort ?? 65535],
    )
    .sort(([a], [b]) => a - b);
}

/** Those that are let through on that port, whoever they are. */
export function peersOn(permissions: IpPermission[], port: number): string[] {
  const peers = new Set(permissions.flatMap(peersOf));
  return [...peers].filter((peer) => allows(permissions, [port, port], (other) => other === peer));
}

/** Whether a peer is a range that has all of those ranges in it. */
export function holdsAll(peer: string, cidrs: string[]): boolean {
  if (peer === ANYWHERE) return true;
  if (!ipaddr.IPv4.isValidCIDR(peer) || cidrs.length === 0) return false;
  const [base, prefix] = ipaddr.IPv4.parseCIDR(peer);
  return cidrs.every((cidr) => {
    const [inner, innerPrefix] = ipaddr.IPv4.parseCIDR(cidr);
    return innerPrefix >= prefix && inner.match(base, prefix);
  });
}
