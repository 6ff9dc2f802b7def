import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { valueIn, withValue } from '../../src/env-file/change.ts';
import { type EnvFile, parseEnvFile } from '../../src/env-file/parse.ts';
import { UserError } from '../../src/errors.ts';
import { pick, random, wordOf } from './random.ts';

const parse = (text: string) => parseEnvFile(text, '.env');
const read = ({ entries }: EnvFile) =>
  Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));

test.each([
  ['nothing', ''],
  ['comments and empty lines', '\n# A=1\n  # words\n\t\n#\n'],
  ['plain values', 'A=1\nB_2=two words\nc.d-e=x=y==\n'],
  ['no newline at the end', 'A=1\nB=2'],
  ['CRLF', 'A=1\r\n\r\nB="x\r\ny"\r\n# c\r\nC=\r\n'],
  ['empty values', 'A=\nB=""\nC= # none\nD=\'\'\n'],
  ['export', 'export A=1\nexport  B = "2"\n  export C=3\nexport=4\n'],
  ['spaces around', '  A = 1  \n\tB\t=\t"2"\t\nC=\' 3 \'   # c\n'],
  ['comments behind', 'A=1 # one\nB="2"# two\nC=3 #\nD=4 # it\'s "D"\n'],
  ['a # in quotes', 'A="a#b" # c\nB=\'#fff\'\nC=`#`\n'],
  ['quotes in a value', 'A=it\'s\nB="it\'s"\nC=\'{"a": 1}\'\nD=`"\'`\n'],
  ['several lines', 'KEY="-----BEGIN-----\nA=b\n# no comment\n\nxy==\n-----END-----"\nB=1\n'],
  ['newlines as \\n', 'A="a\\nb"\nB=\'a\\nb\'\nC=a\\nb\n'],
  ['what a shell would expand', 'A=$HOME\nB="$A/x"\nC=$(id)\n'],
  ['other alphabets', 'A=Zürich\nB="日本"\n'],
])('Node reads the same: %s', (_, text) => {
  expect(read(parse(text))).toEqual({ ...parseEnv(text) });
});

test('a carriage return as \\r is read as dotenv reads it', () => {
  expect(read(parse('A="a\\r\\nb"\nB=\'a\\rb\''))).toEqual({ A: 'a\r\nb', B: 'a\\rb' });
});

const SECRET = 'hunter2';

test.each([
  [`A=1\n${SECRET}\n`, 'line 2: there is no “=”'],
  [`export ${SECRET}`, 'line 1: there is no “=”'],
  [`1${SECRET}=2`, 'line 1: what stands before “=” is no name'],
  [`A=1\n\n${SECRET} x=1`, 'line 3: what stands before “=” is no name'],
  [`${SECRET}: a=b`, 'line 1: what stands before “=” is no name'],
  [`=${SECRET}`, 'line 1: what stands before “=” is no name'],
  [`export\tA=${SECRET}`, 'line 1: what stands before “=” is no name'],
  [`A=-----BEGIN-----\n${SECRET}/x==`, 'line 2: what stands before “=” is no name'],
  [`A="${SECRET}\nB=1\n`, 'line 1: the quote that opens the value of A is never closed'],
  [`\nA='${SECRET}`, 'line 2: the quote that opens the value of A is never closed'],
  [`A=\`${SECRET}`, 'line 1: the quote that opens the value of A is never closed'],
  [
    `A="${SECRET}\nB="${SECRET}"`,
    'line 2: something follows the quote that closes the value of A, opened in line 1',
  ],
  [`A="x"${SECRET}`, 'line 1: something follows the quote'],
  [`A="x\\"${SECRET}"`, 'line 1: a backslash stands before a quote in the value of A'],
  [`A=1\nB=${SECRET}#x`, 'line 2: the value of B would end before its “#”'],
  [`COLOUR=#${SECRET}`, 'line 1: the value of COLOUR would end before its “#”'],
  [`A=1\nA=${SECRET}`, 'line 2: A is set in line 1 already'],
  [`A="\n\n"\nB=\n\nexport A = '${SECRET}'`, 'line 6: A is set in line 1 already'],
  [`A= \nB=${SECRET}`, 'line 1: only spaces follow “A=”'],
  [`B=1\n # A="${SECRET}\nC="2"`, 'line 2: Node takes the indented comment for a variable'],
  [`A=1\n # A= \nC=${SECRET}`, 'line 2: Node takes the indented comment for a variable'],
  [`\ufeffA=${SECRET}`, 'line 1: a byte order mark stands first'],
  [`A=1\nB=${SECRET}\0`, 'line 2: a NUL stands there'],
  [`A=1\nB=2\rC=${SECRET}\n`, 'line 2: a carriage return stands there alone'],
])('%j is refused without showing it', (text, says) => {
  let error = new Error('it was taken');
  try {
    parse(text);
  } catch (caught) {
    error = caught as Error;
  }
  expect(error.message).toContain(`.env, ${says}`);
  expect(error).toBeInstanceOf(UserError);
  expect(`${error.message} ${(error as UserError).fix} ${error.cause}`).not.toContain(SECRET);
});

describe('a value that is set', () => {
  test.each([
    ['is added at the end', 'A=1\n', 'A=1\nK=v\n'],
    ['is added to nothing', '', 'K=v\n'],
    ['is added without a newline where there was none', '# a\nA=1', '# a\nA=1\nK=v'],
    ['is added with the newline of the others', 'A=1\r\n', 'A=1\r\nK=v\r\n'],
    ['is added after CRLF without one at the end', 'A=1\r\nB=2', 'A=1\r\nB=2\r\nK=v'],
    ['is replaced where it stands', 'A=1\nK=old\nB=2\n', 'A=1\nK=v\nB=2\n'],
    ['keeps its quotes', "K='old'\nL=1", "K='v'\nL=1"],
    ['keeps what is around', ' export K = "o l d"  # c\r\n', ' export K = "v"  # c\r\n'],
    ['replaces several lines', 'A=1\nK=`o\nl\nd`\nB=2', 'A=1\nK=`v`\nB=2'],
    ['replaces an empty one', 'K=\nA=1', 'K=v\nA=1'],
    ['replaces an empty one before a comment', 'K=   # c\n', 'K=v   # c\n'],
    ['stays when it is there', 'K="v" # c\nA=1', 'K="v" # c\nA=1'],
    [
      'is not mistaken in a comment or in another value',
      '# K=1\nA="\nK=2"\n',
      '# K=1\nA="\nK=2"\nK=v\n',
    ],
  ])('%s', (_, before, after) => {
    expect(withValue(parse(before), 'K', 'v').text).toBe(after);
  });

  test('is put into quotes that it can stand in', () => {
    const written = (value: string) => withValue(parse(''), 'K', value).text;
    expect(written('https://d111.cloudfront.net/a?b=c')).toBe(
      'K=https://d111.cloudfront.net/a?b=c\n',
    );
    expect(written(' spaced ')).toBe('K=" spaced "\n');
    expect(written('a#b')).toBe('K="a#b"\n');
    expect(written('"a" #')).toBe('K=\'"a" #\'\n');
    expect(written('')).toBe('K=""\n');
    expect(withValue(parse('K=old # c'), 'K', '').text).toBe('K="" # c');
    expect(withValue(parse("K='old'"), 'K', "it's").text).toBe("K=it's");
  });

  test('is refused, unshown, where it cannot be written', () => {
    expect(() => withValue(parse(''), 'K', `"'\`#`)).toThrow(
      'The value of K cannot be written into a file of variables.',
    );
    expect(() => withValue(parse(''), 'no name', 'v')).toThrow(UserError);
  });

  test('changes nothing but itself, whatever the file', () => {
    const next = random(7);
    let replaced = 0;
    for (let round = 0; round < 3000; round += 1) {
      const file = parse(someFile(next));
      const key = pick(next, KEYS);
      const value = someValue(next);
      const entry = file.entries.get(key);
      const changed = withValue(file, key, value);
      expect({ ...parseEnv(changed.text) }).toEqual({ ...parseEnv(file.text), [key]: value });
      expect(valueIn(changed, key)).toBe(value);
      expect(withValue(changed, key, value)).toBe(changed);
      const kept = entry
        ? [file.text.slice(0, entry.start), file.text.slice(entry.end)]
        : [file.text, ''];
      expect(changed.text.startsWith(kept[0]!) && changed.text.endsWith(kept[1]!)).toBe(true);
      if (!entry) continue;
      replaced += 1;
      const back = withValue(changed, key, entry.value);
      expect({ ...parseEnv(back.text) }).toEqual({ ...parseEnv(file.text) });
    }
    expect(replaced).toBeGreaterThan(500);
  });
});

test('a large file is read without delay', () => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `KEY_${index}="value ${index}" # c`);
  const started = performance.now();
  expect(parse(lines.join('\n')).entries.size).toBe(40_000);
  expect(parse(`A="${'x\n'.repeat(500_000)}"`).entries.size).toBe(1);
  expect(parse(`A=${' '.repeat(1_000_000)}x`).entries.size).toBe(1);
  expect(performance.now() - started).toBeLessThan(5000);
});

const KEYS = ['A', 'B', 'NEXT_ASSET_PREFIX', 'd.e-f', 'NEW'];

/** Random lines of all kinds, in the part of the grammar that Node and dotenv share. */
function someFile(next: () => number): string {
  const newline = pick(next, ['\n', '\n', '\r\n']);
  const keys = KEYS.filter(() => next() < 0.6);
  const lines = keys.flatMap((key) => {
    const quote = pick(next, ['', '"', "'", '`']);
    const inside = wordOf(next, quote ? 'ab =#$\n' : "ab=$'", Math.floor(next() * 8));
    const value = quote ? quote + inside.replaceAll('\n', newline) + quote : `b${inside}`;
    const before = pick(next, [[], [''], ['# A=1'], ['#'], ['  # words']]);
    const name = pick(next, ['', '  ', 'export ']) + key + pick(next, ['=', ' = ', '= ']);
    return [...before, name + value + pick(next, ['', '', ' # K=1', '\t#'])];
  });
  return lines.join(newline) + pick(next, ['', newline]);
}

function someValue(next: () => number): string {
  const letters = pick(next, ['ab', 'ab =', 'ab#"', "ab'`\n", 'ab/:.$\\']);
  return wordOf(next, letters, Math.floor(next() * 10)).replace(/\\$|\\n/g, '');
}
