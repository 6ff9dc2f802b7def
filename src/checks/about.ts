import { covers } from '../hosts.ts';
import type { Verdict } from './check.ts';
import type { Finding } from './examine.ts';

/** Whether they explain all that a finding names: what the cause has found well it does not explain. */
export function explain(causes: Finding[], finding: Finding): boolean {
  const named = [...(aboutOf(finding)?.names ?? []), ...(finding.app ? [finding.app] : [])];
  return causes.length > 0 && named.every((name) => causes.some((cause) => !isWell(cause, name)));
}

function isWell({ verdicts }: Finding, name: string): boolean {
  const naming = verdicts.filter((verdict) => namesOf(verdict).some((own) => covers(own, name)));
  return naming.length > 0 && naming.every(({ status }) => status === 'pass');
}

/** Whether a cause and what may follow from it are about the same instances, or hosts; or about all. */
export function isOfTheSame(cause: Finding, finding: Finding): boolean {
  const [above, below] = [aboutOf(cause), aboutOf(finding)];
  if (!above || above.kind !== below?.kind) return true;
  return above.names.some((one) => below.names.some((other) => covers(one, other)));
}

const KINDS = { instance: /^m?i-\w+$/, host: /^[\w*-]+(?:\.[\w-]+)+$/ };

/** The instances, or the hosts, that are not well; undefined where it is not about some of them alone. */
function aboutOf({ status, verdicts }: Finding): { kind: string; names: string[] } | undefined {
  const telling = verdicts.filter((verdict) => verdict.status === status);
  if (telling.some((verdict) => namesOf(verdict).length === 0)) return undefined;
  const names = telling.flatMap(namesOf);
  const kind = Object.entries(KINDS).find(([, pattern]) =>
    names.every((name) => pattern.test(name)),
  )?.[0];
  return kind === undefined ? undefined : { kind, names };
}

/** Of "i-0abc:32768" the instance, of "parks.example.gov:443" the host. */
function namesOf({ subject, subjects = subject ? [subject] : [] }: Verdict): string[] {
  return subjects.map((name) => name.replace(/:\d+$/, ''));
}
