import { accountChecks } from './account.ts';
import { agentChecks } from './agent.ts';
import { deliveryChecks } from './app/delivery.ts';
import { serviceChecks } from './app/service.ts';
import { trafficChecks } from './app/traffic.ts';
import { balancerChecks } from './balancer.ts';
import { capacityChecks } from './capacity.ts';
import { type AppLooking, type Check, GROUPS, type Group, type Looking } from './check.ts';
import { clusterChecks } from './cluster.ts';
import { credentialsChecks } from './credentials.ts';
import { driftCheck, type Judged } from './drift.ts';
import { instanceChecks } from './instances.ts';
import { machineChecks } from './machine.ts';
import { networkChecks } from './network.ts';
import { roleChecks } from './roles.ts';

/**
 * Of a cluster, in the order of the report.
 * @param planFor what `init-cluster` would do with what stands as the answers.
 */
export function checksOfCluster(planFor: (looking: Looking) => Promise<Judged>): Check[] {
  return inOrder([
    ...credentialsChecks,
    ...clusterChecks,
    driftCheck(planFor),
    ...instanceChecks,
    ...capacityChecks,
    ...networkChecks,
    ...roleChecks,
    ...agentChecks,
    ...balancerChecks,
    ...accountChecks,
    ...machineChecks,
  ]);
}

/** Of one app in it, likewise. */
export const checksOfApp: Check<AppLooking>[] = inOrder([
  ...serviceChecks,
  ...deliveryChecks,
  ...trafficChecks,
]);

/** By group, whichever file a check is in. */
function inOrder<C extends { group: Group }>(checks: C[]): C[] {
  return checks.toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}
