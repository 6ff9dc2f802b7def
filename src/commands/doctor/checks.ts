import { listCheck } from '../../checks/app/list.ts';
import { checksOfApp, checksOfCluster } from '../../checks/index.ts';
import { planAsItStands } from '../plan-as-it-stands.ts';

export const clusterChecks = checksOfCluster((looking) => planAsItStands(looking, looking.signal));

export const appChecks = checksOfApp;

/** In the order of the documentation. */
export const allChecks = [...clusterChecks, listCheck, ...appChecks];
