import { isDeepStrictEqual } from 'node:util';
import { StepFailed, UserError } from '../errors.ts';
import { ImpossibleAnswer, meant } from '../questions/gather.ts';
import { givenAnswers } from '../questions/given.ts';
import type { Asking, QuestionSet } from '../questions/question.ts';
import { KeptAnswers } from '../settings.ts';
import { type Result, run } from '../tasks/graph.ts';
import type { Plan } from '../tasks/plan.ts';
import type { Conversation, Decision, Outputs, Proposal, Report } from './conversation.ts';
import { attention } from './remarks.ts';
import { openSession, type Session, type Target } from './session.ts';
import type { SoFar } from './so-far.ts';
import { INTERRUPTED, type Stop } from './stop.ts';

type Answers = Record<string, unknown>;

export interface SetupOptions extends Target {
  /** A file of answers, YAML or JSON. */
  answers?: string;
  /** Answers as key=value. */
  set: string[];
  dryRun: boolean;
}

/** A command that asks, plans and makes: what it alone knows. */
export interface Setup {
  command: string;
  /** IAM actions that it cannot do without. */
  permissions: string[];
  questions: QuestionSet;
  /** What it works on, beside the place: answers kept for one are not offered for another. */
  subject?: string;
  /** What else is to be asked anew once that was answered otherwise. */
  following(key: string): string[];
  /** Asks, looks and compares; changes nothing. */
  propose(
    soFar: SoFar,
    session: Session,
    conversation: Conversation,
    stop: AbortSignal,
  ): Promise<Proposal>;
  outputs(plan: Plan, results: Result[]): Outputs | Promise<Outputs>;
  notes(plan: Plan, results: Result[]): Promise<string[]>;
  /** What is to be done once all stands. */
  finish?(plan: Plan, results: Result[]): Promise<void>;
}

/**
 * Answers, plan, review, run, report; again for as long as a person wants to try again.
 * @returns the exit code: 0 all as wanted, 1 something failed or needs a person, 130 interrupted.
 * @throws UserError before anything was touched.
 */
export async function runSetup(
  setup: Setup,
  options: SetupOptions,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  const give = (region: string) =>
    givenAnswers(setup.questions, options.answers, options.set, region);
  const { session, given } = await openSession(setup, options, give, conversation, stop);
  return runSetupIn(session, setup, given, options, conversation, stop);
}

/** The same where one is already, and with the answers that were given. */
export async function runSetupIn(
  session: Session,
  setup: Setup,
  given: Answers,
  options: Pick<SetupOptions, 'dryRun'>,
  conversation: Conversation,
  stop: Stop,
): Promise<number> {
  let started = performance.now();
  const kept = conversation.ask && (await KeptAnswers.open(session.where, setup.subject));
  const soFar: SoFar = { given, said: remembering(kept, setup, conversation) };
  const reportOf = async (plan: Plan, results: Result[]): Promise<Report> => ({
    ...session.where,
    plan,
    results,
    dryRun: options.dryRun,
    interrupted: stop.signal.aborted,
    outputs: await setup.outputs(plan, results),
    notes: await setup.notes(plan, results),
    attention: attention(plan, results),
    calls: { total: session.journal.total, changing: session.journal.changing },
    seconds: (performance.now() - started) / 1000,
    log: session.journal.file,
  });

  let isAgreed = false;
  let results: Result[] = [];
  for (;;) {
    const asking = isAgreed ? silent(conversation) : conversation;
    const agreeing = agreeOn(setup, options, soFar, session, asking, stop);
    const plan = await (isAgreed ? agreeing.catch(failed) : agreeing);
    if (!plan) return INTERRUPTED;
    // What a person took to answer and to agree says nothing about the run.
    if (conversation.decide && !isAgreed) started = performance.now();
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
      await setup.finish?.(plan, results);
      return report.attention.length > 0 ? 1 : 0;
    }
    if (!(await conversation.retry?.(report))) return 1;
    started = performance.now() - report.seconds * 1000;
  }
}

/** Once something was made, a UserError would deny it. */
function failed(error: unknown): never {
  if (error instanceof UserError) throw new StepFailed(error.message, error.fix, error);
  throw error;
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
  setup: Setup,
  options: Pick<SetupOptions, 'dryRun'>,
  soFar: SoFar,
  session: Session,
  conversation: Conversation,
  stop: Stop,
): Promise<Plan | undefined> {
  let isAsked = false;
  const { ask } = conversation;
  const noting = {
    ...conversation,
    ask:
      ask &&
      ((...put: Parameters<typeof ask>) => {
        isAsked = true;
        return ask(...put);
      }),
  };
  for (;;) {
    isAsked = false;
    try {
      const proposal = await setup.propose(soFar, session, noting, stop.signal);
      conversation.review(proposal);
      const decision = await decide(proposal, options, conversation);
      if (decision === 'apply') return proposal.plan;
      if (decision === 'leave') return undefined;
      soFar.only = { key: decision.edit };
    } catch (error) {
      const isAskable = error instanceof ImpossibleAnswer && !(error.key in soFar.given);
      // Where nothing was asked, it would only come again.
      if (!isAskable || !isAsked) throw error;
      const { key } = error;
      soFar.only = { key, trouble: [error.message, error.fix].filter(Boolean).join(' ') };
    }
  }
}

async function decide(
  proposal: Proposal,
  { dryRun }: Pick<SetupOptions, 'dryRun'>,
  conversation: Conversation,
): Promise<Decision> {
  const isToDo = proposal.plan.steps.some(({ action }) => action !== 'keep');
  if (dryRun || !isToDo) return 'apply';
  if (conversation.decide) return conversation.decide(proposal);
  if (proposal.unasked) throw proposal.unasked;
  return 'apply';
}

/** For trying again what was agreed on: the answers stand, and nothing is asked. */
function silent(conversation: Conversation): Conversation {
  return { ...conversation, ask: undefined, decide: async () => 'apply', review: () => {} };
}

/** What was said, kept on disk with every answer; begins with what was kept of a run that was left. */
function remembering(
  kept: KeptAnswers | undefined,
  { questions: { questions }, following }: Setup,
  { remark }: Conversation,
): Answers {
  if (!kept) return {};
  const before = kept.get();
  if (before)
    remark(`Your answers of ${before.at.slice(0, 16).replace('T', ' ')} UTC are filled in.`);
  const secrets = questions.filter(({ kind }) => kind === 'secret').map(({ key }) => key);
  return new Proxy<Answers>(before?.answers ?? {}, {
    set(answers, key: string, value) {
      const isOther = key in answers && !isDeepStrictEqual(answers[key], value);
      for (const other of isOther ? following(key) : []) delete answers[other];
      Object.assign(answers, { [key]: value });
      kept.keep(Object.fromEntries(Object.entries(answers).filter(([k]) => !secrets.includes(k))));
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

/** What a person can answer otherwise: all that applies and was not given beforehand. */
export function answeredOf(
  { questions }: QuestionSet,
  asking: Asking,
  answers: object,
): Proposal['answered'] {
  return questions
    .filter(({ key }) => !(key in asking.answers))
    .filter(({ when, arises }) => (when?.(answers) ?? true) && arises?.(asking) !== false)
    .map((question) => {
      const answer = answers[question.key as keyof typeof answers];
      return { question, answer: meant(question, answer, asking) };
    });
}
