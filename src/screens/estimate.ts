import type { AnyResource } from '../tasks/resource.ts';
import { isDone, type Row, type RunState } from './run-state.ts';

/** What a resource takes that says nothing about itself, in seconds. */
const QUICK = 3;

/**
 * Seconds until all is done, along the longest chain of what is left, by what AWS usually takes;
 * undefined once something takes longer than it usually does at the most.
 */
export function remaining({ rows }: RunState, now: number): number | undefined {
  const byResource = new Map(rows.map((row) => [row.resource, row]));
  const known = new Map<AnyResource, number>();
  const until = (resource: AnyResource): number => {
    const row = byResource.get(resource);
    if (!row || isDone(row)) return 0;
    const before = known.get(resource);
    if (before !== undefined) return before;
    const needs: AnyResource[] = [
      ...Object.values(resource.needs as object),
      ...(resource.after ?? []),
    ];
    const all = own(row, now) + Math.max(0, ...needs.map(until));
    known.set(resource, all);
    return all;
  };
  if (rows.some((row) => !isDone(row) && isLate(row, now))) return undefined;
  return Math.max(0, ...rows.map(({ resource }) => until(resource)));
}

function own({ resource, since }: Row, now: number): number {
  const { least, most } = resource.usually ?? { least: QUICK, most: QUICK };
  const elapsed = since === undefined ? 0 : (now - since) / 1000;
  return Math.max((least + most) / 2 - elapsed, 1);
}

function isLate({ resource, since }: Row, now: number): boolean {
  if (since === undefined || !resource.usually) return false;
  return (now - since) / 1000 > resource.usually.most;
}
