import type { Difference } from '../tasks/diff.ts';
import type { Plan, Step } from '../tasks/plan.ts';

type Verb = 'create' | 'change' | 'keep' | 'wait' | 'later';

/** "create", "change", "keep", "wait" for what AWS does by itself, or "later" for what is left out. */
export function verb({ action, resource, postponed }: Step): Verb {
  if (postponed) return 'later';
  if (resource.waits && action !== 'keep') return 'wait';
  return action;
}

/** "retention: none → 90". */
export function differenceWords({ field, from, to }: Difference): string {
  if (to === 'the new one') return `${field}: ${to}`;
  if (Array.isArray(to) && from === undefined) return `${field}: add ${to.join(', ')}`;
  return `${field}: ${show(from)} → ${show(to)}`;
}

/** Of a line of what will be written: what is added, and what goes. */
export function colourOf(line: string): 'green' | 'red' | undefined {
  if (line.startsWith('+') && !line.startsWith('+++')) return 'green';
  return line.startsWith('-') && !line.startsWith('---') ? 'red' : undefined;
}

/** A value as a person would say it. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.map(show).join(', ') || 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
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
