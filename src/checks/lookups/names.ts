import { Resolver } from 'node:dns/promises';

/**
 * Whether a name leads to where one of those ends does, by a CNAME or by an address in common; and
 * the addresses it has, none where it is not in DNS.
 * @param servers resolvers to ask instead of the system's.
 */
export async function leadsTo(
  host: string,
  ends: string[],
  servers?: string[],
): Promise<{ isThere: boolean; addresses: string[] }> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  const [addresses, aliases, ...others] = await Promise.all([
    addressesOf(resolver, host),
    resolver.resolveCname(host).catch(noneIfAbsent),
    ...ends.map((end) => addressesOf(resolver, end)),
  ]);
  const wanted = new Set(others.flat());
  const isAlias = aliases.some((alias) => ends.some((end) => isSame(alias, end)));
  return { isThere: isAlias || addresses.some((address) => wanted.has(address)), addresses };
}

async function addressesOf(resolver: Resolver, name: string): Promise<string[]> {
  const found = await Promise.all([
    resolver.resolve4(name).catch(noneIfAbsent),
    resolver.resolve6(name).catch(noneIfAbsent),
  ]);
  return found.flat();
}

/** A resolver that gives no answer says nothing of the name. */
function noneIfAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return [];
  throw error;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase().replace(/\.$/, '') === other.toLowerCase();
}
