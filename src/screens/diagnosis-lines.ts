import type { Cause } from '../checks/causes.ts';
import { type Diagnosis, keyOf } from '../checks/diagnosis.ts';
import type { Finding } from '../checks/examine.ts';
import {
  adviceOf,
  evidenceOf,
  first,
  fixesOf,
  followWords,
  MARKS,
  restWords,
  titleOf,
} from '../commands/doctor/words.ts';
import { prose } from './prose.ts';

/** One line of what was found; those of the same item open and close together. */
export interface DiagnosisLine {
  key: string;
  /** What opens: a finding, or all that is well. Blank lines have none. */
  item?: string;
  text: string;
  mark?: string;
  colour?: string;
  /** At the end of the line. */
  tag?: string;
  isDim?: boolean;
  isBold?: boolean;
}

/** What is well, and what could not be told, is one item. */
const REST = 'rest';

/** In a fold, so many of the same thing are named. */
const FEW = 2;

/** Causes first, then warnings, then the rest folded into a line. */
export function diagnosisLines(
  diagnosis: Diagnosis,
  open: Set<string>,
  width: number,
): DiagnosisLine[] {
  const { causes, warnings } = diagnosis;
  return [
    ...causes.flatMap((cause) => [...causeLines(cause, open, width), BLANK]),
    ...warnings.flatMap((finding) => warningLines(finding, open, width)),
    ...(warnings.length > 0 ? [BLANK] : []),
    ...restLines(diagnosis, open, width),
  ].map((line, index) => ({ ...line, key: String(index) }));
}

type Line = Omit<DiagnosisLine, 'key'>;

const BLANK: Line = { text: '' };

function causeLines(cause: Cause, open: Set<string>, width: number): Line[] {
  const { finding, follows } = cause;
  const item = keyOf(finding);
  const isOpen = open.has(item);
  const below = (text: string, extra: Partial<Line> = {}) => indented(text, width, item, extra);
  const evidence = evidenceOf(finding);
  return [
    ...headLines(finding, 'root cause', width),
    ...(isOpen ? evidence : first(FEW, evidence)).flatMap((text) => below(text)),
    ...fixesOf(finding).flatMap((fix) => below(`Fix: ${fix}`, { colour: 'cyan' })),
    ...(follows.length > 0 && !isOpen ? below(`${followWords(cause)}.`, { isDim: true }) : []),
    ...(isOpen ? below(`${finding.check.why} (${finding.check.id})`, { isDim: true }) : []),
    ...(isOpen && follows.length > 0 ? below(`${followWords(cause)}:`, { isDim: true }) : []),
    ...(isOpen ? follows.flatMap((other) => followLines(other, item, width)) : []),
  ];
}

function followLines(finding: Finding, item: string, width: number): Line[] {
  return [
    ...indented(`${MARKS[finding.status]} ${titleOf(finding)}`, width, item, {}),
    ...evidenceOf(finding).flatMap((text) => indented(`  ${text}`, width, item, { isDim: true })),
  ];
}

function warningLines(finding: Finding, open: Set<string>, width: number): Line[] {
  const item = keyOf(finding);
  const isOpen = open.has(item);
  const evidence = evidenceOf(finding);
  const { why, id } = finding.check;
  return [
    ...headLines(finding, 'warning', width),
    ...(isOpen ? evidence : first(1, evidence)).flatMap((text) =>
      indented(text, width, item, { isDim: !isOpen }),
    ),
    ...(isOpen
      ? [
          ...fixesOf(finding).flatMap((fix) =>
            indented(`Fix: ${fix}`, width, item, { colour: 'cyan' }),
          ),
          ...indented(`${why} (${id})`, width, item, { isDim: true }),
        ]
      : []),
  ];
}

function restLines(diagnosis: Diagnosis, open: Set<string>, width: number): Line[] {
  const { well, untold } = restWords(diagnosis);
  const rest = diagnosis.findings.filter(({ status }) => status === 'pass' || status === 'skip');
  const head = [
    ...(well ? markedLines(well, { item: REST, mark: MARKS.pass, colour: 'green' }, width) : []),
    ...(untold ? markedLines(untold, { item: REST, mark: MARKS.skip }, width) : []),
  ];
  if (!open.has(REST)) return head;
  return [
    ...head,
    ...rest.flatMap((finding) => [
      ...indented(`${MARKS[finding.status]} ${titleOf(finding)}`, width, REST, {}),
      ...evidenceOf(finding).flatMap((text) => indented(`  ${text}`, width, REST, { isDim: true })),
      ...adviceOf(finding).flatMap((advice) =>
        indented(`  Try: ${advice}`, width, REST, { colour: 'cyan' }),
      ),
    ]),
  ];
}

function headLines(finding: Finding, tag: string, width: number): Line[] {
  const { status } = finding;
  const look = {
    ...{ item: keyOf(finding), mark: MARKS[status], tag, isBold: tag === 'root cause' },
    colour: status === 'fail' ? 'red' : 'yellow',
  };
  return markedLines(titleOf(finding), look, width);
}

/** Between pointer, mark, text and tag. */
const GAPS = 5;

/** A text, whole, behind its mark: where it is too long for one line, it goes on in the next. */
function markedLines(text: string, look: Omit<Line, 'text'>, width: number): Line[] {
  const { item, tag = '', isBold } = look;
  const [first = '', ...more] = prose(text, width - tag.length - GAPS);
  return [{ ...look, text: first }, ...more.map((line) => ({ item, isBold, text: line }))];
}

function indented(text: string, width: number, item: string, extra: Partial<Line>): Line[] {
  return prose(text, width - 4).map((line) => ({ item, text: line, ...extra }));
}
