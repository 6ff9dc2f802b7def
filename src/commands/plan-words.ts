import type { Plan, Step } from '../tasks/plan.ts';

type Verb = 'create' | 'change' | 'keep' | 'wait' | 'later';

/** "create", "change", "keep", "wait" for what AWS does by itself, or "later" for what is left out. */
export function verb({ action, resource, postponed }: Step): Verb {
  if (postponed) return 'later';
  if (resource.waits && action !== 'keep') return 'wait';
  return action;
}

/** Of a line of what will be written: what is added, and what goes. */
export function colourOf(line: string): 'green' | 'red' | undefined {
  if (line.startsWith('+') && !line.startsWith('+++')) return 'green';
  return line.startsWith('-') && !line.startsWith('---') ? 'red' : undefined;
}

/** "24 to create, 2 to wait for". */
export function summary({ steps }: Plan): string {
  const count = (kind: string) => steps.filter((step) => verb(step) === kind).length;
  const waits = steps.filter((step) => step.action !== 'keep' && step.resource.waits).length;
  const kept = count('keep');
  if (kept === steps.length) return `All ${kept} are as wanted: there is nothing to change.`;
  const parts = [
    [count('create'), 'to create'],
    [count('change'), 'to change'],
    [waits, 'to wait for'],
    [count('later'), 'left for later'],
    [kept, 'as wanted'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map((part) => part.join(' '))
    .join(', ');
}
