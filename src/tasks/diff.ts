import { isDeepStrictEqual } from 'node:util';

/** One field that is not as wanted; the path leads into fields that are objects. */
export interface Difference {
  field: string;
  from: unknown;
  to: unknown;
}

/** Compares field by field what is wanted with what stands; [] when all is as wanted. */
export function differences(live: object, wanted: object): Difference[] {
  return Object.entries(wanted).flatMap(([field, to]) =>
    compare(field, (live as Record<string, unknown>)[field], to),
  );
}

function compare(field: string, from: unknown, to: unknown): Difference[] {
  if (to === undefined) return [];
  if (to instanceof Set) {
    const missing = [...to].filter((item) => !(from instanceof Set && from.has(item)));
    return missing.length > 0 ? [{ field, from: undefined, to: missing }] : [];
  }
  if (isPlainObject(from) && isPlainObject(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) =>
      isDeepStrictEqual(from[key], to[key])
        ? []
        : compare(`${field}.${key}`, from[key], to[key] ?? null),
    );
  }
  return isDeepStrictEqual(from, to) ? [] : [{ field, from, to }];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value?.constructor === Object;
}

/** The members of a Set field that nobody wanted: made by hand, and left alone. */
export function extras(live: object, wanted: object): { field: string; items: string[] }[] {
  return Object.entries(wanted).flatMap(([field, to]) => {
    const from = (live as Record<string, unknown>)[field];
    if (!(to instanceof Set && from instanceof Set)) return [];
    const items = [...from].filter((item) => !to.has(item));
    return items.length > 0 ? [{ field, items }] : [];
  });
}
