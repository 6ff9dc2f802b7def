import type { Progress, Result } from '../tasks/graph.ts';
import type { Plan } from '../tasks/plan.ts';
import type { AnyResource } from '../tasks/resource.ts';
import { SECTIONS, type Section } from '../tasks/sections.ts';

/** One resource of a run, as it stands at the moment. */
export interface Row {
  resource: AnyResource;
  state: 'waiting' | 'running' | Result['outcome'];
  /** What AWS is being waited for. */
  text?: string;
  /** When it began, in milliseconds of the process clock. */
  since?: number;
  result?: Result;
}

export interface RunState {
  rows: Row[];
  /** When the run began. */
  since: number;
}

/** All rows at the start; what is as wanted already counts as done. */
export function beginRun(plan: Plan, now: number): RunState {
  const rows = plan.steps.map(({ resource }): Row => ({ resource, state: 'waiting' }));
  return { rows, since: now };
}

/** The state after one more event. */
export function fold(state: RunState, progress: Progress, now: number): RunState {
  const rows = state.rows.map((row) =>
    row.resource === progress.resource ? after(row, progress, now) : row,
  );
  return { ...state, rows };
}

function after(row: Row, progress: Progress, now: number): Row {
  if (progress.state === 'started') return { ...row, state: 'running', since: now };
  if (progress.state === 'waiting') return { ...row, text: progress.text };
  return { ...row, state: progress.result.outcome, text: undefined, result: progress.result };
}

export function isDone({ result }: Row): boolean {
  return result !== undefined;
}

/** Whether it is done and there is something to show for it. */
export function stands({ result }: Row): boolean {
  return result !== undefined && !['failed', 'skipped'].includes(result.outcome);
}

/** The rows of each section that has any, in the guide's order. */
export function bySection({ rows }: RunState): { section: Section; rows: Row[] }[] {
  return SECTIONS.map((section) => ({
    section,
    rows: rows.filter(({ resource }) => resource.section === section),
  })).filter((group) => group.rows.length > 0);
}
