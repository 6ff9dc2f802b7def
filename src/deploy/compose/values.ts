import { isIP } from 'node:net';
import type { Field } from './field.ts';

export function flag(field: Field): boolean {
  return oneOf(field, ['true', 'false']) === 'true';
}

export function oneOf<const Word extends string>(field: Field, words: readonly Word[]): Word {
  const text = field.text();
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw field.wrong(`“${text}” will not do`, `Write ${OR.format(words)}.`);
}

const OR = new Intl.ListFormat('en', { type: 'disjunction' });

/** A whole number, within the bounds that ECS sets. */
export function whole(field: Field, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const text = field.text();
  const number = Number(text);
  if (!/^-?\d+$/.test(text)) throw field.wrong(`“${text}” is no whole number`);
  if (number < least) throw field.wrong(`${text} is less than ${least}, the least that ECS takes`);
  if (number > most) throw field.wrong(`${text} is more than ${most}, the most that ECS takes`);
  return number;
}

const SIZE = /^(?<amount>\d+(\.\d+)?) ?(?<unit>[kmgt]?)i?b?$/i;
const BYTES_IN_MIB = 2 ** 20;

/** A size like 512m, 1.5g or a number of bytes, in MiB. */
export function mebibytes(field: Field, least = 1): number {
  return mebibytesIn(field.text(), field, least);
}

export function mebibytesIn(text: string, field: Field, least = 1): number {
  const { amount, unit = '' } = SIZE.exec(text)?.groups ?? {};
  if (!amount) throw field.wrong(`“${text}” is no size`, 'Write it like 512m or 1g.');
  const size = (Number(amount) * 1024 ** '_kmgt'.indexOf(unit.toLowerCase() || '_')) / BYTES_IN_MIB;
  if (size < least) {
    throw field.wrong(
      `${unit ? text : `${text} bytes`} is less than ${least} MiB, the least that ECS takes`,
      unit ? undefined : `For MiB, write ${amount}m.`,
    );
  }
  if (Number.isInteger(size)) return size;
  throw field.wrong(
    `ECS counts in MiB, and ${text} is no whole number of them`,
    `Write ${Math.floor(size)}m.`,
  );
}

const SECONDS = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** A duration like 90s or 1m30s, in seconds, within the bounds that ECS sets. */
export function seconds(field: Field, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const text = field.text();
  if (/^\d+$/.test(text)) throw field.wrong(`${text} has no unit`, `Write ${text}s for seconds.`);
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) {
    throw field.wrong(`“${text}” is no duration`, 'Write it like 30s or 1m30s.');
  }
  const parts = text.matchAll(/([\d.]+)([a-zµ]+)/g);
  const sum = [...parts].reduce(
    (all, [, amount, unit]) => all + Number(amount) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
  if (!Number.isInteger(sum))
    throw field.wrong(`ECS counts in seconds, and ${text} is no whole number of them`);
  if (sum < least)
    throw field.wrong(`${text} is less than ${least} seconds, the least that ECS takes`);
  if (sum > most)
    throw field.wrong(`${text} is more than ${most} seconds, the most that ECS takes`);
  return sum;
}

/** The items of a list; a single value is a list of one. */
export function fields(field: Field): Field[] {
  return field.isList ? field.items() : [field];
}

export function texts(field: Field): string[] {
  return fields(field).map((item) => item.text());
}

export function addresses(field: Field): string[] {
  return fields(field).map((item) => address(item, item.text()));
}

export function address(field: Field, text: string): string {
  if (isIP(text)) return text;
  throw field.wrong(`“${text}” is no IP address`);
}

/** A name with its value; undefined for a name alone. */
export interface Pair {
  value: string | undefined;
  field: Field;
}

/** Names and values, which compose takes as a map or as a list of NAME=value. */
export function pairs(field: Field): Map<string, Pair> {
  if (!field.isList) {
    const entries = [...field.entries()];
    return new Map(
      entries.map(([name, value]) => [
        name,
        { value: value.isNull ? undefined : value.text(), field: value },
      ]),
    );
  }
  const found = new Map<string, Pair>();
  for (const item of field.items()) {
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(item.text())!;
    if (name === '') throw item.wrong('there is no name before “=”');
    if (found.has(name)) throw item.wrong(`${name} is there twice`, 'Keep one of them.');
    found.set(name, { value, field: item });
  }
  return found;
}

const WORD_PART =
  /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|(?<plain>[^\s'"\\]+)|(?<blank>\s+)/y;

/** A command: a list of its words, or one text that is split as a shell would, without being run by one. */
export function words(field: Field): string[] {
  const found = field.isList ? texts(field) : split(field);
  if (found.length > 0) return found;
  throw field.wrong(
    'ECS cannot run an image without its own',
    'Take the key out, or name a command.',
  );
}

function split(field: Field): string[] {
  const text = field.text().trim();
  const found: string[] = [];
  let word: string | undefined;
  WORD_PART.lastIndex = 0;
  while (WORD_PART.lastIndex < text.length) {
    const part = WORD_PART.exec(text)?.groups;
    if (!part) throw field.wrong('a quote is never closed');
    const { single, double, escaped, plain, blank } = part;
    if (blank === undefined) {
      word = (word ?? '') + (single ?? plain ?? escaped ?? double!.replace(/\\(["\\])/g, '$1'));
    } else if (word !== undefined) {
      found.push(word);
      word = undefined;
    }
  }
  return word === undefined ? found : [...found, word];
}
