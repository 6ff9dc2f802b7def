import { appsOf } from '../../checks/app/apps.ts';
import { listCheck } from '../../checks/app/list.ts';
import type { App, Looking } from '../../checks/check.ts';
import { type Diagnosis, diagnosisOf } from '../../checks/diagnosis.ts';
import { type Examination, examination, examine, type Finding } from '../../checks/examine.ts';
import { FEW } from '../../checks/lookups/services.ts';
import { isSelected, type Selection } from '../../checks/select.ts';
import { placeOf, whichApps } from '../cluster-place.ts';
import type { Session } from '../session.ts';
import { atHand } from './at-hand.ts';
import { appChecks, checksForApps, clusterChecks } from './checks.ts';
import type { Consultation } from './consultation.ts';
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
}

/** Who hears of each finding as soon as it is there. */
type Listener = Pick<Consultation, 'looking' | 'joined' | 'found'>;

/**
 * Looks at the cluster at once, and at its apps as soon as they are listed.
 * @param known the apps of the look before, for when they cannot be listed now.
 * @throws UserError where the app is not there.
 */
export async function lookAt(
  order: Order,
  listener?: Listener,
  known?: App[],
): Promise<{ pass: Pass; diagnosis: Diagnosis }> {
  const { session, cluster, deep } = order;
  const { aws, journal, region } = session;
  const started = performance.now();
  const before = { total: journal.total, changing: journal.changing };
  aws.reads.forget();
  aws.reads.remember();
  const over = new AbortController();
  const signal = AbortSignal.any([order.signal, over.signal]);
  const looking: Looking = { ...(await placeOf(session, cluster)), deep, signal };
  const { show, tell } = telling(listener);

  const ofCluster = clusterChecks.map((check) => examination(check, looking));
  let pass: Pass = {
    ...{ subject: { cluster, apps: [], region }, apps: [], atHand: (app) => app },
    examinations: ofCluster.filter(({ check }) => isSelected(check, order.selection)),
  };
  // One that is named may not be there: then nothing else is said.
  if (typeof order.apps === 'string') show(pass);
  const looks = [examine(pass.examinations, tell)];
  if (order.apps !== 'none') {
    try {
      const alone = pass.examinations.length;
      pass = await withApps(pass, order, looking, known);
      show(pass);
      looks.push(examine(pass.examinations.slice(alone), tell));
    } catch (error) {
      over.abort();
      await Promise.all(looks);
      throw error;
    }
  }
  const findings = (await Promise.all(looks)).flat();
  const calls = {
    total: journal.total - before.total,
    changing: journal.changing - before.changing,
  };
  const seconds = (performance.now() - started) / 1000;
  return { pass, diagnosis: diagnosisOf(findings, { calls, seconds }) };
}

/** Tells nothing before it is said what is looked at. */
function telling(listener?: Listener) {
  const early: Finding[] = [];
  let isShown = false;
  return {
    show(pass: Pass) {
      if (isShown) return listener?.joined(pass);
      isShown = true;
      listener?.looking(pass);
      for (const finding of early) listener?.found(finding);
    },
    tell(finding: Finding) {
      if (isShown) listener?.found(finding);
      else early.push(finding);
    },
  };
}

/** The same, and what is to be looked at of its apps. */
async function withApps(pass: Pass, order: Order, looking: Looking, known?: App[]): Promise<Pass> {
  const { session, selection } = order;
  const [{ apps, isListed }, atHandOf] = await Promise.all([
    appsToLookAt(order, looking, known),
    atHand(session, looking.signal),
  ]);
  const ofApps = apps.flatMap((app) => {
    const ofApp = { ...looking, app, isOneOfMany: apps.length > FEW, ...atHandOf(app) };
    return appChecks.map((check) => examination(check, ofApp));
  });
  const once = checksForApps.map((check) => examination(check, looking));
  const chosen = [...once, ...ofApps].filter(
    ({ check }) => isSelected(check, selection) || (check === listCheck && !isListed),
  );
  return {
    subject: { ...pass.subject, apps: apps.map(({ service }) => service) },
    apps,
    atHand: (app) => ({ ...app, ...atHandOf(app) }),
    examinations: [...pass.examinations, ...chosen],
  };
}

/** Those of the look before, or none, where they cannot be listed: `listCheck` tells why. */
async function appsToLookAt(
  { apps, cluster }: Order,
  looking: Looking,
  known: App[] = [],
): Promise<{ apps: App[]; isListed: boolean }> {
  const all = await appsOf(looking).catch(() => undefined);
  if (!all) return { apps: known, isListed: false };
  const isAll = typeof apps === 'string';
  return { apps: isAll ? all : whichApps(all, apps.service, cluster), isListed: true };
}
