import { UserError } from '../errors.ts';

/** Parsers of single answers; each takes what a command line or a YAML file gives, and says what is wrong with it. */

export function text(key: string) {
  return (input: unknown): string => {
    if (typeof input === 'string' && input.trim() !== '') return input.trim();
    throw new UserError(`${key} must be a word, not ${show(input)}.`);
  };
}

export function matching(key: string, pattern: RegExp, says: string) {
  return (input: unknown): string => {
    const value = text(key)(input);
    if (pattern.test(value)) return value;
    throw new UserError(`${key}: “${value}” will not do: ${says}.`);
  };
}

export function wholeNumber(key: string, from: number, to: number) {
  return (input: unknown): number => {
    const value = typeof input === 'string' && /^\s*-?\d+\s*$/.test(input) ? Number(input) : input;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw new UserError(`${key} must be a whole number, not ${show(input)}.`);
    }
    if (value >= from && value <= to) return value;
    throw new UserError(`${key} must lie between ${from} and ${to}, ${value} does not.`);
  };
}

export function yesOrNo(key: string) {
  return (input: unknown): boolean => {
    if (input === true || /^(true|yes|y)$/i.test(String(input))) return true;
    if (input === false || /^(false|no|n)$/i.test(String(input))) return false;
    throw new UserError(`${key} must be yes or no, not ${show(input)}.`);
  };
}

/** A list in a file, or words with commas between them. */
export function list(key: string, item: (input: unknown) => string = text(key)) {
  return (input: unknown): string[] => {
    const items =
      typeof input === 'string' ? input.split(',').filter((part) => part.trim() !== '') : input;
    if (!Array.isArray(items)) {
      throw new UserError(`${key} must be a list, like a,b, not ${show(input)}.`);
    }
    const values = items.map(item);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw new UserError(`${key} names ${twice} twice.`);
    return values;
  };
}

function show(input: unknown): string {
  return input === '' || input === null ? 'nothing' : JSON.stringify(input);
}
