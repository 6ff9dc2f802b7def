import type { Proposal, Report, Where } from '../../src/commands/conversation.ts';
import { inShort } from '../../src/commands/propose-cluster.ts';
import { answeredOf } from '../../src/commands/setup.ts';
import { appQuestions } from '../../src/questions/app/index.ts';
import { clusterQuestions } from '../../src/questions/cluster/index.ts';
import type { Put } from '../../src/questions/gather.ts';
import { type AnyQuestion, pagesOf } from '../../src/questions/question.ts';
import { diffLines } from '../../src/scaffold/diff.ts';
import { beginRun, fold, type RunState } from '../../src/screens/run-state.ts';
import type { Scene } from '../../src/screens/stage.ts';
import { appResources } from '../../src/tasks/app/index.ts';
import type { ClusterAnswers } from '../../src/tasks/cluster/answers.ts';
import { clusterResources } from '../../src/tasks/cluster/index.ts';
import { namesOf } from '../../src/tasks/cluster/names.ts';
import { clusterOutputs } from '../../src/tasks/cluster/outputs.ts';
import type { Env } from '../../src/tasks/cluster/scope.ts';
import type { Progress, Result } from '../../src/tasks/graph.ts';
import { makePlan, type Plan, type Step } from '../../src/tasks/plan.ts';
import type { AnyResource } from '../../src/tasks/resource.ts';
import { Standing } from '../../src/tasks/standing.ts';
import { ourTags } from '../../src/tasks/tags.ts';

const LATER = 'waits until the certificate is issued';
const TRAVIS = 'language: node_js\nscript: npm test\nnode_js: "24"\n';
const MERGED = `${TRAVIS.replace('24', '26')}deploy:\n  provider: script\n`;

export const where: Where = {
  ...{ command: 'init-cluster', account: '123456789012', region: 'us-east-2', sandbox: false },
  caller: 'arn:aws:sts::123456789012:assumed-role/Administrator/jane.doe@example.gov',
  profile: 'city-hall',
};

export const sandbox: Where = {
  ...{ ...where, profile: undefined, caller: 'arn:aws:sts::123456789012:user/sandbox' },
  ...{ endpoint: 'http://127.0.0.1:45678', sandbox: true },
};

const answers: ClusterAnswers = {
  ...{ 'account-prefix': 'digital', 'cluster-prefix': 'digitalApps', 'bucket-prefix': 'cob' },
  ...{ bucket: 'cob-digital-apps-config', 'instance-type': 't3.small', ami: 'recommended' },
  ...{ 'disk-size': 30, min: 1, desired: 2, max: 4, vpc: 'new', 'vpc-cidr': '10.20.0.0/16' },
  ...{ zones: ['us-east-2a', 'us-east-2b'], subnets: [], 'ssh-cidrs': ['203.0.113.0/24'] },
  ...{ 'key-pair': 'new', 'ssh-add': false, 'container-insights': false, certificate: 'none' },
};

const env: Env = {
  ...{ account: where.account, caller: where.caller, region: where.region, partition: 'aws' },
  ...{ names: namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' }), answers },
  ...{ tags: ourTags('digitalApps', where.region), replaceInstances: false, verify: true },
  rename: '--set cluster-prefix=NAME',
  ...{ image: 'ami-0123456789abcdef0', signal: new AbortController().signal, waiting() {} },
  // No frame asks AWS.
  aws: undefined as never,
};

/** With nothing there yet. */
export const newPlan: Plan = makePlan(clusterResources, env, new Standing(), { adopt: false });

/** All stands, but for the log group's retention, and what comes after a change. */
export const changingPlan: Plan = {
  env,
  steps: newPlan.steps.map((step, index) => {
    if (step.resource.waits) return step;
    const live = { id: idOf(step.resource, index) };
    if (step.resource.name !== 'Log group') return { ...step, live, action: 'keep' as const };
    const differences = [{ field: 'retention', from: undefined, to: 90 }];
    return { ...step, live, differences, action: 'change' as const };
  }),
};

/** As it is put to a person who gave no answer beforehand. */
export function proposalOf(plan: Plan): Proposal {
  const answered = answeredOf(
    clusterQuestions,
    { place: env, standing: new Standing(), answers: {} },
    answers,
  );
  return {
    plan,
    inShort: inShort(answers, { network: false, keyPair: false }),
    answered,
    name: 'digitalApps',
  };
}

/** Of an app: something new, a file that is added to, one that a person changed, and what must wait. */
export const appPlan: Plan = {
  env,
  steps: appResources.flatMap((resource): Step[] => {
    const nothing = { differences: [], remarks: [], attention: [], preview: [], chosen: false };
    const step = { resource, live: { id: resource.name }, action: 'keep' as const, ...nothing };
    switch (resource.name) {
      case 'Target group':
        return [{ ...step, live: undefined, action: 'create' }];
      case 'HTTPS rule':
        return [{ ...step, remarks: [LATER], postponed: LATER }];
      case '.travis.yml':
        return [{ ...step, action: 'change', preview: diffLines('.travis.yml', TRAVIS, MERGED) }];
      case 'deploy/Dockerfile':
        return [{ ...step, attention: ['deploy/Dockerfile was changed, and stays as it is.'] }];
      default:
        return [];
    }
  }),
};

function idOf({ name }: AnyResource, index: number): string {
  return `${name.toLowerCase().replace(/\W+/g, '-')}-0${index.toString(16).padStart(2, '0')}c4e1`;
}

/** A question as it is put, with nothing wrong. */
export function asking(question: AnyQuestion, put: Partial<Put> = {}): Scene & { kind: 'ask' } {
  const sets = [clusterQuestions.questions, appQuestions.questions];
  const pages = pagesOf(sets.find((set) => set.includes(question))!);
  return {
    ...{ kind: 'ask', question, drafts: new Map(), answer() {} },
    put: {
      page: { number: pages.indexOf(question.page) + 1, of: pages.length },
      ...{ preset: '', choices: [], before: [], check: async (input) => question.parse(input) },
      ...put,
    },
  };
}

/** When every run here begins, in milliseconds of the process clock. */
export const BEGIN = 1_000_000;

/** What a run has come to: of each resource named, how it ended, or what it waits for. */
export interface Course {
  done?: string[];
  /** Started so many seconds ago, waiting for that. */
  running?: Record<string, [seconds: number, text?: string]>;
  failed?: Record<string, { answer: string; fix?: string }>;
  skipped?: Record<string, string>;
}

/** A run of that plan, `seconds` after it began. */
export function runOf(plan: Plan, seconds: number, course: Course): RunState {
  const now = BEGIN + seconds * 1000;
  const begun = (name: string) => ({ resource: resourceOf(plan, name), state: 'started' }) as const;
  const ended = (name: string, result: Partial<Result>): Progress => {
    const resource = resourceOf(plan, name);
    const whole = { resource, outcome: 'create' as const, seconds: 1.2, ...result };
    return { resource, state: 'done', result: whole };
  };
  const events: [Progress, number][] = [
    ...(course.done ?? []).flatMap((name, index): [Progress, number][] => [
      [begun(name), BEGIN],
      [ended(name, { live: { id: idOf(resourceOf(plan, name), index) } }), now],
    ]),
    ...Object.entries(course.running ?? {}).flatMap(([name, [ago, text]]): [Progress, number][] => [
      [begun(name), now - ago * 1000],
      ...(text ? [[{ ...begun(name), state: 'waiting', text }, now] as [Progress, number]] : []),
    ]),
    ...Object.entries(course.failed ?? {}).map(([name, error]): [Progress, number] => [
      ended(name, { outcome: 'failed', error }),
      now,
    ]),
    ...Object.entries(course.skipped ?? {}).map(([name, answer]): [Progress, number] => [
      ended(name, { outcome: 'skipped', error: { answer } }),
      now,
    ]),
  ];
  return events.reduce((state, [progress, at]) => fold(state, progress, at), beginRun(plan, BEGIN));
}

function resourceOf({ steps }: Plan, name: string): AnyResource {
  const found = steps.find(({ resource }) => resource.name === name);
  if (!found) throw new Error(`the plan has no ${name}`);
  return found.resource;
}

/** The report of a run with that course; what is not named has been made. */
export function reportOf(plan: Plan, { failed = {}, skipped = {} }: Course): Report {
  const results = plan.steps.map(({ resource }, index): Result => {
    const error = failed[resource.name];
    if (error) return { resource, outcome: 'failed', seconds: 1, error };
    const answer = skipped[resource.name];
    if (answer) return { resource, outcome: 'skipped', seconds: 0, error: { answer } };
    return { resource, outcome: 'create', seconds: 1, live: { id: idOf(resource, index) } };
  });
  return {
    ...{ ...where, plan, results, dryRun: false, interrupted: false, notes: [], attention: [] },
    ...{
      outputs: { title: 'Variables:', values: clusterOutputs(env) },
      calls: { total: 120, changing: 52 },
      seconds: 61,
    },
    log: '/home/jane/.local/state/digital-apps/logs/2026-11-23T06-31-00Z-init-cluster-4711.jsonl',
  };
}
