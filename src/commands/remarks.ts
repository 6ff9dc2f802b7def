import type { Result } from '../tasks/graph.ts';
import { attentionOf, livesOf, needsOf, type Plan, remarksOf } from '../tasks/plan.ts';
import type { AnyResource } from '../tasks/resource.ts';

/** What is to be said of the resources, a sentence each: after a dry run by the plan, else as they stand now. */
export async function remarks(plan: Plan, results: Result[]): Promise<string[]> {
  if (results.length > 0) return remarksAfter(plan, results);
  return plan.steps.flatMap(({ resource, remarks }) => remarks.map(say(resource)));
}

/** One change may alter what is to be said of another resource, so each that has remarks is looked at again. */
async function remarksAfter({ env }: Plan, results: Result[]): Promise<string[]> {
  const lives = livesOf(results);
  const hasChanged = results.some(({ outcome }) => outcome === 'create' || outcome === 'change');
  const remarks = await Promise.all(
    results.map(async ({ resource, live, error }) => {
      if (!live || error) return [];
      const isFresh = !resource.remarks || !hasChanged || env.signal.aborted;
      const now = isFresh ? live : ((await resource.read(env).catch(() => undefined)) ?? live);
      return remarksOf(resource, env, now, needsOf(resource, lives)).map(say(resource));
    }),
  );
  return remarks.flat();
}

function say({ name }: AnyResource): (remark: string) => string {
  return (remark) => `${name}: ${remark}.`;
}

/** What was left alone because a person must decide; after a dry run what will be. */
export function attention({ env, steps }: Plan, results: Result[]): string[] {
  if (results.length === 0) return steps.flatMap((step) => step.attention);
  const lives = livesOf(results);
  return results.flatMap(({ resource, live, error }) =>
    live && !error ? attentionOf(resource, env, live, needsOf(resource, lives)) : [],
  );
}
