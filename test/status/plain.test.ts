import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { showChanges, showStatus } from '../../src/plain/status.ts';
import { Page } from '../../src/plain/style.ts';
import { tagOf } from '../../src/status/versions.ts';
import { blind, empty, long, mixed, one, well } from './fakes.ts';

/** What is written to a terminal of so many columns, or to a pipe. */
function written(show: (page: Page) => void, columns?: number): string {
  const stream = new PassThrough();
  Object.assign(stream, { columns, isTTY: columns !== undefined });
  show(new Page(stream as unknown as NodeJS.WriteStream));
  return stripVTControlCharacters(stream.read()?.toString() ?? '');
}

test.each(Object.entries({ well, mixed, long, one, empty, blind }))(
  'a status in plain lines: %s',
  async (name, status) => {
    const pages = [80, 120, 40].map((columns) => {
      const text = written((page) => showStatus(page, status), columns);
      // Only what has no blank may be wider.
      const wide = text.split('\n').filter((line) => line.length > columns);
      expect(wide.filter((line) => line.trim().includes(' '))).toEqual([]);
      return `${columns}\n${'─'.repeat(columns)}\n${text}`;
    });
    await expect(pages.join('\n')).toMatchFileSnapshot(`golden/plain-${name}.txt`);
  },
);

test('what goes to a pipe has a line for each app, with all of its host', () => {
  const text = written((page) => showStatus(page, long));
  expect(text).toMatch(/^✔ .*boards-and-commissions\.springfield\.example\.gov \+1$/m);
});

test('while one watches only what changes is said', () => {
  expect(written((page) => showChanges(page, mixed, mixed))).toBe('');
  const later = { ...mixed, at: new Date(), seconds: 2, calls: { total: 9, changing: 0 } };
  expect(written((page) => showChanges(page, mixed, later))).toBe('');

  const [parks, roads] = well.apps;
  const alone = { ...well, apps: [{ ...parks!, state: 'down' as const, room: 3 }] };
  const changes = written((page) => showChanges(page, well, alone)).split('\n');
  expect(changes).toEqual([
    '',
    '06:31:07',
    expect.stringMatching(/^✖ parks /),
    '    down: no task runs',
    '– roads is gone',
    '',
  ]);
  // What more room one app has, because another is smaller now, is no news of it.
  const roomier = { ...well, apps: [parks!, { ...roads!, room: 9 }] };
  expect(written((page) => showChanges(page, well, roomier))).toBe('');
  const fewer = { ...well, cluster: mixed.cluster };
  expect(written((page) => showChanges(page, well, fewer))).toContain('1 of 2 instances ready');
});

test.each([
  ['123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/parks:118-3f2a91c', '118-3f2a91c'],
  ['registry.example.gov:5000/parks', 'latest'],
  [`registry.example.gov:5000/parks:7@sha256:${'0'.repeat(64)}`, '7'],
  [`parks@sha256:0123456789abcdef${'0'.repeat(48)}`, '0123456789ab'],
])('the version that %s is', (image, version) => {
  expect(tagOf(image)).toBe(version);
});
