import { type Looking, skip, type Verdict } from '../check.ts';
import { initCluster } from '../command-lines.ts';
import { type ClusterNetwork, clusterNetwork } from '../lookups/network.ts';

type Look = (
  network: ClusterNetwork,
  looking: Looking,
) => Verdict | Verdict[] | Promise<Verdict | Verdict[]>;

export const NO_SUBNETS = skip('none of the cluster’s subnets is there');

/** For a look at a network, where there is one. */
export function ofNetwork(look: Look) {
  return async (looking: Looking): Promise<Verdict | Verdict[]> => {
    const network = await clusterNetwork(looking);
    return network ? look(network, looking) : skip('the cluster has no network');
  };
}

/** What init-cluster made it sets right; somebody else's VPC it leaves as it is. */
export function mendOf(network: ClusterNetwork, looking: Looking, command: string): string {
  return network.isOurs ? initCluster(looking) : command;
}
