import { colourOf, verb } from '../commands/plan-words.ts';
import type { Plan, Step } from '../tasks/plan.ts';
import { prose } from './prose.ts';
import { detailsOf } from './step-words.ts';

/** A line of the review: a section's heading, a resource, or a line of what is to be known of it. */
export interface PlanLine {
  key: string;
  /** Absent in a heading. */
  step?: Step;
  text: string;
  isDetail: boolean;
  /** Of what is added or goes. */
  colour?: string;
}

/** What changes first, in the guide's order; then what stays. */
export function planLines(plan: Plan, open: Set<Step>, width: number): PlanLine[] {
  const isKept = (step: Step) => verb(step) === 'keep' && step.attention.length === 0;
  const steps = [...plan.steps.filter((step) => !isKept(step)), ...plan.steps.filter(isKept)];
  let last = '';
  return steps.flatMap((step) => {
    const { section, name } = step.resource;
    const heading = isKept(step) ? 'As wanted' : section;
    const headings = heading === last ? [] : [{ key: heading, text: heading, isDetail: false }];
    last = heading;
    const details = open.has(step)
      ? detailsOf(step, plan.env).flatMap((text) => prose(text, width - DETAIL))
      : [];
    return [
      ...headings,
      { key: `${heading} ${name}`, step, text: name, isDetail: false },
      ...details.map((text, index) => ({
        ...{ key: `${heading} ${name} ${index}`, step, text, isDetail: true },
      })),
      // What is written is code: no line of it is broken.
      ...(open.has(step) ? step.preview : []).map((text, index) => ({
        ...{ key: `${heading} ${name} preview ${index}`, step, text: text.replaceAll('\t', '  ') },
        ...{ isDetail: true, colour: colourOf(text) },
      })),
    ];
  });
}

/** Columns before a detail. */
const DETAIL = 6;
