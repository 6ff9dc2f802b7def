import type { Conversation, Report } from '../commands/conversation.ts';
import { showReport } from '../plain/report.ts';
import { Page } from '../plain/style.ts';
import { beginRun, fold, type RunState } from './run-state.ts';
import { type Exits, shownStage } from './shown-stage.tsx';

/** The guided conversation, on screens. What matters of the result stays in the scrollback afterwards. */
export function guidedConversation(exits: Exits, screen = shownStage(exits)): Conversation {
  const { stage, open, show } = screen;
  let last: Report | undefined;
  let run: RunState | undefined;
  const drafts = new Map<string, string>();

  return {
    where: (where) => show({ where }),
    settle(_where, permissions) {
      open();
      return stage.ask((answer) => ({ kind: 'settle', permissions, answer }));
    },
    busy: (sentence) => show({ scene: { kind: 'busy', sentence } }),
    remark: (remark) => show({ remark }),
    ask(question, put) {
      open();
      return stage.ask((answer) => ({ kind: 'ask', question, put, drafts, answer }));
    },
    review() {},
    decide: (proposal) => stage.ask((answer) => ({ kind: 'review', proposal, answer })),
    running(plan, calls) {
      stage.set({ remark: undefined });
      run = beginRun(plan, performance.now());
      show({ scene: { kind: 'run', run: () => run!, calls, stopping: false } });
    },
    progress(progress) {
      if (run) run = fold(run, progress, performance.now());
    },
    stopping() {
      const { scene } = stage.get();
      if (scene.kind === 'run') show({ scene: { ...scene, stopping: true } });
    },
    report(report) {
      last = report;
    },
    retry: (report) => stage.ask((answer) => ({ kind: 'end', report, answer })),
    close() {
      screen.close();
      if (last) showReport(new Page(process.stdout), last);
      last = undefined;
    },
  };
}
