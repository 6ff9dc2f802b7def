import { withoutSecrets } from '../mask.ts';
import type { Difference } from './diff.ts';

/** "retention: none → 90". Without the secrets of what somebody else has written. */
export function differenceWords({ field, from, to }: Difference): string {
  if (to === 'the new one') return `${field}: ${to}`;
  if (Array.isArray(to) && from === undefined)
    return `${field}: add ${withoutSecrets(to.join(', '))}`;
  return `${field}: ${withoutSecrets(show(from))} → ${withoutSecrets(show(to))}`;
}

/** A value as a person would say it. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.map(show).join(', ') || 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
