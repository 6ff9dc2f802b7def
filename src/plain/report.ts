import type { Report } from '../commands/conversation.ts';
import { withoutSecrets } from '../mask.ts';
import type { Difference } from '../tasks/diff.ts';
import type { Outcome } from '../tasks/graph.ts';
import { duration, type Page } from './style.ts';

/** Shows how a run ended: what stands, what to copy, what to do next. */
export function showReport(page: Page, report: Report): void {
  const { dryRun, results, outputs, notes, interrupted } = report;
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (dryRun) {
    const isToDo = report.plan.steps.some(({ action }) => action !== 'keep');
    for (const note of notes) page.wrapped(`• ${note}`, { hanging: 2 });
    showAttention(page, report);
    page.line(`A dry run: nothing was changed.${isToDo ? ' Leave out --dry-run to do this.' : ''}`);
    return;
  }
  page.line();
  page.wrapped(headline(report), { format: 'bold' });
  for (const { resource, error } of failed) {
    page.line();
    page.wrapped(`${resource.name}: ${error?.answer}`, { hanging: 2 });
    if (error?.fix) page.wrapped(error.fix, { indent: 2 });
  }
  if (results.every(({ error }) => !error) && Object.keys(outputs.values).length > 0) {
    page.wrapped(`\n${outputs.title}\n`);
    for (const [name, value] of Object.entries(outputs.values)) page.line(`  ${name}=${value}`);
    if (outputs.lines) page.wrapped('\nSet there by these lines:\n');
    for (const line of outputs.lines ?? []) page.line(`  ${line}`);
  }
  if (notes.length > 0) page.line();
  for (const note of notes) page.wrapped(`• ${note}`, { hanging: 2 });
  showAttention(page, report);
  if (failed.length === 0 && !interrupted) return;
  page.wrapped('\nWhat stands is kept: the same command carries on from here.');
  if (failed.length > 0) page.line(`Log: ${report.log}`);
}

/** Without these all is as wanted; with them the exit code is not 0. */
function showAttention(page: Page, { attention }: Report): void {
  if (attention.length === 0) return;
  page.wrapped('\nThis needs you:', { format: 'bold' });
  for (const sentence of attention) page.wrapped(`! ${sentence}`, { hanging: 2 });
}

function headline({ results, interrupted, calls, seconds, sandbox }: Report): string {
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
  return `${start}${sandbox ? ' in the SANDBOX' : ''}: ${counts.join(', ')}; ${calls.total} calls (${calls.changing} changing), ${duration(seconds)}.`;
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
        differences: differences.length > 0 ? differences.map(told) : undefined,
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
    outputs: outputs.values,
    notes: report.notes,
    attention: report.attention,
    calls,
    seconds: round(seconds),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** As its words tell it. */
function told(difference: Difference): Difference {
  const text = JSON.stringify(difference, (_, value) =>
    typeof value === 'string' ? withoutSecrets(value) : value,
  );
  return JSON.parse(text);
}
