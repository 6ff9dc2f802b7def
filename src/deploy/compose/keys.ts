import { nearest } from '../../nearest.ts';
import type { Field } from './field.ts';
import { refuseSecrets } from './plaintext.ts';

/** What becomes of a key of a compose file: each is carried over, left out for a reason, or refused. */
export type Fate = { to: string; keys?: Keys } | LeftOut | Refused;

/** Nothing on ECS comes of it, and nothing is missing for that. */
interface LeftOut {
  leftOut: string;
  /** @throws UserError for a value that would be missing. */
  check?(field: Field): void;
}

interface Refused {
  refused: string;
  instead: string;
}

export type Keys = Record<string, Fate>;

/** What a reader must know of the rest of the file. */
export interface Context {
  /** The container's name. */
  service: string;
  services: string[];
  /** Declared under the file's own `volumes`. */
  volumes: ReadonlySet<string>;
  /** Variables whose names look like secrets, and whose values anybody may see. */
  plaintext: ReadonlySet<string>;
}

/** Reads a key into a part of what ECS wants. */
interface Reader<Part> {
  /** What it becomes there; empty where its own keys say so. */
  to: string;
  keys?: Keys;
  read(field: Field, context: Context): Part;
}

export type Readers<Part> = Record<string, Reader<Part> | LeftOut | Refused>;

/**
 * The keys that are carried over, with their fields; those without a value are as if they were not there.
 * @throws UserError for one that is refused or unknown: nothing is left out that is not meant to be.
 */
export function carriedOver(map: Field, keys: Keys): Map<string, Field> {
  const carried = new Map<string, Field>();
  for (const [name, field] of map.entries()) {
    if (name.startsWith('x-')) continue;
    const fate = Object.hasOwn(keys, name) ? keys[name]! : undefined;
    if (!fate) throw unknown(name, field, keys);
    if ('refused' in fate) throw field.wrong(fate.refused, fate.instead);
    if (field.isNull) continue;
    if ('leftOut' in fate) fate.check?.(field);
    else carried.set(name, field);
  }
  return carried;
}

function unknown(name: string, field: Field, keys: Keys): Error {
  const near = nearest(name, Object.keys(keys));
  return field.wrong(
    'this key is not known',
    near ? `Did you mean ${near}?` : 'Take it out, or begin it with “x-” if it is your own.',
  );
}

/** Puts together what the keys of a map become. */
export function readKeys<Part extends object>(
  map: Field,
  readers: Readers<Part>,
  context: Context,
): Part {
  let whole = {} as Part;
  for (const [name, field] of carriedOver(map, readers)) {
    const reader = readers[name] as Reader<Part>;
    whole = merged(whole, reader.read(field, context), field);
    // Of a key that is a group of keys, each has been looked at by itself.
    if (reader.to) refuseSecrets(field, context);
  }
  return whole;
}

/** A key with keys of its own, and what is to be looked at when all of them are read. */
export function group<Part extends object>(
  readers: Readers<Part>,
  finish: (part: Part, field: Field) => Part = (part) => part,
): Reader<Part> {
  return {
    to: '',
    keys: readers,
    read: (field, context) => finish(readKeys(field, readers, context), field),
  };
}

/** Lists are joined. Of two keys that say the same thing there may be one. */
export function merged<Part extends object>(one: Part, other: Part, field: Field): Part {
  const both = { ...one } as Record<string, unknown>;
  for (const [name, value] of Object.entries(other)) {
    const there = both[name];
    if (there === undefined) both[name] = value;
    else if (Array.isArray(there) && Array.isArray(value)) both[name] = [...there, ...value];
    else if (isObject(there) && isObject(value)) both[name] = merged(there, value, field);
    else throw field.wrong(`another key sets ${name} already`, 'Keep one of them.');
  }
  return both as Part;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
