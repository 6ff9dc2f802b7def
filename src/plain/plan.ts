import type { Difference } from '../tasks/diff.ts';
import type { Plan, Step } from '../tasks/plan.ts';
import type { Page } from './style.ts';

const MARKS = {
  create: { mark: '+', colour: 'green' },
  change: { mark: '~', colour: 'yellow' },
  wait: { mark: '…', colour: 'cyan' },
} as const;

/** Shows what will happen, by the guide's sections; what is as wanted is only counted. */
export function showPlan(page: Page, plan: Plan): void {
  const todo = plan.steps.filter(({ action }) => action !== 'keep');
  page.line(page.style('bold', summary(plan)));
  let section = '';
  for (const step of todo) {
    if (step.resource.section !== section) {
      section = step.resource.section;
      page.line(page.style('dim', `\n${section}`));
    }
    showStep(page, step);
  }
  page.line();
}

function showStep(page: Page, step: Step): void {
  const { resource, live, differences } = step;
  const { mark, colour } = MARKS[kindOf(step)];
  const cost = resource.cost && step.action === 'create' ? `  $ ${resource.cost}` : '';
  const id = live ? `  ${page.style('dim', live.id)}` : '';
  page.wrapped(`${page.style(colour, mark)} ${resource.name}${id}${page.style('yellow', cost)}`, 2);
  if (step.action === 'create') page.wrapped(page.style('dim', resource.why), 4);
  for (const difference of differences) page.wrapped(tell(difference), 4);
}

function kindOf({ action, resource }: Step): keyof typeof MARKS {
  if (resource.waits) return 'wait';
  return action === 'change' ? 'change' : 'create';
}

function tell({ field, from, to }: Difference): string {
  if (Array.isArray(to) && from === undefined) return `${field}: add ${to.join(', ')}`;
  return `${field}: ${show(from)} → ${show(to)}`;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.map(show).join(', ') || 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function summary({ steps }: Plan): string {
  const count = (kind: string) =>
    steps.filter((step) => step.action !== 'keep' && kindOf(step) === kind).length;
  const kept = steps.filter(({ action }) => action === 'keep').length;
  const parts = [
    [count('create'), 'to create'],
    [count('change'), 'to change'],
    [count('wait'), 'to wait for'],
    [kept, 'as wanted'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map((part) => part.join(' '))
    .join(' · ');
}
