import type { App, Looking } from '../checks/check.ts';
import {
  type Decisions,
  decideAllImages,
  decideAllRevisions,
  type ImageDecisions,
  type RevisionDecisions,
} from './decide.ts';
import { type LifecyclePlan, planLifecycle } from './lifecycle.ts';
import { neededNow } from './needed.ts';
import { readRunning } from './running.ts';
import { readState, type State } from './state.ts';
import { type Unused, unusedIn } from './unused.ts';

export interface CleanupPlan {
  /** How many revisions, and how many images, are kept for their age alone. */
  keep: number;
  state: State;
  decisions: Decisions;
  /** By the repository's name. */
  lifecycles: Map<string, LifecyclePlan>;
  /** What seems to be left over in the cluster, and is reported alone. */
  unused: Unused[];
}

/** Looks at all there is of those apps, and decides what of it nobody needs. Changes nothing. */
export async function planCleanup(
  looking: Looking,
  apps: App[],
  keep: number,
): Promise<CleanupPlan> {
  const running = await readRunning(looking);
  const [state, unused] = await Promise.all([
    readState(looking, apps, running),
    unusedIn(looking, running),
  ]);
  const needed = await neededNow(looking, state, running);
  const revisions = decideAllRevisions(state, needed, keep);
  const images = await decideAllImages(state, needed, revisions, keep);
  const lifecycles = new Map(
    state.apps.flatMap(({ repository }) => {
      if (!repository) return [];
      const decision = images.get(repository.name)!;
      const left = repository.images.filter(({ digest }) => decision.keep.has(digest));
      return [[repository.name, planLifecycle(repository, left, decision, keep)] as const];
    }),
  );
  return { keep, state, decisions: { revisions, images }, lifecycles, unused };
}

/** The same decision as things are by now: what has come into use meanwhile stays. */
export async function revisionsAgain(
  looking: Looking,
  { state, keep }: CleanupPlan,
): Promise<RevisionDecisions> {
  return decideAllRevisions(state, await neededNow(looking, state), keep);
}

/** The same decision as things are by now: what has come into use, or is named by now, stays. */
export async function imagesAgain(
  looking: Looking,
  { state, keep }: CleanupPlan,
): Promise<ImageDecisions> {
  const needed = await neededNow(looking, state);
  return decideAllImages(state, needed, decideAllRevisions(state, needed, keep), keep);
}

/** Whether there is anything to remove or to set. */
export function isToDo({ decisions, lifecycles }: CleanupPlan): boolean {
  return (
    [...decisions.revisions.values(), ...decisions.images.values()].some(
      ({ remove }) => remove.length > 0,
    ) || [...lifecycles.values()].some(({ set }) => set !== undefined)
  );
}
