import { UserError } from '../errors.ts';

/** A file of environment variables, as it was written and as it is read; it holds secrets. */
export interface EnvFile {
  /** For sentences: a path, or where in S3 it is. */
  name: string;
  text: string;
  entries: ReadonlyMap<string, Entry>;
}

/** A value, and where in the text it stands with its quotes. */
interface Entry {
  start: number;
  end: number;
  quote: string;
  value: string;
}

type Refuse = (at: number, says: string, fix?: string) => never;

const NAME = /[ \t]*(?:export +)?([A-Za-z_][\w.-]*)[ \t]*=/y;
const TAKEN_BY_NODE = /[^\S\r\n]+#[^=\r\n]*=(?:[ \t]*["'`]|[ \t]+(?:\r?\n|$))/y;
const OPENING = /[^\S\r\n]*(["'`])/y;
const LINE = /[^\r\n]*/y;
const REST_OF_LINE = /[^\S\r\n]*(?:#[^\r\n]*)?(?:\r?\n|$)/y;

/**
 * Takes what dotenv (so Next.js) and `node --env-file` read alike, and refuses what one of them
 * would read otherwise or lose without a word.
 * @throws UserError that names the line and never shows what stands there.
 */
export function parseEnvFile(text: string, name: string): EnvFile {
  const refuse: Refuse = (at, says, fix) => {
    throw new UserError(`${name}, line ${lineAt(text, at)}: ${says}.`, fix);
  };
  refuseCharacters(text, refuse);
  const entries = new Map<string, Entry>();
  let at = 0;
  while (at < text.length) {
    if (match(TAKEN_BY_NODE, text, at)) {
      refuse(at, 'Node takes the indented comment for a variable', 'Start the line with “#”.');
    }
    const blank = match(REST_OF_LINE, text, at);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const named = match(NAME, text, at) ?? refuseName(text, at, refuse);
    const key = named[1]!;
    const before = entries.get(key);
    if (before) {
      const line = lineAt(text, before.start);
      refuse(at, `${key} is set in line ${line} already`, 'Remove one of the two.');
    }
    const entry = valueAt(text, at + named[0].length, key, refuse);
    const rest = match(REST_OF_LINE, text, entry.end);
    if (!rest) {
      const line = lineAt(text, entry.start);
      refuse(
        entry.end,
        `something follows the quote that closes the value of ${key}, opened in line ${line}`,
        OTHER_QUOTES,
      );
    }
    entries.set(key, entry);
    at = entry.end + rest[0].length;
  }
  return { name, text, entries };
}

const OTHER_QUOTES = 'Put the value into quotes of a kind that is not in it: " or \' or `.';

function refuseCharacters(text: string, refuse: Refuse): void {
  const UTF8 = 'Save it as plain text in UTF-8, without a byte order mark.';
  if (text.startsWith('\ufeff')) {
    refuse(0, 'a byte order mark stands first, which Node takes for a part of the name', UTF8);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) refuse(nul, 'a NUL stands there, as in UTF-16 or in a file that is no text', UTF8);
  const lone = text.search(/\r(?!\n)/);
  if (lone >= 0) {
    refuse(lone, 'a carriage return stands there alone', 'End lines with LF, or with CR and LF.');
  }
}

function refuseName(text: string, at: number, refuse: Refuse): never {
  if (match(LINE, text, at)![0].includes('=')) {
    return refuse(
      at,
      'what stands before “=” is no name',
      'A name has letters, digits and _ . - only, and starts with a letter or _. A value of several lines needs quotes.',
    );
  }
  return refuse(at, 'there is no “=”', 'Write NAME=value. A value of several lines needs quotes.');
}

function valueAt(text: string, at: number, key: string, refuse: Refuse): Entry {
  const opening = match(OPENING, text, at);
  if (opening) return quotedAt(text, at + opening[0].length, opening[1]!, key, refuse);
  const line = match(LINE, text, at)![0];
  const hash = line.indexOf('#');
  if (hash >= 0 && !/\s/.test(line[hash - 1] ?? '')) {
    refuse(
      at,
      `the value of ${key} would end before its “#”`,
      'Put the value into quotes, or a space before “#” where a comment is meant.',
    );
  }
  const value = (hash < 0 ? line : line.slice(0, hash)).trim();
  if (value === '' && line !== '' && hash < 0) {
    refuse(
      at,
      `only spaces follow “${key}=”, and Node takes the next line for the value`,
      'Remove the spaces.',
    );
  }
  const start = at + line.indexOf(value);
  return { start, end: start + value.length, quote: '', value };
}

function quotedAt(text: string, at: number, quote: string, key: string, refuse: Refuse): Entry {
  const close = text.indexOf(quote, at);
  if (close < 0) refuse(at, `the quote that opens the value of ${key} is never closed`);
  const inside = text.slice(at, close);
  if (inside.endsWith('\\')) {
    refuse(
      close,
      `a backslash stands before a quote in the value of ${key}, where it is not always read alike`,
      OTHER_QUOTES,
    );
  }
  const lines = inside.replaceAll('\r\n', '\n');
  const value = quote === '"' ? lines.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : lines;
  return { start: at - 1, end: close + 1, quote, value };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Counted from 1. */
function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
