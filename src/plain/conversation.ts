import type { Conversation } from '../commands/conversation.ts';
import { agreed, asker } from './ask.ts';
import { showPlan } from './plan.ts';
import { ProgressLines } from './progress.ts';
import { reportDocument, showReport } from './report.ts';
import { Page } from './style.ts';
import { placeOf, showWhere } from './where.ts';

export interface PlainOptions {
  /** Whether there is a person to ask. */
  asks: boolean;
  /** Whether nothing is done, but shown. */
  looks?: boolean;
  /** One JSON document on stdout, everything else on stderr. */
  json: boolean;
}

/** The conversation in plain lines, for those who asked for it, for screen readers and for CI. */
export function plainConversation({ asks, looks = false, json }: PlainOptions): Conversation {
  const page = new Page(json ? process.stderr : process.stdout);
  const lines = new ProgressLines(page);
  let place = '';
  return {
    where(where) {
      place = placeOf(where);
      showWhere(page, where);
    },
    busy: (sentence) => page.line(page.style('dim', sentence)),
    remark: (sentence) => page.line(sentence),
    ask: asks ? asker(page) : undefined,
    review: (proposal) => showPlan(page, proposal, asks || looks),
    decide: asks ? async () => ((await agreed(page, place)) ? 'apply' : 'leave') : undefined,
    running() {},
    progress: (progress) => lines.show(progress),
    stopping: () =>
      page.wrapped('\nStopping after what is under way. Ctrl-C again leaves at once.'),
    report(report) {
      showReport(page, report);
      if (json) process.stdout.write(`${JSON.stringify(reportDocument(report), undefined, 2)}\n`);
    },
    close() {},
  };
}
