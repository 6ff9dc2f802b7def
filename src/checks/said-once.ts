import { isWrong, type Judged, type Verdict } from './check.ts';
import { type Finding, worstOf } from './examine.ts';

/** The findings without what another one says already, which judges that very part. */
export function saidOnce(findings: Finding[]): Finding[] {
  const judged = findings.flatMap(({ check, verdicts }) =>
    verdicts.filter(isWrong).flatMap(({ judges = check.judges ?? [] }) => judges),
  );
  return findings.flatMap((finding) => {
    const verdicts = finding.verdicts.filter(
      (verdict) => !judged.some((one) => isAbout(verdict, one)),
    );
    if (verdicts.length === finding.verdicts.length) return finding;
    return verdicts.length > 0 ? { ...finding, verdicts, status: worstOf(verdicts) } : [];
  });
}

/** A path into a field is judged with the field. */
function isAbout({ part }: Verdict, [resource, ...fields]: Judged): boolean {
  if (part?.resource !== resource) return false;
  return (
    fields.length === 0 ||
    fields.some((field) => part.field === field || part.field.startsWith(`${field}.`))
  );
}
