import { describe, expect, test } from 'vitest';
import { diffLines } from '../../src/scaffold/diff.ts';

test('a change is shown with three lines around it', () => {
  const before = ['a', 'b', 'c', 'd', '', 'f', 'g', 'h'].join('\n');
  expect(diffLines('deploy/Dockerfile', `${before}\n`, `${before.replace('d', 'D')}\n`)).toEqual([
    '--- a/deploy/Dockerfile',
    '+++ b/deploy/Dockerfile',
    '@@ -1,7 +1,7 @@',
    ...[' a', ' b', ' c', '-d', '+D', ' ', ' f', ' g'],
  ]);
});

test('an empty line at the end of what is around is kept', () => {
  expect(diffLines('a', 'x\n\n', 'y\n\n').slice(2)).toEqual(['@@ -1,2 +1,2 @@', '-x', '+y', ' ']);
});

test('a new file is all added', () => {
  expect(diffLines('a.js', undefined, 'one\ntwo\n')).toEqual([
    ...['--- /dev/null', '+++ b/a.js', '@@ -0,0 +1,2 @@', '+one', '+two'],
  ]);
});

test('a newline that is missing at the end is named', () => {
  expect(diffLines('a', 'x', 'x\n').slice(2)).toEqual([
    ...['@@ -1,1 +1,1 @@', '-x', '\\ No newline at end of file', '+x'],
  ]);
});

test('nothing is shown where nothing, or only the line endings, would change', () => {
  expect(diffLines('a', 'x\ny\n', 'x\ny\n')).toEqual([]);
  expect(diffLines('a', 'x\r\ny\r\n', 'x\ny\n')).toEqual([]);
  expect(diffLines('a', '', '')).toEqual([]);
});

describe('what could steer a terminal is spelled out', () => {
  test.each([
    ['an escape sequence', '\x1b[2J\x1b]0;title\x07', '\\u001b[2J\\u001b]0;title\\u0007'],
    ['a C1 control', '\x9b31m', '\\u009b31m'],
    ['a carriage return inside a line', 'safe\revil', 'safe\\u000devil'],
    ['backspaces', 'rm\b\bls\x7f', 'rm\\u0008\\u0008ls\\u007f'],
    ['text turned around', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['a character that is not shown', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['an invisible tag', '\u{e0041}', '\\ue0041'],
  ])('%s', (_, text, shown) => {
    expect(diffLines('a', undefined, `${text}\n`).at(-1)).toBe(`+${shown}`);
    expect(diffLines('a', `${text}\n`, 'x\n')).toContain(`-${shown}`);
  });

  test('in a path too', () => {
    expect(diffLines('a\x1bb', undefined, 'x\n').join('\n')).not.toContain('\x1b');
  });

  test('letters of any script, and tabs, stay', () => {
    const text = '\té 漢字 🎉 “x”';
    expect(diffLines('a', undefined, `${text}\n`).at(-1)).toBe(`+${text}`);
  });
});
