import { Listr, type ListrTask } from 'listr2';
import { explain } from '../aws/errors.ts';
import { Interrupted, StepFailed } from '../errors.ts';
import { differences } from './diff.ts';
import type { Env } from './env.ts';
import { type Action, needsOf, type Plan, type Step, topOf } from './plan.ts';
import type { AnyResource, Live, Needs } from './resource.ts';
import { SECTIONS } from './sections.ts';
import { ownership } from './tags.ts';

export type Outcome = Action | 'failed' | 'skipped';

/** A change in the state of one resource, as it happens; every way of showing a run folds these. */
export type Progress = { resource: AnyResource } & (
  | { state: 'started' }
  | { state: 'waiting'; text: string }
  | { state: 'done'; result: Result }
);

/** What became of one resource. */
export interface Result {
  resource: AnyResource;
  outcome: Outcome;
  /** What stands of it now. */
  live?: Live;
  seconds: number;
  /** Why it failed or was skipped, and what to do about it. */
  error?: { answer: string; fix?: string };
  /** Why it was left for a later run, without anything having failed. */
  postponed?: string;
  cause?: unknown;
}

/** Stands for the failure of something that was needed; says which. */
class Needed extends Error {
  override name = 'Needed';
}

/**
 * Makes everything in AWS as planned: all at once, each waiting for its own needs alone.
 * A failure skips what needs it and lets the rest finish; so does a stop. Never rejects.
 */
export async function run(plan: Plan, emit: (progress: Progress) => void): Promise<Result[]> {
  const results = new Map<AnyResource, Result>();
  const lives = new Map<AnyResource, Live | undefined>();
  const started = new Map<AnyResource, Promise<void>>();

  const start = (step: Step): Promise<void> => {
    const known = started.get(step.resource);
    if (known) return known;
    const promise = one(step);
    started.set(step.resource, promise);
    return promise;
  };

  const one = async (step: Step): Promise<void> => {
    const { resource } = step;
    await Promise.all(needed(step, plan).map(start));
    const begun = performance.now();
    const finish = (outcome: Outcome, rest: Partial<Result>) => {
      const seconds = (performance.now() - begun) / 1000;
      const result = { resource, outcome, live: lives.get(resource), seconds, ...rest };
      results.set(resource, result);
      emit({ resource, state: 'done', result });
    };
    try {
      refuseAfterFailure(step, plan, results);
      if (plan.env.signal.aborted) throw new Interrupted();
      const postponed = resource.postponed?.(plan.env, needsOf(resource, lives));
      if (postponed) {
        lives.set(resource, step.live);
        return finish('skipped', { postponed });
      }
      if (step.action !== 'keep') emit({ resource, state: 'started' });
      const env = {
        ...plan.env,
        waiting: (text: string) => emit({ resource, state: 'waiting', text }),
      };
      finish(await converge(step, env, lives), {});
    } catch (error) {
      const skipped = error instanceof Needed || error instanceof Interrupted;
      const why = skipped ? { answer: (error as Error).message } : explain(error);
      finish(skipped ? 'skipped' : 'failed', { error: why, cause: error });
    }
  };

  await new Listr(bySection(plan, start), {
    concurrent: true,
    exitOnError: false,
    renderer: 'silent',
    registerSignalListeners: false,
  }).run();
  return plan.steps.map(({ resource }) => results.get(resource)!);
}

/** A task a section of the guide, a subtask a resource. */
function bySection(plan: Plan, start: (step: Step) => Promise<void>): ListrTask[] {
  return SECTIONS.map((section) => plan.steps.filter((step) => step.resource.section === section))
    .filter((steps) => steps.length > 0)
    .map((steps) => ({
      title: steps[0]!.resource.section,
      task: (_, task) =>
        task.newListr(
          steps.map((step) => ({ title: step.resource.name, task: () => start(step) })),
          { concurrent: true, exitOnError: false },
        ),
    }));
}

function needed({ resource }: Step, { steps }: Plan): Step[] {
  const needs = [...Object.values(resource.needs as Needs), ...(resource.after ?? [])];
  return steps.filter((step) => needs.includes(step.resource));
}

function refuseAfterFailure(step: Step, plan: Plan, results: Map<AnyResource, Result>): void {
  const missing = needed(step, plan).find(({ resource }) => results.get(resource)?.error);
  if (missing) throw new Needed(`needs ${missing.resource.name}`);
}

/**
 * Makes one resource if it is not there, then sets every field that is not as wanted. What stands
 * is noted at every step, so that a failure halfway can say what it left.
 */
async function converge(
  step: Step,
  env: Env,
  lives: Map<AnyResource, Live | undefined>,
): Promise<Action> {
  const { resource } = step;
  const needs = needsOf(resource, lives);
  let live = step.live ?? (await createOrFind(resource, env, needs));
  lives.set(resource, live);
  if (step.chosen) return 'keep';
  let outcome: Action = step.live || resource.waits ? 'keep' : 'create';
  if (step.differences.some(({ field }) => field === 'tags')) {
    await resource.tag?.(env, live);
    outcome = 'change';
  }
  const wanted = resource.wanted(env, needs, live);
  for (const field of fieldsOff(live, wanted)) {
    // What another field's setter has changed with it needs no call of its own.
    if (!fieldsOff(live, wanted).has(field)) continue;
    const set = resource.set[field];
    if (!set) {
      throw new StepFailed(
        `It has ${field} ${live[field as keyof Live]}, which AWS cannot change to ${wanted[field]}.`,
      );
    }
    const changed = await set({ env, live, to: wanted[field], needs });
    live = { ...live, [field]: reached(live[field as keyof Live], wanted[field]), ...changed };
    lives.set(resource, live);
    if (outcome === 'keep') outcome = 'change';
  }
  return outcome;
}

/** Those that are not as wanted. */
function fieldsOff(live: Live, wanted: object): Set<string> {
  return new Set(differences(live, wanted).map(({ field }) => topOf(field)));
}

/** What a field holds once it is set; a set keeps what it had besides. */
function reached(from: unknown, to: unknown): unknown {
  return from instanceof Set && to instanceof Set ? from.union(to) : to;
}

/** Another run, or one that was cut off, may have made it since it was looked for. */
async function createOrFind(
  resource: AnyResource,
  env: Env,
  needs: Record<string, Live | undefined>,
): Promise<Live> {
  try {
    return await resource.create(env, needs, resource.wanted(env, needs));
  } catch (error) {
    if (!EXISTS.test((error as Error).name)) throw error;
    const live = await resource.read(env);
    const ours = !live?.tags || ownership(live.tags, env.tags, resource.shared ?? false) === 'ours';
    if (!live || !ours) throw error;
    return live;
  }
}

const EXISTS = /AlreadyExists|AlreadyOwnedByYou|Duplicate/;
