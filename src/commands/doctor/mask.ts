import { isIP } from 'node:net';

/** The first of each takes what a later one would only take a part of. */
const SECRETS: [pattern: RegExp, mask: (found: string) => string][] = [
  [/[^\s@<>()[\],;:"'`“”/]+@[\p{L}\d-]+(\.[\p{L}\d-]+)+/gu, () => '«e-mail»'],
  [/\b(A3T[A-Z0-9]|A[BCGIKNPRS][A-Z]{2})[A-Z0-9]{12,}\b/g, () => '«access key»'],
  [/(?<!\d)(\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/g, () => '«account»'],
  [/(?<![\w:.])[\da-f]*:[\da-f:.]*[\da-f:]/gi, address],
  [/(?<![\d.])(\d{1,3}\.){3}\d{1,3}(?!\.?\d)/g, address],
  // As AWS names machines by them.
  [/(?<=\b(ip|ec2)-)\d{1,3}(-\d{1,3}){3}\b/g, () => '«IP»'],
];

/** The text without account ids, IP addresses, access key ids and e-mail addresses. */
export function masked(text: string): string {
  return SECRETS.reduce((left, [pattern, mask]) => left.replace(pattern, mask), text);
}

/** Everywhere is no address of anybody. */
function address(found: string): string {
  return isIP(found) === 0 || found === '0.0.0.0' || found === '::' ? found : '«IP»';
}
