import type { Aws } from '../../aws/clients.ts';
import { registeredArchitectures } from '../../checks/lookups/instance-architectures.ts';

/** What to build for: what all of the cluster's instances have; undefined where they differ, or none is there. */
export async function platformOf(aws: Aws, cluster: string): Promise<string | undefined> {
  const [architecture, ...others] = await registeredArchitectures(aws, cluster);
  return architecture && others.length === 0 ? `linux/${architecture}` : undefined;
}
