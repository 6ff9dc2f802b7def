import { expect, test } from 'vitest';
import { lineOf, showChanges, showDiagnosis } from '../../src/plain/doctor-lines.ts';
import { onTerminals, written } from '../support/written.ts';
import { blind, broken, healthy, twoCauses, uncertain } from './fakes.ts';

test.each(Object.entries({ healthy, uncertain, broken, twoCauses, blind }))(
  'what was found, in plain lines: %s',
  async (name, diagnosis) => {
    const pages = onTerminals((page) => showDiagnosis(page, diagnosis));
    await expect(pages).toMatchFileSnapshot(`golden/plain-${name}.txt`);
  },
);

test('while one watches only what changes is said', () => {
  expect(written((page) => showChanges(page, broken, broken))).toBe('');
  const changes = written((page) => showChanges(page, healthy, broken));
  expect(changes).toContain('06:31:07  ✖ Subnets have no way out\n            rtb-07c2f9');
  expect(changes).not.toContain('The ECS cluster is there');
});

test('a check that cannot tell says why, and what would help', () => {
  const [untold] = blind.findings;
  expect(written((page) => lineOf(page, untold!, 'The quotas leave room'))).toBe(
    '  – The quotas leave room: could not look: you may not call it.\n    Try: Ask for it.\n',
  );
});
