import { UserError } from '../errors.ts';
import { differenceWords } from '../tasks/difference-words.ts';
import type { Plan, Step } from '../tasks/plan.ts';
import { type Check, fail, type Looking, pass, type Verdict, warn } from './check.ts';
import { initCluster } from './command-lines.ts';

/** @param planFor what `init-cluster` would do with what stands as the answers. */
export function driftCheck(planFor: (looking: Looking) => Promise<Plan>): Check {
  return {
    id: 'cluster.drift',
    group: 'Cluster',
    title: 'The cluster is as init-cluster made it',
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

/** What stands otherwise than wanted, a verdict for each resource. */
function driftOf({ steps }: Plan, mend: string): Verdict[] {
  const verdicts = steps.flatMap((step) => drifted(step, mend));
  return verdicts.length > 0 ? verdicts : [pass(`all ${steps.length} parts are as wanted`)];
}

function drifted({ resource, action, live, differences }: Step, mend: string): Verdict[] {
  if (action === 'keep') return [];
  const { name } = resource;
  if (action === 'create') return [fail(`${name}: it is gone.`, mend, name)];
  // A script's lines, too, in one.
  const changes = differences.map(differenceWords).join('; ').replace(/\s+/g, ' ').trim();
  return [warn(`${name} ${live?.id}: ${changes}.`, mend, name)];
}
