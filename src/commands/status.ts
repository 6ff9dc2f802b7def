import { setTimeout as sleep } from 'node:timers/promises';
import { explain } from '../aws/errors.ts';
import type { Looking } from '../checks/check.ts';
import { FEW } from '../checks/lookups/services.ts';
import { UserError } from '../errors.ts';
import { look } from '../status/look.ts';
import type { Status } from '../status/status.ts';
import { orUnable, usualPlace, whichApps, whichCluster } from './cluster-place.ts';
import type { Conversation, Where } from './conversation.ts';
import { connect, regionOf, type Session, type Target } from './session.ts';
import type { Stop } from './stop.ts';

export interface StatusOptions extends Target {
  cluster?: string;
  /** Again and again, until somebody stops it. */
  watch: boolean;
  json: boolean;
}

/** One way of showing how a cluster stands; the command does not know which. */
export interface Board {
  /** For all that is not particular to it: where one is, and which cluster. */
  conversation: Conversation;
  /** `before` is the look before, while one watches. */
  show(where: Where, status: Status, before?: Status): void;
  /** Resolves once somebody has seen enough; absent where nobody can say so. */
  left?(): Promise<void>;
}

/** Between two looks, in milliseconds: of many apps CloudWatch tells, every minute, and for money. */
const PAUSE = 5_000;
const LONG_PAUSE = 30_000;

/**
 * Shows how a cluster and its apps stand.
 * @param service the app to show; all without.
 * @returns the exit code: 0 however they stand.
 * @throws UserError where nothing could be looked at.
 */
export async function status(
  service: string | undefined,
  options: StatusOptions,
  board: Board,
  stop: Stop,
): Promise<number> {
  const { conversation } = board;
  if (options.watch && options.json) {
    throw new UserError(
      '--watch has no end, and --json is written at the end.',
      'Leave out one of them.',
    );
  }
  const region = await regionOf(options);
  const session = await connect('status', region, options, conversation, stop);
  const cluster = await whichCluster(session, options.cluster, conversation.ask);
  const place = usualPlace(session, cluster);
  const looking: Looking = { ...place, deep: false, signal: stop.signal };
  const choose = service === undefined ? undefined : chooser(service, cluster);
  const lookNow = looker(session, () => look(looking, choose));

  const first = await orUnable(lookNow);
  board.show(session.where, first);
  if (options.watch) await watch(first, lookNow, session.where, board);
  return 0;
}

function chooser(service: string, cluster: string) {
  return (apps: { service: string }[]) => whichApps(apps, service, cluster);
}

/** Looks anew each time, and says how long that took, and in how many calls since the time before. */
function looker(
  { aws, journal }: Session,
  found: () => ReturnType<typeof look>,
): () => Promise<Status> {
  let counted = { total: 0, changing: 0 };
  return async () => {
    const started = performance.now();
    aws.reads.forget();
    aws.reads.remember();
    const status = await found();
    const { total, changing } = journal;
    const calls = { total: total - counted.total, changing: changing - counted.changing };
    counted = { total, changing };
    return { ...status, calls, seconds: (performance.now() - started) / 1000, at: new Date() };
  };
}

/** Looks again and again until somebody has seen enough; what goes wrong meanwhile is said, and tried again. */
async function watch(
  first: Status,
  lookNow: () => Promise<Status>,
  where: Where,
  board: Board,
): Promise<void> {
  const over = new AbortController();
  const left = board.left?.().then(() => over.abort());
  let last = first;
  let trouble = '';
  const update = async () => {
    try {
      const next = await lookNow();
      if (over.signal.aborted) return;
      board.show(where, next, last);
      last = next;
      trouble = '';
    } catch (error) {
      const { answer } = explain(error);
      if (answer !== trouble) board.conversation.remark(`Could not look, trying again: ${answer}`);
      trouble = answer;
    }
  };
  for (;;) {
    const pause = last.apps.length > FEW ? LONG_PAUSE : PAUSE;
    await sleep(pause, undefined, over).catch(() => {});
    if (over.signal.aborted) return;
    await Promise.race([update(), ...(left ? [left] : [])]);
  }
}
