import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { quote, unquote } from '../../src/travis/shell.ts';

const NASTY = [
  '',
  'us-east-1',
  'arn:aws:iam::123456789012:role/digitalApps-task',
  '-n',
  '--help',
  "it's",
  "'",
  "''",
  '"quoted"',
  'two words',
  '  spaces around  ',
  'a\nb',
  'ends in a line\n',
  '\n',
  '\ttab\t',
  '$HOME',
  `\${HOME}`,
  '$(id)',
  '`id`',
  'back\\slash',
  'ends in one\\',
  '\\n',
  'a;b&c|d<e>f(g)h{i,j}k',
  '* ? [a-z] ~ ~root !! #',
  '#',
  '=',
  '~',
  'Bürgeramt – 市民 🏛',
  'abc/def+ghi==',
  '\u0001\u007f',
  '\r\n',
];

const folder = mkdtempSync(join(tmpdir(), 'digital-apps-shell-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell has in the variable after `export NAME=text`, for each text; nothing for a syntax error. */
function evaluated(shell: string, texts: string[]): string[] {
  const script =
    'for t; do (unset N; eval "export N=$t" >/dev/null 2>&1 && printf %s "$N"); printf "\\0"; done';
  const output = execFileSync(shell, ['-c', script, shell, ...texts], {
    cwd: folder,
    encoding: 'utf8',
  });
  return output.split('\0').slice(0, -1);
}

/** Words of an alphabet, the same in every run. */
function words(count: number, alphabet: string[]): string[] {
  let state = 20_260_101;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: next(12) }, () => alphabet[next(alphabet.length)]).join(''),
  );
}

const RANDOM = words(1_500, [...'ab9 \'"\\$`;&|<>(){}~*?[]!#=-%^,:./\n\té🏛']);

test.each(['sh', 'bash'])('%s sees every value exactly as it was', (shell) => {
  const values = [...NASTY, ...RANDOM];
  expect(evaluated(shell, values.map(quote))).toEqual(values);
});

test('what was quoted is read back exactly', () => {
  for (const value of [...NASTY, ...RANDOM]) expect(unquote(quote(value))).toBe(value);
});

test('what needs no quotes gets none', () => {
  for (const plain of ['us-east-1', 'arn:aws:iam::1:role/x', 'a_b@c%d+e=f', 'wJalr/K7+bPx==']) {
    expect(quote(plain)).toBe(plain);
  }
});

test.each([
  ['', ''],
  ['digital-apps', 'digital-apps'],
  ['"two words"', 'two words'],
  ["'two words'", 'two words'],
  ['two\\ words', 'two words'],
  ['caf\\é', 'café'],
  ['a"b c"\'d e\'\\ f', 'ab cd e f'],
  ['"a \\"b\\" \\$c \\`d\\` \\\\ \\n"', 'a "b" $c `d` \\ \\n'],
  ["a'\n'b", 'a\nb'],
  ['"a\\\nb"', 'ab'],
  ['a\\\nb', 'ab'],
])('typed by a person or by the travis command, %j is %j', (typed, value) => {
  expect(unquote(typed)).toBe(value);
  expect(evaluated('bash', [typed])).toEqual([value]);
});

test.each([
  '$HOME/lib',
  '"$HOME"',
  '$(id)',
  '`id`',
  '"`id`"',
  'two words',
  'a;b',
  'a&b',
  '~',
  'a:~',
  '~/x',
  "$'a'",
  '(a b)',
  '{a,b}',
  'a\nb',
  "'open",
  '"open',
  'a\\',
])('of %j nobody can tell without a shell what it is', (typed) => {
  expect(unquote(typed)).toBeUndefined();
});

test.each(['sh', 'bash'])('what is taken for certain is what %s makes of it', (shell) => {
  // Nothing in here that could run a command or write a file.
  const typed = words(3_000, [...'ab"\'\\ \'"\\$~*?[]{},!#=:\n-é%^']);
  const certain = typed.filter((text) => unquote(text) !== undefined);
  expect(certain.length).toBeGreaterThan(300);
  expect(evaluated(shell, certain)).toEqual(certain.map(unquote));
});
