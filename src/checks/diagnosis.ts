import { CAUSES, type Cause, causesOf } from './causes.ts';
import { type Group, isWrong, type Status, type Verdict } from './check.ts';
import type { Finding } from './examine.ts';
import { saidOnce } from './said-once.ts';

/** What one pass over all checks has come to. */
export interface Diagnosis {
  /** In the checks' order, each with all that it has seen. */
  findings: Finding[];
  /** Of these what is to be told: what two have seen, by one of them. */
  told: Finding[];
  /** What does not work, the deepest first. */
  causes: Cause[];
  warnings: Finding[];
  calls: { total: number; changing: number };
  seconds: number;
  /** When it was over. */
  at: Date;
}

export function diagnosisOf(
  findings: Finding[],
  { calls, seconds }: Pick<Diagnosis, 'calls' | 'seconds'>,
  whatFollows = CAUSES,
): Diagnosis {
  const told = saidOnce(findings);
  return {
    findings,
    told,
    causes: causesOf(told, whatFollows),
    warnings: told.filter(({ status }) => status === 'warn'),
    calls,
    seconds,
    at: new Date(),
  };
}

/** What this machine knows without AWS, or AWS tells anybody. */
const OPEN: Group[] = ['Machine', 'Credentials'];

/** Whether nothing that AWS was asked could be looked at; where nothing applies, all was. */
export function isBlind({ findings }: Pick<Diagnosis, 'findings'>): boolean {
  const asked = findings.filter(({ check }) => !OPEN.includes(check.group));
  return asked.some(({ isUnable }) => isUnable) && asked.every(({ status }) => status === 'skip');
}

/** 0 healthy, 1 something to mend, 2 where nothing at all could be looked at. */
export function exitCodeOf(diagnosis: Diagnosis, { strict }: { strict: boolean }): 0 | 1 | 2 {
  if (isBlind(diagnosis)) return 2;
  const { findings } = diagnosis;
  const counts: Status[] = strict ? ['fail', 'warn'] : ['fail'];
  return findings.some(({ status }) => counts.includes(status)) ? 1 : 0;
}

/** What `--fix` has something to do with. */
export function mendable({ findings }: Diagnosis): { cluster: boolean; apps: string[] } {
  const all = findings.filter(
    ({ check, verdicts }) =>
      check.isMendable && verdicts.some((verdict) => !verdict.isByHand && isWrong(verdict)),
  );
  return {
    cluster: all.some(({ app }) => app === undefined),
    apps: [...new Set(all.flatMap(({ app }) => app ?? []))],
  };
}

export function isMendable(diagnosis: Diagnosis): boolean {
  const { cluster, apps } = mendable(diagnosis);
  return cluster || apps.length > 0;
}

/** Of a finding's verdicts, those that made it what it is. */
export function tellingVerdicts({ status, verdicts }: Finding): Verdict[] {
  return verdicts.filter((verdict) => verdict.status === status);
}

/** One check of one app, to tell it from the same check of another. */
export function keyOf({ check, app = '' }: Pick<Finding, 'check' | 'app'>): string {
  return `${check.id} ${app}`;
}

/** What differs from the pass before: new findings, and old ones that are other now. */
export function changesSince(before: Diagnosis, { told }: Diagnosis): Finding[] {
  const known = new Map(before.told.map((finding) => [keyOf(finding), shapeOf(finding)]));
  return told.filter((finding) => known.get(keyOf(finding)) !== shapeOf(finding));
}

/** Of what is well only that it is: numbers in its evidence change with every look. */
function shapeOf(finding: Finding): string {
  const { status } = finding;
  if (status === 'pass' || status === 'skip') return status;
  return `${status} ${tellingVerdicts(finding)
    .map(({ subject, evidence }) => `${subject} ${evidence}`)
    .join('\n')}`;
}
