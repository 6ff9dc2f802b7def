import type { Status } from '../checks/check.ts';
import { changesSince, type Diagnosis } from '../checks/diagnosis.ts';
import type { Finding } from '../checks/examine.ts';
import {
  adviceOf,
  evidenceOf,
  first,
  fixesOf,
  followWords,
  headline,
  MARKS,
  restWords,
  titleOf,
} from '../commands/doctor/words.ts';
import { ACCENT, duration, type Page } from './style.ts';

const COLOURS: Record<Status, 'red' | 'yellow' | 'dim' | typeof ACCENT> = {
  ...{ pass: ACCENT, warn: 'yellow', fail: 'red', skip: 'dim' },
};

/** Of the same thing wrong with many, so many are named. */
const FEW = 5;

/** One check, in a line; of what could not be told also why, as nothing else says so. */
export function lineOf(page: Page, finding: Finding, title: string): void {
  const { status } = finding;
  const mark = page.style(COLOURS[status], MARKS[status]);
  const why =
    status === 'skip' ? page.style('dim', ` ${first(1, evidenceOf(finding)).join(', ')}`) : '';
  page.wrapped(`${mark} ${title}${why && ':'}${why}`, { indent: 2, hanging: 4 });
  if (status !== 'skip') return;
  for (const advice of first(FEW, adviceOf(finding))) {
    page.wrapped(`${page.style(ACCENT, 'Try:')} ${advice}`, { indent: 4, hanging: 9 });
  }
}

/** What is wrong, the deepest causes first, and what to do about it. */
export function showDiagnosis(page: Page, diagnosis: Diagnosis): void {
  const { causes, warnings, calls, seconds } = diagnosis;
  for (const cause of causes) {
    showFinding(page, cause.finding, 'root cause');
    if (cause.follows.length === 0) continue;
    page.wrapped(`${followWords(cause)}:`, { indent: 2, format: 'dim' });
    for (const title of first(FEW, cause.follows.map(markedTitle))) {
      page.wrapped(title, { indent: 4, hanging: 6, format: 'dim' });
    }
  }
  for (const finding of warnings) showFinding(page, finding, 'warning');
  const { well, untold } = restWords(diagnosis);
  page.line();
  if (well) page.wrapped(`${page.style(COLOURS.pass, MARKS.pass)} ${well}`, { hanging: 2 });
  if (untold) page.wrapped(`${page.style(COLOURS.skip, MARKS.skip)} ${untold}`, { hanging: 2 });
  page.line();
  page.wrapped(`${headline(diagnosis)}; ${calls.total} calls, ${duration(seconds)}.`, {
    format: 'bold',
  });
}

function markedTitle(finding: Finding): string {
  return `${MARKS[finding.status]} ${titleOf(finding)}`;
}

function showFinding(page: Page, finding: Finding, kind: string): void {
  const { status, check } = finding;
  page.line();
  const mark = page.style([COLOURS[status] as 'red', 'bold'], MARKS[status]);
  const title = page.style('bold', titleOf(finding));
  page.wrapped(`${mark} ${title}  ${page.style('dim', `${kind}, ${check.id}`)}`, { hanging: 2 });
  for (const evidence of first(FEW, evidenceOf(finding))) {
    page.wrapped(evidence, { indent: 2 });
  }
  for (const fix of first(FEW, fixesOf(finding))) {
    page.wrapped(`${page.style(ACCENT, 'Fix:')} ${fix}`, { indent: 2, hanging: 7 });
  }
}

/** While one watches: what is other than at the look before, with the time. */
export function showChanges(page: Page, before: Diagnosis, now: Diagnosis): void {
  const time = page.style('dim', now.at.toTimeString().slice(0, 8));
  for (const finding of changesSince(before, now)) {
    const { status } = finding;
    const mark = page.style(COLOURS[status], MARKS[status]);
    page.wrapped(`${time}  ${mark} ${titleOf(finding)}`, { hanging: 12 });
    if (status === 'pass') continue;
    for (const evidence of first(FEW, evidenceOf(finding))) {
      page.wrapped(evidence, { indent: 12, format: 'dim' });
    }
  }
}
