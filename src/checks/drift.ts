import { UserError } from '../errors.ts';
import { differences } from '../tasks/diff.ts';
import { differenceWords } from '../tasks/difference-words.ts';
import { needsOf, type Plan, type Step } from '../tasks/plan.ts';
import type { AnyResource, Live } from '../tasks/resource.ts';
import { type Check, fail, type Looking, pass, type Verdict, warn } from './check.ts';
import { initCluster } from './command-lines.ts';

/** @param planFor what `init-cluster` would do with what stands as the answers. */
export function driftCheck(planFor: (looking: Looking) => Promise<Plan>): Check {
  return {
    id: 'cluster.drift',
    group: 'Cluster',
    title: 'The cluster is as init-cluster made it',
    problem: 'The cluster is not as init-cluster made it',
    why: 'What was changed or deleted by hand is seldom meant to stay so, and hard to find later.',
    fix: '`digital-apps init-cluster` shows what it would change, and changes it when you agree.',
    isMendable: true,
    async look(looking) {
      const mend = initCluster(looking);
      try {
        return driftOf(await planFor(looking), mend);
      } catch (error) {
        if (error instanceof UserError) return fail(error.message, error.fix ?? mend);
        throw error;
      }
    },
  };
}

/** What stands otherwise than wanted, a verdict for each field. */
function driftOf({ env, steps }: Plan, mend: string): Verdict[] {
  const lives = new Map(steps.map(({ resource, live }) => [resource, live]));
  const verdicts = steps.flatMap((step) => {
    const { resource, action, live } = step;
    if (action === 'keep') return [];
    const { name } = resource;
    if (!live) {
      return { ...fail(`${name}: it is gone.`, mend, name), part: { resource, field: 'id' } };
    }
    return changesOf(step, env, lives).map((change) => {
      // A script's lines, too, in one.
      const says = differenceWords(change).replace(/\s+/g, ' ').trim();
      return {
        ...warn(`${name} ${live.id}: ${says}.`, mend, name),
        part: { resource, field: change.field },
      };
    });
  });
  return verdicts.length > 0 ? verdicts : [pass(`all ${steps.length} parts are as wanted`)];
}

/**
 * Compared with what stands of what it needs. That it will change with a need which is to change,
 * or to be made again, is no drift of its own.
 */
function changesOf(
  { resource, live }: Step,
  env: Plan['env'],
  lives: Map<AnyResource, Live | undefined>,
) {
  const needs: AnyResource[] = Object.values(resource.needs);
  const isComparable = needs.every((need) => lives.get(need) || !lives.has(need));
  if (!isComparable) return [];
  return differences(live!, resource.wanted(env, needsOf(resource, lives), live));
}
