import { createHmac, randomBytes } from 'node:crypto';
import type { EnvFile } from '../../../env-file/parse.ts';

/** What tells two files of variables apart without holding a value. */
export interface EnvDigests {
  whole: string;
  /** Undefined for what cannot be read as variables. */
  byKey?: Map<string, string>;
}

/** Of this process alone: a digest that is seen elsewhere can be compared with nothing. */
const SALT = randomBytes(32);

export function digestsOf({ text, entries }: EnvFile): EnvDigests {
  const byKey = [...entries].map(([key, { value }]) => [key, digest(`${key}=${value}`)] as const);
  return { whole: digest(text), byKey: new Map(byKey) };
}

export function digest(content: string | Uint8Array): string {
  return createHmac('sha256', SALT).update(content).digest('hex');
}

/**
 * "DB_URL changed, NEW added, OLD gone"; undefined where all is the same, byte for byte.
 * @param except a key that is not looked at.
 */
export function differenceInKeys(
  before: EnvDigests,
  after: EnvDigests,
  except?: string,
): string | undefined {
  if (before.whole === after.whole) return undefined;
  const [old, now] = [before.byKey, after.byKey];
  if (!old || !now) return 'all, for what is there cannot be read as variables';
  const keys = [...new Set([...now.keys(), ...old.keys()])].filter((key) => key !== except);
  const words = keys.flatMap((key) => {
    if (!old.has(key)) return `${key} added`;
    if (!now.has(key)) return `${key} gone`;
    return old.get(key) === now.get(key) ? [] : `${key} changed`;
  });
  if (words.length > 0) return words.join(', ');
  return except ? undefined : 'comments, order or quotes alone';
}
