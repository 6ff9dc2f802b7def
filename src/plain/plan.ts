import type { Proposal } from '../commands/conversation.ts';
import { colourOf, summary, verb } from '../commands/plan-words.ts';
import { differenceWords } from '../tasks/difference-words.ts';
import type { Step } from '../tasks/plan.ts';
import { ACCENT, type Page } from './style.ts';

/** Shows what will happen, by the guide's sections; what is as wanted is only counted. */
export function showPlan(page: Page, { plan, inShort }: Proposal): void {
  page.line();
  page.wrapped(summary(plan), { format: 'bold' });
  if (plan.steps.some(({ action }) => action !== 'keep')) {
    page.line();
    for (const line of inShort) page.wrapped(line, { indent: 2, hanging: 13 });
  }
  let section = '';
  for (const step of plan.steps) {
    if (verb(step) === 'keep' && step.attention.length === 0) continue;
    if (step.resource.section !== section) {
      section = step.resource.section;
      page.line(`\n${section}`);
    }
    showStep(page, step);
  }
  page.line();
}

function showStep(page: Page, step: Step): void {
  page.row({
    start: `  ${page.style(ACCENT, verb(step).padEnd(6))}  `,
    name: step.resource.name,
    rest: restOf(step),
    format: 'dim',
  });
  for (const line of step.preview) page.line(`    ${page.style(colourOf(line) ?? 'dim', line)}`);
}

function restOf(step: Step): string[] {
  const { resource, live, action, differences, remarks, attention, postponed } = step;
  if (postponed) return [postponed];
  if (action === 'create') return [resource.why, resource.cost ? `Cost: ${resource.cost}.` : ''];
  const changes = action === 'change' ? [...differences.map(differenceWords), ...remarks] : [];
  const id = live!.id === resource.name ? [] : [live!.id];
  return [...id, ...changes, ...attention];
}
