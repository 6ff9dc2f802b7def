import type { Cause } from '../../checks/causes.ts';
import { isWrong, type Status } from '../../checks/check.ts';
import { type Diagnosis, isBlind, tellingVerdicts } from '../../checks/diagnosis.ts';
import type { Finding } from '../../checks/examine.ts';

/** Says the same without colour. */
export const MARKS: Record<Status, string> = { pass: '✔', warn: '!', fail: '✖', skip: '–' };

/** What holds, "The app is deployed", or where it does not: "The app is not deployed". */
export function sentenceOf({ check, status }: Pick<Finding, 'check' | 'status'>): string {
  return isWrong({ status }) ? check.problem : check.title;
}

/** With the app that it is about: "The app is not deployed (parks)". */
export function titleOf(finding: Pick<Finding, 'check' | 'status' | 'app'>): string {
  return finding.app ? `${sentenceOf(finding)} (${finding.app})` : sentenceOf(finding);
}

/** What was seen of whatever decided, a sentence or two each. */
export function evidenceOf(finding: Finding): string[] {
  return tellingVerdicts(finding).map(({ subject, evidence }) =>
    subject && !evidence.includes(subject) ? `${subject}: ${evidence}` : evidence,
  );
}

/** What to do about it, each once; in general where no verdict says better. */
export function fixesOf(finding: Finding): string[] {
  const advice = adviceOf(finding);
  return advice.length > 0 ? advice : [finding.check.fix];
}

/** What its verdicts say to do, each once; of what could not be told, what would help. */
export function adviceOf(finding: Finding): string[] {
  return [...new Set(tellingVerdicts(finding).flatMap(({ fix }) => fix ?? []))];
}

/** So many of a list, and how many are left out. */
export function first(most: number, texts: string[]): string[] {
  const rest = texts.length - most;
  return rest > 1 ? [...texts.slice(0, most), `and ${rest} more`] : texts;
}

/** "5 other findings follow from this". */
export function followWords({ follows }: Cause): string {
  const [what, does] = follows.length === 1 ? ['finding', 'follows'] : ['findings', 'follow'];
  return `${follows.length} other ${what} ${does} from this`;
}

/** "58 more checks; 3 more could not be told or do not apply"; nothing where there are none. */
export function restWords({ findings, causes, warnings }: Diagnosis): {
  well: string;
  untold: string;
} {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const [passed, skipped] = [count('pass'), count('skip')];
  const more = causes.length + warnings.length > 0 ? ' more' : '';
  return {
    well: passed > 0 ? `${passed}${more} ${passed === 1 ? 'check' : 'checks'}` : '',
    untold:
      skipped > 0
        ? `${skipped} could not be told, or ${skipped === 1 ? 'does' : 'do'} not apply`
        : '',
  };
}

/** "Healthy", or how much is to be done. */
export function headline(diagnosis: Diagnosis): string {
  if (isBlind(diagnosis)) return 'Nothing could be looked at';
  const { findings, told, causes, warnings } = diagnosis;
  const unable = findings.filter(({ isUnable }) => isUnable).length;
  const parts = [
    counted(causes.length, 'root cause'),
    counted(told.filter(({ status }) => status === 'fail').length - causes.length, 'more finding'),
    counted(warnings.length, 'warning'),
    unable > 0 ? `${counted(unable, 'check')} could not look` : '',
  ].filter(Boolean);
  if (causes.length > 0) return parts.join(', ');
  return [unable > 0 ? 'Healthy as far as can be seen' : 'Healthy', ...parts].join(', ');
}

function counted(number: number, word: string): string {
  return number > 0 ? `${number} ${word}${number === 1 ? '' : 's'}` : '';
}
