import { span } from '../plain/style.ts';
import type { AnyResource, Needs } from '../tasks/resource.ts';
import { bySection, isDone, type Row, type RunState, stands } from './run-state.ts';

/** One line of the run's screen: a section that is folded, its heading, or a resource. */
export interface Line {
  name: string;
  indent: boolean;
  state: 'waiting' | 'running' | 'done' | 'failed';
  mark: string;
  colour?: string;
  text: string;
  seconds?: number;
  details: string[];
}

/** Sections that are over or have not begun are one line each; those under way show their resources. */
export function linesOf(run: RunState, now: number): Line[] {
  return bySection(run).flatMap(({ section, rows }) => {
    const isActive = rows.some(({ state }) => state === 'running' || state === 'failed');
    if (!isActive) return [folded(section, rows, run)];
    return [heading(section, rows), ...rows.filter(isWorthALine).map((row) => lineOf(row, now))];
  });
}

function isWorthALine({ state }: Row): boolean {
  return state !== 'keep';
}

function folded(section: string, rows: Row[], run: RunState): Line {
  const isOver = rows.every(isDone);
  const skipped = rows.filter(({ state }) => state === 'skipped').length;
  const timed = rows
    .filter(({ state }) => state !== 'keep')
    .map(({ result }) => result?.seconds ?? 0);
  const seconds = timed.length > 0 ? Math.max(...timed) : undefined;
  const details = rows.map(({ resource, result, state }) =>
    [resource.name, result?.live?.id ?? wordFor(state)].join(': '),
  );
  const base = { name: section, indent: false, details };
  if (!isOver) return { ...base, state: 'waiting', mark: '○', text: waits(rows, run) };
  if (skipped > 0) return { ...base, state: 'done', mark: '–', text: `${skipped} skipped` };
  const text = rows.length === 1 ? (rows[0]?.result?.live?.id ?? '') : counts(rows);
  return { ...base, state: 'done', mark: '✔', colour: 'green', text, seconds };
}

function heading(section: string, rows: Row[]): Line {
  const done = rows.filter(stands).length;
  return {
    name: section,
    indent: false,
    state: 'done',
    mark: '◦',
    text: `${done} of ${rows.length}`,
    details: [],
  };
}

function lineOf({ resource, state, text = '', since, result }: Row, now: number): Line {
  const details = [
    resource.why,
    ...(state === 'running' && text ? [text] : []),
    ...(resource.usually ? [`Takes usually ${span(resource.usually)}`] : []),
    ...(result?.error ? [result.error.answer, result.error.fix ?? ''] : []),
    ...(result?.live ? [result.live.id] : []),
  ].filter(Boolean);
  const base = { name: resource.name, indent: true, details };
  if (state === 'running') {
    return {
      ...base,
      state,
      mark: '◐',
      colour: 'cyan',
      text,
      seconds: (now - (since ?? now)) / 1000,
    };
  }
  if (state === 'waiting') return { ...base, state, mark: '○', text: 'waits' };
  if (state === 'failed') {
    return { ...base, state, mark: '✖', colour: 'red', text: result?.error?.answer ?? '' };
  }
  const isSkipped = state === 'skipped';
  return {
    ...base,
    state: 'done',
    mark: isSkipped ? '–' : '✔',
    colour: isSkipped ? undefined : 'green',
    text: isSkipped
      ? (result?.error?.answer ?? result?.postponed ?? 'skipped')
      : (result?.live?.id ?? ''),
    seconds: result?.seconds,
  };
}

/** What holds a section up: the first need outside of it that does not stand yet. */
function waits(rows: Row[], run: RunState): string {
  const own = new Set(rows.map(({ resource }) => resource));
  const undone = new Set(run.rows.filter((row) => !isDone(row)).map(({ resource }) => resource));
  const first = rows
    .flatMap(({ resource }): AnyResource[] => [
      ...Object.values(resource.needs as Needs),
      ...(resource.after ?? []),
    ])
    .find((need) => undone.has(need) && !own.has(need));
  return first ? `waits for ${first.name}` : 'waits';
}

/** "3 created, 1 as wanted". */
function counts(rows: Row[]): string {
  const count = (outcome: Row['state']) => rows.filter(({ state }) => state === outcome).length;
  const parts = [
    [count('create'), 'created'],
    [count('change'), 'changed'],
    [count('keep'), 'as wanted'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map((part) => part.join(' '))
    .join(', ');
}

/** The column of names is as wide as the longest, as far as there is room beside it. */
export function nameWidthOf(lines: Line[], width: number): number {
  const longest = Math.max(...lines.map(({ name, indent }) => name.length + (indent ? 2 : 0)));
  return Math.min(longest, Math.floor(width * 0.45));
}

function wordFor(state: Row['state']): string {
  return state === 'keep' ? 'as wanted' : state;
}
