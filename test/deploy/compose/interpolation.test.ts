// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how compose files name variables
import { expect, test } from 'vitest';
import { interpolate } from '../../../src/deploy/compose/interpolation.ts';

const variables = { A: 'a', EMPTY: '', UNSET: undefined, DOLLAR: '$A' };
const put = (text: string) =>
  interpolate(text, variables, (says, fix) => new Error(`${says}. ${fix}`) as never);

test.each([
  ['plain', 'plain'],
  ['$A', 'a'],
  ['${A}', 'a'],
  ['<$A-${A}>', '<a-a>'],
  ['$A_', undefined],
  ['${EMPTY}', ''],
  ['${DOLLAR}', '$A'],

  ['${A:-b}', 'a'],
  ['${EMPTY:-b}', 'b'],
  ['${UNSET:-b}', 'b'],
  ['${A-b}', 'a'],
  ['${EMPTY-b}', ''],
  ['${UNSET-b}', 'b'],
  ['${UNSET-}', ''],
  ['${UNSET:-a:-b}', 'a:-b'],
  ['${UNSET:-<$A>}', '<a>'],
  ['${UNSET:-${OTHER:-${A}}}!', 'a!'],
  ['${A:-${OTHER}}', 'a'],
  ['${UNSET:-$$}', '$'],

  ['${A:+b}', 'b'],
  ['${EMPTY:+b}', ''],
  ['${UNSET:+b}', ''],
  ['${EMPTY+b}', 'b'],
  ['${UNSET+b}', ''],
  ['${UNSET+${OTHER}}', ''],

  ['${A:?needed}', 'a'],
  ['${EMPTY?needed}', ''],

  ['$$A $${A} $$', '$A ${A} $'],
  ['100$ $5 ^a$', '100$ $5 ^a$'],
  ['$', '$'],
])('%s is %s', (text, value) => {
  if (value === undefined) expect(() => put(text)).toThrow('A_');
  else expect(put(text)).toBe(value);
});

test.each([
  [
    '${UNSET}',
    'the variable UNSET is not set. Set it where you deploy, or write ${UNSET:-value} for a value to take then.',
  ],
  ['$OTHER', 'the variable OTHER is not set.'],
  ['${UNSET:-${OTHER}}', 'the variable OTHER is not set.'],
  ['${UNSET:?is $A needed}', 'the variable UNSET is not set: is a needed.'],
  ['${UNSET?needed}', 'the variable UNSET is not set: needed.'],
  ['${EMPTY:?needed}', 'the variable EMPTY is empty: needed.'],
  ['${constructor}', 'the variable constructor is not set.'],
  [
    '${}',
    'what follows “${” is no name of a variable. Write ${NAME} for a variable, and $$ for a dollar sign.',
  ],
  ['${1}', 'what follows “${” is no name'],
  ['${A/a/b}', 'what follows “${” is no name'],
  ['${A', 'what follows “${” is no name'],
  ['${A:-b', 'a “${” is never closed'],
  ['${A:-${B}', 'a “${” is never closed'],
])('%s is refused', (text, says) => {
  expect(() => put(text)).toThrow(says);
});
