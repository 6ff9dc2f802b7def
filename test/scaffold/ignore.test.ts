import { expect, test } from 'vitest';
import { withIgnored } from '../../src/scaffold/ignore.ts';

test.each([
  ['no file', undefined, '.env\n'],
  ['an empty one', '', '.env\n'],
  ['others', 'node_modules\n', 'node_modules\n.env\n'],
  ['no newline at the end', 'node_modules', 'node_modules\n.env\n'],
  ['CRLF', 'a\r\nb\r\n', 'a\r\nb\r\n.env\r\n'],
  ['CRLF, and none at the end', 'a\r\nb', 'a\r\nb\r\n.env\r\n'],
  [
    'only patterns like it',
    '.env.local\n#.env\n!.env\nx/.env\n',
    '.env.local\n#.env\n!.env\nx/.env\n.env\n',
  ],
])('a pattern is put below: %s', (_, existing, after) => {
  expect(withIgnored(existing, '.env')).toBe(after);
});

test.each(['.env\n', 'a\n.env', 'a\r\n.env\r\nb\r\n', '.env  \nb\n'])(
  'and not twice: %j',
  (existing) => {
    expect(withIgnored(existing, '.env')).toBe(existing);
  },
);
