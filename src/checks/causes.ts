import type { Finding } from './examine.ts';

/**
 * What follows from what: where the first does not hold, the others cannot. Only the nearest are
 * named; what follows from those follows from the first, too.
 */
export const CAUSES: Record<string, string[]> = {};

/** A finding that follows from no other, with all that follows from it. */
export interface Cause {
  finding: Finding;
  follows: Finding[];
}

/** The deepest causes first: those that explain the most. */
export function causesOf(findings: Finding[], causes = CAUSES): Cause[] {
  const wrong = findings.filter(({ status }) => status === 'fail');
  const below = new Map(wrong.map((finding) => [finding, following(finding, wrong, causes)]));
  const explained = new Set([...below.values()].flatMap((follows) => [...follows]));
  return wrong
    .filter((finding) => !explained.has(finding))
    .map((finding) => ({ finding, follows: [...below.get(finding)!] }))
    .sort((a, b) => b.follows.length - a.follows.length);
}

/** Also through what holds by itself: a chain is not broken by a link that could not be looked at. */
function following(
  { check, app }: Finding,
  wrong: Finding[],
  causes: Record<string, string[]>,
): Set<Finding> {
  const reached = new Set<string>();
  const todo = [...(causes[check.id] ?? [])];
  for (let id = todo.pop(); id; id = todo.pop()) {
    if (reached.has(id) || id === check.id) continue;
    reached.add(id);
    todo.push(...(causes[id] ?? []));
  }
  // What is wrong with one app explains nothing of another.
  const isNear = (other: Finding) => app === undefined || app === other.app;
  return new Set(wrong.filter((other) => reached.has(other.check.id) && isNear(other)));
}
