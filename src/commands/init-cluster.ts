import { clusterQuestions } from '../questions/cluster.ts';
import { complete, gather, verify } from '../questions/gather.ts';
import { givenAnswers } from '../questions/given.ts';
import { nameQuestions } from '../questions/names.ts';
import { clusterResources } from '../tasks/cluster/index.ts';
import { architectureOf, recommendedImages } from '../tasks/cluster/lookups.ts';
import { clusterOutputs } from '../tasks/cluster/outputs.ts';
import type { Answered, Env, Place } from '../tasks/env.ts';
import { type Result, run } from '../tasks/graph.ts';
import { namesOf } from '../tasks/names.ts';
import { makePlan, type Plan } from '../tasks/plan.ts';
import { Standing } from '../tasks/standing.ts';
import { ourTags } from '../tasks/tags.ts';
import type { Conversation } from './conversation.ts';
import { notesOf } from './init-cluster-notes.ts';
import { openSession, regionOf, type Session, type Target } from './session.ts';
import { INTERRUPTED, type Stop } from './stop.ts';

export interface InitClusterOptions extends Target {
  /** A file of answers, YAML or JSON. */
  answers?: string;
  /** Answers as key=value. */
  set: string[];
  dryRun: boolean;
  adopt: boolean;
  /** Whether to wait for instances and load balancer at the end. */
  wait: boolean;
  replaceInstances: boolean;
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
  const region = await regionOf(options);
  const given = await givenAnswers(options.answers, options.set, region);
  const session = await openSession('init-cluster', region, options, conversation, stop);
  const plan = await planCluster(options, given, session, conversation, stop);
  conversation.review(plan);

  const report = (results: Result[]) =>
    conversation.report({
      ...session.where,
      plan,
      results,
      dryRun: options.dryRun,
      interrupted: stop.signal.aborted,
      outputs: clusterOutputs(plan.env),
      notes: notesOf(plan, results),
      calls: { total: session.journal.total, changing: session.journal.changing },
      seconds: (performance.now() - started) / 1000,
      log: session.journal.file,
    });
  if (options.dryRun) {
    report([]);
    return 0;
  }
  const isToDo = plan.steps.some(({ action }) => action !== 'keep');
  if (isToDo && conversation.confirm && !(await conversation.confirm(plan))) return INTERRUPTED;

  stop.orderly(() => conversation.stopping());
  const results = await run(plan, (progress) => conversation.progress(progress));
  logFailures(results, session);
  report(results);
  if (stop.signal.aborted) return INTERRUPTED;
  return results.some(({ error }) => error) ? 1 : 0;
}

async function planCluster(
  options: InitClusterOptions,
  given: Awaited<ReturnType<typeof givenAnswers>>,
  { aws, identity, region }: Session,
  conversation: Conversation,
  stop: Stop,
): Promise<Plan> {
  const base = { ...identity, aws, region };
  const nowhere = { ...base, names: namesOf({ account: '', cluster: '', bucket: '' }), tags: {} };
  const named = await gather(
    nameQuestions,
    { place: nowhere, standing: new Standing(), answers: given },
    conversation.ask,
  );
  const names = namesOf({
    account: named['account-prefix']!,
    cluster: named['cluster-prefix']!,
    bucket: named['bucket-prefix']!,
  });
  const place: Place = { ...base, names, tags: ourTags(names.cluster, region) };

  conversation.busy('Looking at what stands…');
  const standing = new Standing();
  // Which images AWS recommends takes as long to find out as what stands: both at once.
  const [images] = await Promise.all([
    recommendedImages(aws),
    standing.readByName(clusterResources, place),
  ]);
  const asking = { place, standing, answers: named };
  const answers = complete(await gather(clusterQuestions, asking, conversation.ask));
  const answered: Answered = {
    ...place,
    names: { ...names, bucket: answers.bucket },
    answers,
    replaceInstances: options.replaceInstances,
    verify: options.wait,
  };
  const [architecture] = await Promise.all([
    architectureOf(aws, answers['instance-type']),
    standing.readByAnswer(clusterResources, answered),
    verify(clusterQuestions, { ...asking, answers }),
  ]);
  const image = answers.ami === 'recommended' ? images[architecture] : answers.ami;
  const env: Env = { ...answered, image, signal: stop.signal, waiting: () => {} };
  return makePlan(clusterResources, env, standing, { adopt: options.adopt });
}

function logFailures(results: Result[], { journal }: Session): void {
  for (const { resource, outcome, cause } of results) {
    if (outcome !== 'failed') continue;
    journal.write({ failed: resource.name, stack: (cause as Error).stack });
  }
}
