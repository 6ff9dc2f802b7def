import { routedApps } from '../checks/app/apps.ts';
import type { Looking } from '../checks/check.ts';
import { carryOut } from '../cleanup/carry-out.ts';
import { secondsFor } from '../cleanup/deregister.ts';
import type { AppOutcome } from '../cleanup/outcome.ts';
import { isToDo, planCleanup } from '../cleanup/plan.ts';
import { UserError } from '../errors.ts';
import { askAlone } from '../questions/alone.ts';
import { keepQuestion } from '../questions/cleanup.ts';
import type { Ask } from '../questions/gather.ts';
import { appNamesOf } from '../tasks/app/names.ts';
import { meantApps } from './cleanup-apps.ts';
import type { CleanupTalk } from './cleanup-talk.ts';
import { orUnable, usualPlace, whichCluster } from './cluster-place.ts';
import { connect, regionOf, type Target } from './session.ts';
import { INTERRUPTED, type Stop } from './stop.ts';

export interface CleanupOptions extends Target {
  cluster?: string;
  /** Every app. */
  all?: boolean;
  /** How many revisions, and how many images, are kept for their age alone; as it was typed. */
  keep?: string;
  dryRun?: boolean;
}

/**
 * The guide's Housekeeping: deregisters task definitions and deletes images that nobody needs.
 * @param service the app that is meant.
 * @returns the exit code: 0 done, 1 something failed, 130 interrupted.
 * @throws UserError before anything was touched.
 */
export async function cleanup(
  service: string | undefined,
  options: CleanupOptions,
  talk: CleanupTalk,
  stop: Stop,
): Promise<number> {
  const { conversation } = talk;
  const { all = false, dryRun = false } = options;
  let started = performance.now();
  if (service !== undefined && all) {
    throw new UserError('An app and --all exclude each other.', 'Leave out one of them.');
  }
  const given = options.keep === undefined ? undefined : Number(keepQuestion.parse(options.keep));
  const region = await regionOf(options);
  const session = await connect('cleanup', region, options, conversation, stop);
  const { aws, journal, where } = session;
  const cluster = await whichCluster(session, options.cluster, conversation.ask);
  const place = usualPlace(session, cluster);
  const looking: Looking = { ...place, deep: false, signal: stop.signal };
  const routed = await orUnable(() => routedApps(looking));
  const meant = { service, all };
  const { repositoryNamespace: namespace, travisUser } = place.names;
  const apps = (await meantApps(routed, meant, cluster, conversation.ask)).map((app) => ({
    ...app,
    names: appNamesOf({ service: app.service, namespace, travisUser }),
  }));
  const keep = given ?? (await askKeep(conversation.ask));

  conversation.busy('Looking at what there is, and at what is in use.');
  const plan = await orUnable(() => planCleanup(looking, apps, keep));
  talk.review({ cluster, plan, seconds: secondsFor(aws, plan) });
  const report = (outcomes: AppOutcome[]) =>
    talk.report({
      ...{ ...where, cluster, plan, outcomes, dryRun },
      interrupted: stop.signal.aborted,
      calls: { total: journal.total, changing: journal.changing },
      seconds: (performance.now() - started) / 1000,
      log: journal.file,
    });
  if (dryRun || !isToDo(plan)) {
    report([]);
    return 0;
  }
  if (talk.agrees) {
    if (!(await talk.agrees())) return INTERRUPTED;
    // What a person took to agree says nothing about the run.
    started = performance.now();
  }
  const outcomes = await stop.during(
    () => carryOut(looking, plan, (step) => talk.advanced(step)),
    () => conversation.stopping(),
  );
  report(outcomes);
  if (stop.signal.aborted) return INTERRUPTED;
  return outcomes.some(({ errors }) => errors.length > 0) ? 1 : 0;
}

async function askKeep(ask: Ask | undefined): Promise<number> {
  const usual = 10;
  return ask ? Number(await askAlone(ask, keepQuestion, usual)) : usual;
}
