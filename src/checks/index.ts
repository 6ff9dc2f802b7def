import { type AppLooking, type Check, GROUPS, type Group } from './check.ts';
import { trialAppChecks, trialChecks } from './trial.ts';

/** Of the cluster, in the order of the report. */
export const clusterChecks: Check[] = inOrder([...trialChecks]);

/** Of one app in it. */
export const appChecks: Check<AppLooking>[] = inOrder([...trialAppChecks]);

/** By group, however the topics' files have them. */
function inOrder<C extends { group: Group }>(checks: C[]): C[] {
  return checks.toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}
