import type { Difference } from '../tasks/diff.ts';
import type { Plan, Step } from '../tasks/plan.ts';
import { ACCENT, type Page } from './style.ts';

/** Shows what will happen, by the guide's sections; what is as wanted is only counted. */
export function showPlan(page: Page, plan: Plan): void {
  page.line();
  page.wrapped(summary(plan), { format: 'bold' });
  let section = '';
  for (const step of plan.steps) {
    if (step.action === 'keep') continue;
    if (step.resource.section !== section) {
      section = step.resource.section;
      page.line(`\n${section}`);
    }
    showStep(page, step);
  }
  page.line();
}

function showStep(page: Page, step: Step): void {
  const { resource, live, action, differences } = step;
  const cost = resource.cost && `Cost: ${resource.cost}.`;
  page.row({
    start: `  ${page.style(ACCENT, verb(step).padEnd(6))}  `,
    name: resource.name,
    rest: action === 'create' ? [resource.why, cost ?? ''] : [live!.id, ...differences.map(tell)],
    format: 'dim',
  });
}

function verb({ action, resource }: Step): string {
  if (resource.waits) return 'wait';
  return action;
}

function tell({ field, from, to }: Difference): string {
  if (to === 'the new one') return `${field}: ${to}`;
  if (Array.isArray(to) && from === undefined) return `${field}: add ${to.join(', ')}`;
  return `${field}: ${show(from)} → ${show(to)}`;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.map(show).join(', ') || 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function summary({ steps }: Plan): string {
  const count = (kind: string) => steps.filter((step) => verb(step) === kind).length;
  const waits = steps.filter((step) => step.action !== 'keep' && step.resource.waits).length;
  const kept = steps.filter(({ action }) => action === 'keep').length;
  if (kept === steps.length) return `All ${kept} are as wanted: there is nothing to change.`;
  const parts = [
    [count('create'), 'to create'],
    [count('change'), 'to change'],
    [waits, 'to wait for'],
    [kept, 'as wanted'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map((part) => part.join(' '))
    .join(', ');
}
