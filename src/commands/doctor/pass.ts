import { appsOf } from '../../checks/app/apps.ts';
import type { App, Looking } from '../../checks/check.ts';
import { type Diagnosis, diagnosisOf } from '../../checks/diagnosis.ts';
import { type Examination, examination, examine, type Finding } from '../../checks/examine.ts';
import { FEW } from '../../checks/lookups/services.ts';
import { isSelected, type Selection } from '../../checks/select.ts';
import { orUnable, placeOf, whichApps } from '../cluster-place.ts';
import type { Session } from '../session.ts';
import { atHand } from './at-hand.ts';
import { appChecks, clusterChecks } from './checks.ts';
import type { AppAtHand } from './mend-app.ts';
import type { Subject } from './report.ts';

/** What is to be looked at, and how. */
export interface Order {
  session: Session;
  cluster: string;
  /** Of the cluster's apps: one, all, or none. */
  apps: { service: string } | 'all' | 'none';
  selection: Selection;
  deep: boolean;
  signal: AbortSignal;
}

/** One look at all that was ordered. */
export interface Pass {
  subject: Subject;
  apps: App[];
  /** Such an app with its repository, where one is in it. */
  atHand(app: App): AppAtHand;
  examinations: Examination[];
  /** @param tell hears of each finding as soon as it is there. */
  look(tell: (finding: Finding) => void): Promise<Diagnosis>;
}

/**
 * Finds out what there is to look at.
 * @param known the apps of the pass before, for when they cannot be listed now.
 * @throws UserError where the app is not there, or nothing can be listed.
 */
export async function preparePass(order: Order, known?: App[]): Promise<Pass> {
  const { session, cluster, selection, deep, signal } = order;
  const { aws, journal, region } = session;
  const started = performance.now();
  const before = { total: journal.total, changing: journal.changing };
  aws.reads.forget();
  aws.reads.remember();
  const looking: Looking = { ...(await placeOf(session, cluster)), deep, signal };
  const [apps, atHandOf] = await Promise.all([
    appsToLookAt(order, looking, known),
    atHand(session, signal),
  ]);
  const examinations = [
    ...clusterChecks.map((check) => examination(check, looking)),
    ...apps.flatMap((app) => {
      const ofApp = { ...looking, app, isOneOfMany: apps.length > FEW, ...atHandOf(app) };
      return appChecks.map((check) => examination(check, ofApp));
    }),
  ].filter(({ check }) => isSelected(check, selection));
  return {
    subject: { cluster, apps: apps.map(({ service }) => service), region },
    apps,
    atHand: (app) => ({ ...app, ...atHandOf(app) }),
    examinations,
    async look(tell) {
      const findings = await examine(examinations, tell);
      const calls = {
        total: journal.total - before.total,
        changing: journal.changing - before.changing,
      };
      return diagnosisOf(findings, { calls, seconds: (performance.now() - started) / 1000 });
    },
  };
}

async function appsToLookAt(
  { apps, cluster }: Order,
  looking: Looking,
  known?: App[],
): Promise<App[]> {
  if (apps === 'none') return [];
  try {
    const all = await orUnable(() => appsOf(looking));
    return apps === 'all' ? all : whichApps(all, apps.service, cluster);
  } catch (error) {
    if (known) return known;
    throw error;
  }
}
