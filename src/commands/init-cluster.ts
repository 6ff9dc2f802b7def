import { UserError } from '../errors.ts';
import { ImpossibleAnswer } from '../questions/gather.ts';
import { givenAnswers } from '../questions/given.ts';
import type { Answers, Key } from '../questions/question.ts';
import { KeptAnswers } from '../settings.ts';
import { clusterOutputs } from '../tasks/cluster/outputs.ts';
import { type Result, run } from '../tasks/graph.ts';
import type { Plan } from '../tasks/plan.ts';
import type { Conversation, Decision, Report } from './conversation.ts';
import { notesOf } from './init-cluster-notes.ts';
import { type PlanOptions, planCluster, type SoFar } from './plan-cluster.ts';
import { openSession, type Session, type Target } from './session.ts';
import { INTERRUPTED, type Stop } from './stop.ts';

export interface InitClusterOptions extends Target, PlanOptions {
  /** A file of answers, YAML or JSON. */
  answers?: string;
  /** Answers as key=value. */
  set: string[];
  dryRun: boolean;
}

/**
 * The guide's One-time Setup: answers, plan, review, run, report.
 * @returns the exit code: 0 all as wanted, 1 something failed, 130 interrupted.
 * @throws UserError before anything was touched.
 */
export async function initCluster(
  options: InitClusterOptions,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  const started = performance.now();
  const give = (region: string) => givenAnswers(options.answers, options.set, region);
  const { session, given } = await openSession('init-cluster', options, give, conversation, stop);
  const kept = conversation.ask && (await KeptAnswers.open(session.where));
  const soFar: SoFar = { given, said: remembering(kept, conversation) };
  const reportOf = async (plan: Plan, results: Result[]): Promise<Report> => ({
    ...session.where,
    plan,
    results,
    dryRun: options.dryRun,
    interrupted: stop.signal.aborted,
    outputs: clusterOutputs(plan.env),
    notes: await notesOf(plan, results),
    calls: { total: session.journal.total, changing: session.journal.changing },
    seconds: (performance.now() - started) / 1000,
    log: session.journal.file,
  });

  let isAgreed = false;
  let results: Result[] = [];
  for (;;) {
    const plan = await agreeOn(
      options,
      soFar,
      session,
      isAgreed ? silent(conversation) : conversation,
      stop,
    );
    if (!plan) return INTERRUPTED;
    if (options.dryRun) {
      conversation.report(await reportOf(plan, []));
      return 0;
    }
    isAgreed = true;
    conversation.running(plan, () => session.journal.total);
    const now = await stop.during(
      () => run(plan, (progress) => conversation.progress(progress)),
      () => conversation.stopping(),
    );
    logFailures(now, session);
    results = inAll(results, now);
    const report = await reportOf(plan, results);
    conversation.report(report);
    if (stop.signal.aborted) return INTERRUPTED;
    if (results.every(({ error }) => !error)) {
      kept?.forget();
      return 0;
    }
    if (!(await conversation.retry?.(report))) return 1;
  }
}

/** What was made before something failed is as wanted by the next try; in all it was made. */
function inAll(before: Result[], now: Result[]): Result[] {
  const made = new Map(
    before
      .filter(({ outcome }) => outcome === 'create' || outcome === 'change')
      .map((result) => [result.resource, result.outcome]),
  );
  return now.map((result) =>
    result.outcome === 'keep'
      ? { ...result, outcome: made.get(result.resource) ?? 'keep' }
      : result,
  );
}

/** Makes plans until one is agreed on; undefined when the person leaves. */
async function agreeOn(
  options: InitClusterOptions,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  stop: Stop,
): Promise<Plan | undefined> {
  for (;;) {
    try {
      const plan = await planCluster(options, soFar, session, conversation, stop.signal);
      conversation.review(plan);
      const given = Object.keys(soFar.given) as Key[];
      const decision = await decide(plan, given, options, conversation);
      if (decision === 'apply') return plan;
      if (decision === 'leave') return undefined;
      soFar.only = { key: decision.edit };
      if (decision.edit.endsWith('-prefix')) forgetWhatFollows(soFar.said);
    } catch (error) {
      // What stands in the way of a name is mended by another name.
      const key = error instanceof ImpossibleAnswer ? error.key : 'cluster-prefix';
      const isAskable = error instanceof UserError && !(key in soFar.given);
      if (!isAskable || !conversation.ask) throw error;
      soFar.only = { key, trouble: [error.message, error.fix].filter(Boolean).join(' ') };
    }
  }
}

async function decide(
  plan: Plan,
  given: Key[],
  { dryRun }: InitClusterOptions,
  conversation: Conversation,
): Promise<Decision> {
  const isToDo = plan.steps.some(({ action }) => action !== 'keep');
  if (dryRun || !isToDo || !conversation.decide) return 'apply';
  return conversation.decide(plan, given);
}

/** What was derived from a name, or belongs to the cluster of that name, is asked for anew. */
function forgetWhatFollows(said: Answers): void {
  for (const key of ['bucket', 'vpc', 'vpc-cidr', 'zones', 'subnets'] as const) delete said[key];
}

/** For trying again what was agreed on: the answers stand, and nothing is asked. */
function silent(conversation: Conversation): Conversation {
  return { ...conversation, ask: undefined, decide: undefined, review: () => {} };
}

/** What was said, kept on disk with every answer; begins with what was kept of a run that was left. */
function remembering(kept: KeptAnswers | undefined, { remark }: Conversation): Answers {
  if (!kept) return {};
  const before = kept.get();
  if (before)
    remark(`Your answers of ${before.at.slice(0, 16).replace('T', ' ')} UTC are filled in.`);
  return new Proxy<Answers>(before?.answers ?? {}, {
    set(answers, key, value) {
      Object.assign(answers, { [key]: value });
      kept.keep(answers);
      return true;
    },
  });
}

function logFailures(results: Result[], { journal }: Session): void {
  for (const { resource, outcome, cause } of results) {
    if (outcome !== 'failed') continue;
    journal.write({ failed: resource.name, stack: (cause as Error).stack });
  }
}
