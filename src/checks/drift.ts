import { explain } from '../aws/errors.ts';
import { StepFailed, UserError } from '../errors.ts';
import { differences } from '../tasks/diff.ts';
import { differenceWords } from '../tasks/difference-words.ts';
import { needsOf, type Plan, type Step } from '../tasks/plan.ts';
import type { AnyResource, Live } from '../tasks/resource.ts';
import { type Check, fail, type Looking, pass, skip, type Verdict, warn } from './check.ts';
import { initCluster } from './command-lines.ts';

/** What could be judged of the cluster, and what not. */
export interface Judged extends Plan {
  /** What could not be looked for, with the error. */
  unread: [AnyResource, unknown][];
  /** What follows from those. */
  unjudged: AnyResource[];
}

/** @param planFor what `init-cluster` would do with what stands as the answers. */
export function driftCheck(planFor: (looking: Looking) => Promise<Judged>): Check {
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
        const judged = await planFor(looking);
        const [first] = judged.unread;
        if (first && judged.steps.length === 0) throw first[1];
        return [...driftOf(judged, mend), ...unreadOf(judged)];
      } catch (error) {
        if (error instanceof UserError) return fail(error.message, error.fix ?? mend);
        throw error;
      }
    },
  };
}

/** One for each reason: without a connection it is the same for all. */
function unreadOf({ unread, unjudged }: Judged): Verdict[] {
  const names = (all: AnyResource[]) => all.map(({ name }) => name).join(', ');
  const reasons = unread.map(([resource, error]) => ({ resource, ...explain(causeOf(error)) }));
  const verdicts = [...Map.groupBy(reasons, ({ answer }) => unnumbered(answer)).values()].map(
    (those) => {
      const { answer, fix } = those[0]!;
      const which = names(those.map(({ resource }) => resource));
      return { ...skip(`${which}: could not look: ${answer}`), fix };
    },
  );
  if (unjudged.length === 0) return verdicts;
  return [
    ...verdicts,
    skip(`Not judged, as they follow from what could not be looked at: ${names(unjudged)}.`),
  ];
}

/** Without the number that each request has of its own. */
function unnumbered(answer: string): string {
  return answer.replace(/ \(request [^)]*\)/, '');
}

/** What AWS answered, without which of our parts it was about. */
function causeOf(error: unknown): unknown {
  return error instanceof StepFailed ? (error.cause ?? error) : error;
}

/** What stands otherwise than wanted, a verdict for each field. */
function driftOf({ env, steps, unread }: Judged, mend: string): Verdict[] {
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
  return verdicts.length > 0
    ? verdicts
    : [
        pass(
          `all ${steps.length} parts${unread.length > 0 ? ' that could be judged' : ''} are as wanted`,
        ),
      ];
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
