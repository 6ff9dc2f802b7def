import ipaddr from 'ipaddr.js';
import { UserError } from '../../../errors.ts';

/** A load balancer wants at least a /27 in each of its subnets. */
const SMALLEST_SUBNET = 27;

/**
 * Checks the range of a new VPC: IPv4, /16 to /26, and no host bits set.
 * @throws UserError saying what is wrong and what would be right.
 */
export function checkVpcCidr(text: string): string {
  const { prefix } = parseCidr(text);
  if (prefix < 16) throw new UserError(`${text} is too large: a VPC is at most a /16.`);
  if (prefix > SMALLEST_SUBNET - 1) {
    throw new UserError(
      `${text} is too small for two subnets that a load balancer can use.`,
      'Take a /26 at the least; a /16 leaves room to grow.',
    );
  }
  return text;
}

/**
 * Checks an IPv4 range.
 * @throws UserError where it is not one, or has host bits set.
 */
export function parseCidr(text: string): { network: string; prefix: number } {
  // A leading zero would be read as octal.
  const looksRight = /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){3}\/\d+$/.test(text);
  if (!looksRight || !ipaddr.IPv4.isValidCIDR(text)) {
    throw new UserError(`${text} is not an address range.`, 'Write it like 10.20.0.0/16.');
  }
  const prefix = Number(text.split('/')[1]);
  const network = `${ipaddr.IPv4.networkAddressFromCIDR(text)}/${prefix}`;
  if (network !== text) {
    throw new UserError(`${text} has host bits set.`, `Did you mean ${network}?`);
  }
  return { network, prefix };
}

/** Whether two ranges have an address in common. */
export function overlap(a: string, b: string): boolean {
  const [baseA, prefixA] = ipaddr.IPv4.parseCIDR(a);
  const [baseB, prefixB] = ipaddr.IPv4.parseCIDR(b);
  return baseA.match(baseB, Math.min(prefixA, prefixB));
}

/** The ranges a VPC is divided into, one a subnet: sixteen, or as many as a load balancer's smallest allows. */
export function divide(vpc: string): string[] {
  const [base, prefix] = ipaddr.IPv4.parseCIDR(vpc);
  const size = Math.min(prefix + 4, SMALLEST_SUBNET);
  const first = base.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  return Array.from({ length: 2 ** (size - prefix) }, (_, index) => {
    const address = first + index * 2 ** (32 - size);
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    return `${bytes.join('.')}/${size}`;
  });
}
