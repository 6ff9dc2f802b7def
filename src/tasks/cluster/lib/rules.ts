import type { IpPermission } from '@aws-sdk/client-ec2';

/** A security group's rule as a person would say it: "tcp 80 from 0.0.0.0/0", "all to sg-1". */
export type Rule = `${string} ${'from' | 'to'} ${string}`;

/** Marks the SSH rules made here, so that one that is no longer wanted can be told from one made by hand. */
export const SSH_DESCRIPTION = 'SSH for debugging, by digital-apps';

/** Spells out a group's permissions, one rule for each peer. */
export function rulesOf(permissions: IpPermission[] = [], direction: 'from' | 'to'): Set<Rule> {
  return new Set(
    permissions.flatMap((permission) =>
      peersOf(permission).map((peer): Rule => `${trafficOf(permission)} ${direction} ${peer}`),
    ),
  );
}

function trafficOf({ IpProtocol, FromPort, ToPort }: IpPermission): string {
  if (IpProtocol === '-1') return 'all';
  return `${IpProtocol} ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`;
}

/** Who it is about: ranges, groups and prefix lists. */
export function peersOf(permission: IpPermission): string[] {
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp!),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6!),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId!),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId!),
  ];
}

/** The other way round, for the calls that add and remove rules. */
export function permissionOf(rule: Rule): IpPermission {
  const [, traffic = '', peer = ''] = /^(.+) (?:from|to) (.+)$/.exec(rule) ?? [];
  const [protocol, ports = ''] = traffic.split(' ');
  const [FromPort, ToPort = FromPort] = ports.split('-').map(Number);
  const isSsh = traffic === 'tcp 22';
  return {
    ...(protocol === 'all' ? { IpProtocol: '-1' } : { IpProtocol: protocol, FromPort, ToPort }),
    ...peerOf(peer, isSsh ? SSH_DESCRIPTION : undefined),
  };
}

function peerOf(peer: string, Description?: string): IpPermission {
  if (peer.startsWith('sg-')) return { UserIdGroupPairs: [{ GroupId: peer, Description }] };
  if (peer.includes(':')) return { Ipv6Ranges: [{ CidrIpv6: peer, Description }] };
  return { IpRanges: [{ CidrIp: peer, Description }] };
}
