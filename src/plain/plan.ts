import type { Proposal } from '../commands/conversation.ts';
import { colourOf, summary, verb } from '../commands/plan-words.ts';
import { differenceWords } from '../tasks/difference-words.ts';
import type { Step } from '../tasks/plan.ts';
import { counted } from './cleanup-words.ts';
import { ACCENT, type Page } from './style.ts';

/**
 * Shows what will happen, by the guide's sections; what is as wanted is only counted.
 * @param inFull new files, too, line by line: for those who agree to them, or look.
 */
export function showPlan(page: Page, { plan, inShort }: Proposal, inFull: boolean): void {
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
    const isNewFile = step.resource.section === 'App Repository' && step.action === 'create';
    showStep(page, step, inFull || !isNewFile);
  }
  page.line();
}

function showStep(page: Page, step: Step, inFull: boolean): void {
  page.row({
    start: `  ${page.style(ACCENT, verb(step).padEnd(6))}  `,
    name: step.resource.name,
    rest: inFull ? restOf(step) : linesOf(step),
    format: 'dim',
  });
  if (!inFull) return;
  for (const line of step.preview) page.line(`    ${page.style(colourOf(line) ?? 'dim', line)}`);
}

/** "new, 27 lines". */
function linesOf({ preview }: Step): string {
  return `new, ${counted(preview.filter((line) => colourOf(line) === 'green').length, 'line')}`;
}

function restOf(step: Step): string[] {
  const { resource, live, action, differences, remarks, attention, postponed } = step;
  if (postponed) return [postponed];
  if (action === 'create') return [resource.why, resource.cost ? `Cost: ${resource.cost}.` : ''];
  const changes = action === 'change' ? [...differences.map(differenceWords), ...remarks] : [];
  const id = live!.id === resource.name ? [] : [live!.id];
  return [...id, ...changes, ...attention];
}
