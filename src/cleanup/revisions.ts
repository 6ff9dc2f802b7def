/** Who needs a revision of a task definition, and what for. */
export interface RevisionNeed {
  revision: number;
  /** "the service permits runs it". */
  why: string;
}

export interface RevisionDecision {
  /** In ascending order. */
  remove: number[];
  /** Why each of the others stays; one that is in use may be inactive already. */
  keep: Map<number, string[]>;
}

/**
 * Which of a family's active revisions nobody needs: all but the newest, those in use, and before
 * each of these one to go back to.
 */
export function decideRevisions(
  active: number[],
  needs: RevisionNeed[],
  keep: number,
): RevisionDecision {
  const newestFirst = active.toSorted((a, b) => b - a);
  const kept = new Map<number, string[]>();
  for (const revision of newestFirst.slice(0, keep)) note(kept, revision, newest(keep));
  for (const { revision, why } of needs) {
    note(kept, revision, why);
    const before = newestFirst.find((other) => other < revision);
    if (before !== undefined) note(kept, before, `to go back to from ${revision}`);
  }
  return { remove: newestFirst.filter((revision) => !kept.has(revision)).reverse(), keep: kept };
}

/** What is kept because of its age alone. */
export function newest(keep: number): string {
  return keep === 1 ? 'the newest' : `one of the newest ${keep}`;
}

/** Adds a reason, each once. */
export function note<Key>(reasons: Map<Key, string[]>, key: Key, why: string): void {
  const known = reasons.get(key) ?? [];
  if (!known.includes(why)) reasons.set(key, [...known, why]);
}
