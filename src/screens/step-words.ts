import { stringify } from 'yaml';
import { verb } from '../commands/plan-words.ts';
import { span } from '../plain/style.ts';
import { differenceWords, show } from '../tasks/difference-words.ts';
import type { Env } from '../tasks/env.ts';
import type { Step } from '../tasks/plan.ts';
import { consoleUrl } from '../tasks/sections.ts';

const MARKS = {
  create: { mark: '+', colour: 'green' },
  change: { mark: '~', colour: 'yellow' },
  wait: { mark: '…', colour: 'cyan' },
  keep: { mark: '=', colour: undefined },
  later: { mark: '–', colour: undefined },
} as const;

const NEEDS_A_PERSON = { mark: '!', colour: 'yellow' };

export function markOf(step: Step): { mark: string; colour?: string } {
  return step.attention.length > 0 ? NEEDS_A_PERSON : MARKS[verb(step)];
}

/** Why, what exactly, what it costs, and where to read on. */
export function detailsOf(
  { resource, differences, remarks, attention, preview, chosen, wanted }: Step,
  env: Env,
): string[] {
  const console = consoleUrl(resource, env.region);
  return [
    resource.why,
    ...(chosen ? ['Yours: used as it is, never changed.'] : []),
    ...differences.map(differenceWords),
    ...attention,
    ...(differences.length === 0 && preview.length === 0 ? exactly(wanted) : []),
    ...remarks,
    ...(resource.cost ? [`Costs: ${resource.cost}`] : []),
    ...(resource.usually ? [`Takes usually ${span(resource.usually)}`] : []),
    ...(console ? [`Console: ${console}`] : []),
    `Read on: ${resource.docs}`,
  ];
}

/** The fields as they will be set, where they are known before anything is made. */
function exactly(wanted: object | undefined): string[] {
  return Object.entries(wanted ?? {}).flatMap(([field, value]) =>
    value instanceof Set
      ? [`${field}:`, ...[...value].map((item) => `  ${item}`)]
      : isObject(value)
        ? [
            `${field}:`,
            ...stringify(value, { lineWidth: 0 })
              .trimEnd()
              .split('\n')
              .map((line) => `  ${line}`),
          ]
        : [`${field}: ${show(value)}`],
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value?.constructor === Object;
}
