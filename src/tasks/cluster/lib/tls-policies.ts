/** TLS 1.3, and 1.2 with forward secrecy and authenticated encryption; with keys that last, where the browser can. */
export const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';

/**
 * What AWS's policies allow that ours does not, by their names. Those that take the same ciphers
 * (“Res”) or TLS 1.3 alone are not among them, whatever keys they agree on, nor is what is not known.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const LOOSER: [policies: RegExp, how: string][] = [
  [/^(?:TLS13-1-0-|TLS-1-0-|2015-05$|2016-08$|FS-2018-06$)/, 'it allows TLS 1.0'],
  [/^(?:TLS13-1-1-|TLS-1-1-|FS-1-1-)/, 'it allows TLS 1.1'],
  [/^FS-1-2-Res-/, 'it does not know TLS 1.3'],
  [/^(?:TLS13-1-2-(?!Res-)|TLS-1-2-|FS-1-2-)/, 'it allows old ciphers'],
];
const AS_STRICT = /^TLS13-1-(?:3|2-Res)-/;

/** How a policy is looser than ours: "it allows TLS 1.0"; undefined where it is not, or not known. */
export function looserBy(policy: string): string | undefined {
  const name = nameOf(policy);
  return LOOSER.find(([policies]) => policies.test(name))?.[1];
}

/** Whether it allows no more than ours. */
export function isAsStrict(policy: string): boolean {
  return AS_STRICT.test(nameOf(policy));
}

function nameOf(policy: string): string {
  return policy.replace(/^ELBSecurityPolicy-/, '');
}
