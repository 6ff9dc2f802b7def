import { GROUPS } from '../checks/check.ts';
import { keyOf } from '../checks/diagnosis.ts';
import type { Examination, Finding } from '../checks/examine.ts';

/** One group of checks, as far as they have come. */
export interface BoardLine {
  group: string;
  mark: string;
  colour?: string;
  /** "3 of 7", and how many are not well. */
  text: string;
  isDone: boolean;
  /** What is not well in it, title by title. */
  wrong: Finding[];
}

/** A line a group, in the report's order. */
export function boardLines(examinations: Examination[], findings: Finding[]): BoardLine[] {
  const found = new Map(findings.map((finding) => [keyOf(finding), finding]));
  return GROUPS.flatMap((group) => {
    const own = examinations.filter(({ check }) => check.group === group);
    if (own.length === 0) return [];
    const done = own.flatMap((one) => found.get(keyOf(one)) ?? []);
    return [lineOf(group, own.length, done)];
  });
}

function lineOf(group: string, all: number, done: Finding[]): BoardLine {
  const having = (status: Finding['status']) => done.filter((one) => one.status === status);
  const [failed, warned, skipped] = [having('fail'), having('warn'), having('skip')];
  const isDone = done.length === all;
  const counts = [
    isDone ? String(all) : `${done.length} of ${all}`,
    ...(failed.length > 0 ? [`${failed.length} ✖`] : []),
    ...(warned.length > 0 ? [`${warned.length} !`] : []),
    ...(isDone && skipped.length > 0 ? [`${skipped.length} –`] : []),
  ];
  const line = { group, text: counts.join(' · '), isDone, wrong: [...failed, ...warned] };
  if (failed.length > 0) return { ...line, mark: '✖', colour: 'red' };
  if (warned.length > 0) return { ...line, mark: '!', colour: 'yellow' };
  if (!isDone) return { ...line, mark: '○' };
  return skipped.length === all ? { ...line, mark: '–' } : { ...line, mark: '✔', colour: 'green' };
}
