import type { Report } from '../commands/conversation.ts';
import type { Outcome } from '../tasks/graph.ts';
import { duration, type Page } from './style.ts';

/** Shows how a run ended: what stands, what to copy, what to do next. */
export function showReport(page: Page, report: Report): void {
  const { dryRun, results, outputs, notes } = report;
  if (dryRun) {
    page.line('A dry run: nothing was changed. Leave out --dry-run to do this.');
    return;
  }
  page.line();
  page.line(page.style('bold', headline(report)));
  if (results.every(({ error }) => !error)) {
    page.line('\nVariables for Travis CI, the same for every app (public):\n');
    for (const [name, value] of Object.entries(outputs)) page.line(`  ${name}=${value}`);
  }
  if (notes.length > 0) page.line();
  for (const note of notes) page.wrapped(`• ${note}`);
  if (results.some(({ outcome }) => outcome === 'failed')) {
    page.line(`\nLog: ${report.log}`);
    page.line('What stands is kept: the same command carries on from here.');
  } else if (report.interrupted) {
    page.line('\nWhat stands is kept: the same command carries on from here.');
  }
}

function headline({ results, interrupted, calls, seconds }: Report): string {
  const count = (...outcomes: Outcome[]) =>
    results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const parts = [
    [count('create'), 'created'],
    [count('change'), 'changed'],
    [count('keep'), 'as wanted'],
    [count('failed'), 'failed'],
    [count('skipped'), 'skipped'],
  ] as const;
  const counts = parts.filter(([number]) => number > 0).map((part) => part.join(' '));
  const start = interrupted ? 'Stopped' : count('failed') > 0 ? 'Not done' : 'Done';
  return `${start}: ${counts.join(', ')}; ${calls.total} calls (${calls.changing} changing), ${duration(seconds)}.`;
}

/** The same for programs: one JSON document. */
export function reportDocument(report: Report): object {
  const { command, account, region, endpoint, plan, results, outputs, calls, seconds } = report;
  const resources = report.dryRun
    ? plan.steps.map(({ resource, action, live, differences }) => ({
        section: resource.section,
        name: resource.name,
        action: resource.waits ? 'keep' : action,
        id: live?.id,
        seconds: 0,
        differences: differences.length > 0 ? differences : undefined,
      }))
    : results.map(({ resource, outcome, live, seconds: took, error }) => ({
        section: resource.section,
        name: resource.name,
        action: outcome,
        id: live?.id,
        seconds: round(took),
        error: error && [error.answer, error.fix].filter(Boolean).join(' '),
      }));
  return {
    command,
    account,
    region,
    endpoint,
    resources,
    outputs,
    notes: report.notes,
    calls,
    seconds: round(seconds),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
