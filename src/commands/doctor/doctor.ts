import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { whereverCopied } from '../../checks/command-lines.ts';
import { type Diagnosis, exitCodeOf, isMendable, mendable } from '../../checks/diagnosis.ts';
import { isSelected, type Selection, wordsOf } from '../../checks/select.ts';
import { UserError } from '../../errors.ts';
import { usualPlace, whichCluster } from '../cluster-place.ts';
import { connect, regionOf, type Target } from '../session.ts';
import { INTERRUPTED, type Stop } from '../stop.ts';
import { allChecks, clusterChecks } from './checks.ts';
import type { Consultation, Wish } from './consultation.ts';
import { mend } from './mend.ts';
import { mendApp } from './mend-app.ts';
import { lookAt, type Order, type Pass } from './pass.ts';
import { checkReportFile, reportName, writeReport } from './report.ts';

export interface DoctorOptions extends Target {
  cluster?: string;
  /** Every app, too. */
  all: boolean;
  only?: string[];
  skip?: string[];
  /** Again and again, until somebody stops it. */
  watch: boolean;
  /** Whether warnings count for the exit code. */
  strict: boolean;
  /** Whether to look where all seems well, too. */
  deep: boolean;
  /** A Markdown file to write. */
  report?: string;
  /** Whether what is found is mended, where it can be and the plan is agreed to. */
  fix: boolean;
  json: boolean;
}

/** Between two looks, in milliseconds. */
const PAUSE = 5_000;

/**
 * Looks at a cluster and its apps, and says what is wrong and why.
 * @param service the app to look at, too.
 * @returns the exit code: 0 healthy, 1 findings, 2 nothing could be looked at, 130 interrupted.
 * @throws UserError before anything was looked at.
 */
export async function doctor(
  service: string | undefined,
  options: DoctorOptions,
  talk: Consultation,
  stop: Stop,
): Promise<number> {
  // V8 would rather double the room for what is new than tidy it: 100 MB more, of a large cluster.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { conversation } = talk;
  const selection = selectionOf(service, options);
  if (options.report !== undefined) await checkReportFile(options.report);
  const region = await regionOf(options);
  const session = await connect('doctor', region, options, conversation, stop);
  const cluster = await whichCluster(session, options.cluster, conversation.ask);
  const order: Order = {
    ...{ session, cluster, selection, deep: options.deep, signal: stop.signal },
    apps: service !== undefined ? { service } : options.all ? 'all' : 'none',
  };

  let pass: Pass | undefined;
  let isWatching = options.watch;
  const look = async (): Promise<Diagnosis> => {
    const looked = await lookAt(order, talk, pass?.apps);
    pass = looked.pass;
    talk.diagnosed(looked.diagnosis);
    return looked.diagnosis;
  };
  /** What a look that was ended in the middle has seen does not count. */
  const lookAgain = async (before: Diagnosis, signal: AbortSignal): Promise<Diagnosis> => {
    const looked = await lookAt({ ...order, signal }, undefined, pass?.apps);
    if (signal.aborted) return before;
    pass = looked.pass;
    talk.diagnosed(looked.diagnosis, before);
    return looked.diagnosis;
  };
  const save = async (file: string, diagnosis: Diagnosis) => {
    await writeReport(file, pass!.subject, diagnosis);
    conversation.remark(`The report is in ${file}.`);
  };
  const mended = async (diagnosis: Diagnosis): Promise<Diagnosis> => {
    const { cluster: isOfCluster, apps } = mendable(diagnosis);
    const mends = [
      ...(isOfCluster ? [() => mend(session, cluster, conversation, stop)] : []),
      ...pass!.apps
        .filter(({ service }) => apps.includes(service))
        .map((app) => () => mendApp(session, cluster, pass!.atHand(app), conversation, stop)),
    ];
    const isSick = diagnosis.causes.length + diagnosis.warnings.length > 0;
    if (isSick && mends.length === 0) {
      conversation.remark('Nothing here can be mended by itself: each finding says what to do.');
    }
    let isChanged = false;
    // Who stops waiting for it still wants to know how things are.
    await stop.only(async () => {
      for (const mendOne of mends) {
        if (stop.signal.aborted) break;
        try {
          if ((await mendOne()) !== INTERRUPTED || stop.signal.aborted) isChanged = true;
        } catch (error) {
          // Where somebody is still looking, what was found stays on screen; and one cannot keep the others.
          const isAlone = !talk.wish && mends.length === 1;
          if (isAlone || !(error instanceof UserError)) throw error;
          conversation.remark([error.message, error.fix].filter(Boolean).join(' '));
        }
      }
    });
    if (!isChanged) return diagnosis;
    session.aws.reads.forgetAll();
    return look();
  };

  let diagnosis = await look();
  if (options.fix) diagnosis = await mended(diagnosis);
  else if (!talk.wish && isMendable(diagnosis)) {
    const line = ['digital-apps doctor', service ?? (options.all ? '--all' : []), '--fix'].flat();
    const command = whereverCopied(line.join(' '), usualPlace(session, cluster));
    conversation.remark(`Some of this can be mended from here: ${command}`);
  }
  if (options.report !== undefined) await save(options.report, diagnosis);
  while (!stop.signal.aborted) {
    const next = await nextOf(talk, diagnosis, isWatching, stop.signal, lookAgain);
    if (next === 'quit') {
      talk.ended(session.where, diagnosis);
      return exitCodeOf(diagnosis, options);
    }
    if (next === 'watch') isWatching = !isWatching;
    else if (next === 'fix') diagnosis = await mended(diagnosis);
    else if (next === 'save') {
      await save(reportName(diagnosis), diagnosis).catch((error: Error) =>
        conversation.remark(error.message),
      );
    } else diagnosis = next;
  }
  return INTERRUPTED;
}

/** What a person wants next, or while they watch what the next look has shown. */
async function nextOf(
  talk: Consultation,
  diagnosis: Diagnosis,
  isWatching: boolean,
  stopped: AbortSignal,
  look: (before: Diagnosis, signal: AbortSignal) => Promise<Diagnosis>,
): Promise<Wish | Diagnosis> {
  const wish = talk.wish?.(diagnosis, isWatching);
  if (!isWatching) return wish ?? 'quit';
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stopped]);
  const again = sleep(PAUSE, undefined, { signal }).then(
    () => look(diagnosis, signal),
    () => diagnosis,
  );
  try {
    return await Promise.race(wish ? [wish, again] : [again]);
  } finally {
    over.abort();
    // Beside a look nothing is planned, and after the end nothing is shown.
    await again.catch(() => {});
  }
}

/**
 * What was said of the checks, checked.
 * @throws UserError for words that mean nothing, or nothing together.
 */
function selectionOf(service: string | undefined, options: DoctorOptions): Selection {
  const { all, watch, json, report } = options;
  if (service !== undefined && all) {
    throw new UserError('An app and --all exclude each other.', 'Leave out one of them.');
  }
  if (watch && (json || report !== undefined)) {
    throw new UserError(
      `--watch has no end, and ${json ? '--json' : '--report'} is written at the end.`,
      'Leave out one of them.',
    );
  }
  const hasApps = service !== undefined || all;
  const selection = {
    only: options.only && wordsOf('--only', options.only, allChecks),
    skip: options.skip && wordsOf('--skip', options.skip, allChecks),
  };
  const left = allChecks.filter((check) => isSelected(check, selection));
  const isOfApps = (check: object) => !(clusterChecks as object[]).includes(check);
  if (left.length === 0) {
    throw new UserError('No check is left to look at.', 'Give --only more, or --skip less.');
  }
  if (!hasApps && left.every(isOfApps)) {
    throw new UserError(
      'These are checks of an app, and none is named.',
      'Name it: digital-apps doctor APP, or --all for every app.',
    );
  }
  return selection;
}
