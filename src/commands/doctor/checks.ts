import { listCheck } from '../../checks/app/list.ts';
import { checksOfApp, checksOfCluster } from '../../checks/index.ts';
import { machineChecksForApps } from '../../checks/machine.ts';
import { planAsItStands } from '../plan-as-it-stands.ts';

export const clusterChecks = checksOfCluster((looking) => planAsItStands(looking, looking.signal));

export const appChecks = checksOfApp;

/** Once, however many apps are looked at. */
export const checksForApps = [...machineChecksForApps, listCheck];

/** In the order of the documentation. */
export const allChecks = [...clusterChecks, ...checksForApps, ...appChecks];
