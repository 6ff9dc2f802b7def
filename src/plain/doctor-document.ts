import { isWrong } from '../checks/check.ts';
import type { Diagnosis } from '../checks/diagnosis.ts';
import type { Where } from '../commands/conversation.ts';
import { evidenceOf, fixesOf } from '../commands/doctor/words.ts';

/** What the shape of the document is called; another shape would have another number. */
const SCHEMA = 1;

/** What was found, for programs: docs/checks.md describes it. */
export function diagnosisDocument(where: Where, diagnosis: Diagnosis): object {
  const { command, account, region, endpoint } = where;
  const { findings, causes, calls, seconds } = diagnosis;
  return {
    schema: SCHEMA,
    command,
    account,
    region,
    endpoint,
    checks: findings.map((finding) => {
      const { check, app, status, isUnable, verdicts } = finding;
      return {
        id: check.id,
        app,
        group: check.group,
        title: check.title,
        problem: isWrong(finding) ? check.problem : undefined,
        status,
        isUnable,
        verdicts: verdicts.map(({ status, evidence, fix, subject, subjects }) => ({
          ...{ status, evidence, fix, subject, subjects },
        })),
        evidence: evidenceOf(finding).join(' '),
        fix: isWrong(finding) ? fixesOf(finding).join(' ') : undefined,
        seconds: round(finding.seconds),
      };
    }),
    causes: causes.map(({ finding, follows }) => ({
      id: finding.check.id,
      app: finding.app,
      follows: [...new Set(follows.map(({ check }) => check.id))],
    })),
    calls,
    seconds: round(seconds),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
