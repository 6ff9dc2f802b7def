import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { UserError } from './errors.ts';

/**
 * A host name as the load balancer compares it: small letters, no dot at the end, other alphabets
 * in punycode, 128 characters at most.
 * @throws UserError for anything else, with the bare name where there is one.
 */
export function parseHost(input: string): string {
  const { host, extras } = partsOf(input.trim());
  const name = nameOf(host);
  if (extras.length === 0) return name;
  throw new UserError(
    `A host name alone is wanted: leave out ${new Intl.ListFormat('en').format(extras)}.`,
    `Use ${name}.`,
  );
}

/** Whether a certificate for that name serves the host: "*" stands for exactly one label. */
export function covers(certificateName: string, host: string): boolean {
  const [name, wanted] = [certificateName, host].map((each) =>
    each.toLowerCase().replace(/\.$/, ''),
  ) as [string, string];
  if (!name.startsWith('*.')) return name === wanted;
  const dot = wanted.indexOf('.');
  return dot > 0 && wanted.slice(dot) === name.slice(1);
}

/** What surrounds the host in an address copied from a browser; the user is never echoed, a password may follow. */
function partsOf(input: string): { host: string; extras: string[] } {
  const [, scheme, user, middle = '', path] =
    /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*@)?([^/?#]*)(.*)$/is.exec(input) ?? [];
  const [, host = middle, port] = /^([^:]+|\[.*\])(:\d*)$/.exec(middle) ?? [];
  const extras = [
    ...(scheme ? [`the scheme (${scheme})`] : []),
    ...(user ? ['the user'] : []),
    ...(port ? [`the port (${port})`] : []),
    ...(path ? ['the path'] : []),
  ];
  return { host, extras };
}

function nameOf(host: string): string {
  const refuse = (says: string, fix?: string): never => {
    throw new UserError(`“${host}” will not do as the host: ${says}.`, fix);
  };
  if (host === '') throw new UserError('The host is empty.', 'Give a name like parks.example.gov.');
  if (host.includes('*'))
    refuse('a wildcard is for certificates', 'Give each host by its own name.');
  const name = domainToASCII(host).replace(/\.$/, '');
  if (isIP(name) || isIP(host.replace(/^\[|\]$/g, ''))) {
    refuse('it is an IP address', 'Give a name that leads to the load balancer.');
  }
  // Checked as it was written, too: the conversion drops some characters and decodes others.
  const strange = /[^a-z0-9.\-\u0080-\u{10ffff}]/iu.exec(host) ?? /[^a-z0-9.-]/.exec(name);
  if (strange) refuse(`letters, digits, hyphens and dots make a name, not “${strange[0]}”`);
  if (name === '') refuse('no name is written like that');
  const labels = name.split('.');
  if (labels.includes('')) refuse('there is nothing before one of its dots');
  if (labels.length === 1)
    refuse('it has no domain', 'Give the whole name, like parks.example.gov.');
  if (labels.some((label) => /^-|-$/.test(label)))
    refuse('a hyphen stands next to a dot or an end');
  if (labels.some((label) => label.length > 63)) refuse('63 characters are the most between dots');
  if (name.length > 128) {
    refuse(`it has ${name.length} characters, a load balancer’s rule takes 128`);
  }
  return name;
}
