import { distance } from 'fastest-levenshtein';

/** The candidate at most a third of the word's letters away, for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(1, word.length / 3) ? best.candidate : undefined;
}
