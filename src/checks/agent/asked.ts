import type { Verdict } from '../check.ts';
import { worstOf } from '../examine.ts';
import type { HostReports } from '../lookups/host-reports.ts';

/** The verdicts on those that were asked; the first that is told says how many like them were not. */
export function sayingOf(verdicts: Verdict[], { hosts, left }: HostReports): Verdict[] {
  if (left === 0) return verdicts;
  const worst = worstOf(verdicts);
  const first = verdicts.findIndex(({ status }) => status === worst);
  const asked = `Asked: ${hosts.length} of ${hosts.length + left} unwell instances, of each kind the newest (--deep asks all).`;
  return verdicts.map((verdict, index) =>
    index === first ? { ...verdict, evidence: `${verdict.evidence} ${asked}` } : verdict,
  );
}
