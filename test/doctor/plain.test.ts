import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { lineOf, showChanges, showDiagnosis } from '../../src/plain/doctor-lines.ts';
import { Page } from '../../src/plain/style.ts';
import { blind, broken, healthy, twoCauses, uncertain } from './fakes.ts';

/** What is written to a terminal of so many columns, or to a pipe. */
function written(show: (page: Page) => void, columns?: number): string {
  const stream = new PassThrough();
  Object.assign(stream, { columns, isTTY: columns !== undefined });
  show(new Page(stream as unknown as NodeJS.WriteStream));
  return stream.read()?.toString() ?? '';
}

test.each(Object.entries({ healthy, uncertain, broken, twoCauses, blind }))(
  'what was found, in plain lines: %s',
  async (name, diagnosis) => {
    const show = (page: Page) => showDiagnosis(page, diagnosis);
    const pages = [80, 40].map((columns) => {
      const text = written(show, columns).replace(COLOURS, '');
      // Only what has no blank may be wider.
      const wide = text.split('\n').filter((line) => line.length > columns);
      expect(wide.filter((line) => line.trim().includes(' '))).toEqual([]);
      return `${columns}\n${'─'.repeat(columns)}\n${text}`;
    });
    await expect(pages.join('\n')).toMatchFileSnapshot(`golden/plain-${name}.txt`);
  },
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are told by these.
const COLOURS = /\x1b\[\d+m/g;

test('while one watches only what changes is said', () => {
  expect(written((page) => showChanges(page, broken, broken))).toBe('');
  const changes = written((page) => showChanges(page, healthy, broken));
  expect(changes).toContain('06:31:07  ✖ The subnets have a way out\n            rtb-07c2f9');
  expect(changes).not.toContain('The ECS cluster is there');
});

test('a check that cannot tell says why, and what would help', () => {
  const [untold] = blind.findings;
  expect(written((page) => lineOf(page, untold!, 'The quotas leave room'))).toBe(
    '  – The quotas leave room: could not look: you may not call it.\n    Try: Ask for it.\n',
  );
});
