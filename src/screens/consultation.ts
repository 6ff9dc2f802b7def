import type { Diagnosis } from '../checks/diagnosis.ts';
import type { Where } from '../commands/conversation.ts';
import type { Consultation } from '../commands/doctor/consultation.ts';
import type { Pass } from '../commands/doctor/pass.ts';
import { showDiagnosis } from '../plain/doctor-lines.ts';
import { Page } from '../plain/style.ts';
import { showWhere } from '../plain/where.ts';
import { guidedConversation } from './conversation.ts';
import { type Exits, shownStage } from './shown-stage.tsx';

/** The doctor on screens: a live board, then what was found. The end of it stays in the scrollback. */
export function guidedConsultation(exits: Exits): Consultation {
  const screen = shownStage(exits);
  const { stage, show } = screen;
  const conversation = guidedConversation(exits, screen);
  let pass: Pass | undefined;
  let last: { where: Where; diagnosis: Diagnosis } | undefined;
  return {
    conversation: {
      ...conversation,
      where(where) {
        conversation.where(where);
        conversation.busy('Looking for what there is…');
      },
      // Of what was mended the next look tells, where there is one.
      report(report) {
        if (report.interrupted) conversation.report(report);
      },
      close() {
        conversation.close();
        if (!last) return;
        const page = new Page(process.stdout);
        showWhere(page, last.where);
        showDiagnosis(page, last.diagnosis);
        last = undefined;
      },
    },
    looking(next) {
      pass = next;
      const { examinations, subject } = next;
      show({ remark: undefined, scene: { kind: 'looking', subject, examinations, findings: [] } });
    },
    joined(next) {
      pass = next;
      const { scene } = stage.get();
      if (scene.kind !== 'looking') return;
      const { examinations, subject } = next;
      show({ scene: { ...scene, subject, examinations } });
    },
    found(finding) {
      const { scene } = stage.get();
      if (scene.kind !== 'looking') return;
      show({ scene: { ...scene, findings: [...scene.findings, finding] } });
    },
    diagnosed(diagnosis) {
      const { scene } = stage.get();
      if (scene.kind === 'diagnosis') show({ scene: { ...scene, diagnosis } });
    },
    wish(diagnosis, isWatching) {
      const { subject } = pass!;
      return stage.ask((answer) => ({ kind: 'diagnosis', diagnosis, subject, isWatching, answer }));
    },
    ended(where, diagnosis) {
      last = { where, diagnosis };
    },
  };
}
