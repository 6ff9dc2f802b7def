import { keyOf } from '../checks/diagnosis.ts';
import type { Examination, Finding } from '../checks/examine.ts';
import type { Consultation } from '../commands/doctor/consultation.ts';
import { sentenceOf } from '../commands/doctor/words.ts';
import { plainConversation } from './conversation.ts';
import { diagnosisDocument } from './doctor-document.ts';
import { lineOf, showChanges, showDiagnosis } from './doctor-lines.ts';
import { showReport } from './report.ts';
import { Page } from './style.ts';

export interface PlainConsultationOptions {
  /** Whether there is a person to ask. */
  asks: boolean;
  /** One JSON document on stdout, everything else on stderr. */
  json: boolean;
}

/** The doctor in plain lines: each check in its place, as soon as all before it are there. */
export function plainConsultation(options: PlainConsultationOptions): Consultation {
  const { asks, json } = options;
  const page = new Page(json ? process.stderr : process.stdout);
  const plain = plainConversation({ asks, json });
  let examinations: Examination[] = [];
  let shown = 0;
  let heading = '';
  const found = new Map<string, Finding>();

  const showNext = () => {
    for (let next = examinations[shown]; next; next = examinations[shown]) {
      const finding = found.get(keyOf(next));
      if (!finding) return;
      shown += 1;
      showLine(finding);
    }
  };
  const showLine = (finding: Finding) => {
    const { group } = finding.check;
    const under = finding.app ? `${group} of ${finding.app}` : group;
    if (under !== heading) page.line(`\n${page.style('bold', under)}`);
    heading = under;
    lineOf(page, finding, sentenceOf(finding));
  };
  return {
    conversation: {
      ...plain,
      // A run's document would be a second one.
      report: (report) => showReport(page, report),
    },
    looking(pass) {
      page.wrapped(`${page.style('dim', 'Cluster ')}  ${pass.subject.cluster}`, { hanging: 10 });
      examinations = pass.examinations;
      shown = 0;
      heading = '';
      found.clear();
    },
    joined(pass) {
      examinations = pass.examinations;
    },
    found(finding) {
      found.set(keyOf(finding), finding);
      showNext();
    },
    diagnosed(diagnosis, before) {
      if (before) showChanges(page, before, diagnosis);
      else showDiagnosis(page, diagnosis);
    },
    ended(where, diagnosis) {
      if (!json) return;
      process.stdout.write(
        `${JSON.stringify(diagnosisDocument(where, diagnosis), undefined, 2)}\n`,
      );
    },
  };
}
