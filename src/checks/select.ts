import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Check, Group } from './check.ts';

type Named = Pick<Check, 'id' | 'group'>;

/** Which checks are meant, in a person's words: ids, beginnings of ids, or groups. */
export interface Selection {
  only?: string[];
  skip?: string[];
}

/** How a group is written on a command line: "load-balancer". */
export function slugOf(group: Group): string {
  return group.toLowerCase().replaceAll(' ', '-');
}

/** Whether a check is among those meant. */
export function isSelected(check: Named, { only, skip = [] }: Selection): boolean {
  const isMeant = (word: string) => means(word, check);
  return (!only || only.some(isMeant)) && !skip.some(isMeant);
}

/**
 * Splits and checks what was given for --only or --skip.
 * @throws UserError for what means no check, with the nearest that does.
 */
export function wordsOf(flag: string, given: string[], checks: Named[]): string[] {
  const words = given.flatMap((one) => one.split(',')).map((word) => word.trim());
  for (const word of words) {
    if (!checks.some((check) => means(word, check))) throw unknown(flag, word, checks);
  }
  return words;
}

/** "network" is a group as well as the beginning of "network.route", "network.ro" is neither. */
function means(word: string, { id, group }: Named): boolean {
  const wanted = word.toLowerCase().replaceAll(' ', '-');
  return wanted === slugOf(group) || id === wanted || id.startsWith(`${wanted}.`);
}

function unknown(flag: string, word: string, checks: Named[]): UserError {
  const groups = [...new Set(checks.map(({ group }) => slugOf(group)))];
  const near = nearest(word.toLowerCase(), [...groups, ...checks.map(({ id }) => id)]);
  return new UserError(
    `${flag}: there is no check or group ${word || '“”'}.`,
    near
      ? `Did you mean ${near}?`
      : `The groups are ${groups.join(', ')}; docs/checks.md lists all.`,
  );
}
