import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { keysIn, moved } from '../../src/screens/keys.ts';
import { type Field, fieldOf, pasted, textOf, typed } from '../../src/screens/text-field.ts';
import { windowOf } from '../../src/screens/window.ts';

const NONE = {} as Key;
const key = (name: keyof Key): Key => ({ ...NONE, [name]: true });
const ctrl = (letter: string): [string, Key] => [letter, key('ctrl')];
type Press = string | keyof typeof SPECIAL;
const SPECIAL = {
  LEFT: ['', key('leftArrow')],
  RIGHT: ['', key('rightArrow')],
  HOME: ['', key('home')],
  END: ['', key('end')],
  BACK: ['', key('backspace')],
  DEL: ['', key('delete')],
  UP: ['', key('upArrow')],
  '^A': ctrl('a'),
  '^E': ctrl('e'),
  '^U': ctrl('u'),
  '^W': ctrl('x'),
} satisfies Record<string, [string, Key]>;

/** The text with the cursor in it as a bar. */
function after(start: string, ...presses: Press[]): string {
  const field = presses.reduce<Field>((now, press) => {
    const [input, pressed] = SPECIAL[press as keyof typeof SPECIAL] ?? [press, NONE];
    return typed(now, input, pressed);
  }, fieldOf(start));
  const { characters, cursor } = field;
  return `${characters.slice(0, cursor).join('')}|${characters.slice(cursor).join('')}`;
}

describe('a text field', () => {
  test.each<[string, Press[], string]>([
    ['ab', [], 'ab|'],
    ['ab', ['c'], 'abc|'],
    ['ab', ['LEFT', 'x'], 'ax|b'],
    ['ab', ['LEFT', 'LEFT', 'LEFT', 'x'], 'x|ab'],
    ['ab', ['RIGHT', 'x'], 'abx|'],
    ['ab', ['HOME', 'x', 'END', 'y'], 'xaby|'],
    ['ab', ['^A', 'x', '^E', 'y'], 'xaby|'],
    ['ab', ['BACK'], 'a|'],
    ['ab', ['DEL'], 'a|'],
    ['ab', ['HOME', 'BACK'], '|ab'],
    ['abc', ['LEFT', '^U'], '|c'],
    ['ab', ['UP', '^W'], 'ab|'],
    ['a', [' ', 'b'], 'a b|'],
    ['', ['市', '役', 'LEFT', 'x'], '市x|役'],
    ['a', ['👩‍👩‍👧', 'BACK'], 'a|'],
    ['a', [...'👩‍👩‍👧'], 'a👩‍👩‍👧|'],
    ['a', [...'👩‍👩‍👧', 'BACK'], 'a|'],
    ['e', ['\u0301', 'x', 'BACK', 'BACK'], '|'],
    ['🇺🇸', ['LEFT', 'x'], 'x|🇺🇸'],
  ])('%j then %j is %j', (start, presses, shown) => {
    expect(after(start, ...presses)).toBe(shown);
  });

  test.each([
    ['one line', 'one line'],
    ['  two\r\nlines\n', 'two lines'],
    ['a\tb\u0007\u001b', 'a b'],
    ['市役所\n', '市役所'],
    ['', ''],
  ])('%j is pasted as %j, where the cursor is', (text, taken) => {
    const field = pasted({ characters: [...'<>'], cursor: 1 }, text);
    expect(textOf(field)).toBe(`<${taken}>`);
    expect(field.cursor).toBe(1 + [...taken].length);
  });
});

test('keys that came in one piece are taken one by one', () => {
  const pieces = keysIn('a\x15b c\r', NONE);
  expect(pieces.map(([input]) => input)).toEqual(['a', 'u', 'b', ' ', 'c', '']);
  expect(pieces.map(([, { ctrl }]) => Boolean(ctrl))).toEqual([
    ...[false, true, false, false, false, false],
  ]);
  expect(pieces.at(-1)?.[1].return).toBe(true);
  expect(keysIn('u', key('ctrl'))).toEqual([['u', key('ctrl')]]);
});

test.each([
  ['up', 'upArrow', 3, 2],
  ['up at the top', 'upArrow', 0, 0],
  ['down', 'downArrow', 3, 4],
  ['down at the end', 'downArrow', 29, 29],
  ['a page up', 'pageUp', 3, 0],
  ['a page down', 'pageDown', 25, 29],
  ['home', 'home', 3, 0],
  ['end', 'end', 3, 29],
  ['another key', 'tab', 3, undefined],
] as const)('%s moves the cursor', (_, name, from, to) => {
  expect(moved(from, 30, '', key(name))).toBe(to);
});

test('j and k move as the arrows do, and an empty list has one place', () => {
  expect(moved(3, 30, 'j', NONE)).toBe(4);
  expect(moved(3, 30, 'k', NONE)).toBe(2);
  expect(moved(0, 0, 'j', NONE)).toBe(0);
});

test.each([
  [5, 10, 0, { from: 0, to: 5 }],
  [10, 10, 9, { from: 0, to: 10 }],
  [30, 10, 0, { from: 0, to: 10 }],
  [30, 10, 15, { from: 10, to: 20 }],
  [30, 10, 29, { from: 20, to: 30 }],
  [30, 1, 7, { from: 7, to: 8 }],
])('of %i rows in a height of %i with the cursor at %i: %j', (length, height, cursor, window) => {
  expect(windowOf(length, height, cursor)).toEqual(window);
});
