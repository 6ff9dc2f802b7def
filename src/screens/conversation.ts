import { type Instance, render } from 'ink';
import type { Conversation, Report } from '../commands/conversation.ts';
import { showReport } from '../plain/report.ts';
import { Page } from '../plain/style.ts';
import { App } from './app.tsx';
import { beginRun, fold, type RunState } from './run-state.ts';
import { Stage } from './stage.ts';

interface Exits {
  /** Ctrl-C. */
  onInterrupt(): void;
  /** Drawing failed; the terminal is given back by then. */
  onCrash(error: unknown): void;
}

/** The guided conversation, on screens. What matters of the result stays in the scrollback afterwards. */
export function guidedConversation({ onInterrupt, onCrash }: Exits): Conversation {
  const stage = new Stage();
  let instance: Instance | undefined;
  let last: Report | undefined;
  let run: RunState | undefined;
  const drafts = new Map<string, string>();

  const open = () => {
    // Ink's own Ctrl-C would only take the screen away and leave the work running.
    if (instance) return;
    instance = render(<App stage={stage} onInterrupt={onInterrupt} />, {
      exitOnCtrlC: false,
      // Its own screen is clean after any resize, and leaves the scrollback alone.
      alternateScreen: true,
      // Only what changed is drawn at all; a key need not wait for the frame before.
      maxFps: 60,
    });
    instance.waitUntilExit().catch(onCrash);
  };
  const show = (change: Parameters<Stage['set']>[0]) => {
    open();
    stage.set(change);
  };

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
      instance?.unmount();
      instance = undefined;
      if (last) showReport(new Page(process.stdout), last);
      last = undefined;
    },
  };
}
