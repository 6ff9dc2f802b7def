import { type Instance, render } from 'ink';
import { App } from './app.tsx';
import { type Snapshot, Stage } from './stage.ts';

export interface Exits {
  /** Ctrl-C. */
  onInterrupt(): void;
  /** Drawing failed; the terminal is given back by then. */
  onCrash(error: unknown): void;
}

/** A stage, and the terminal that it is shown in once there is something to show. */
export interface ShownStage {
  stage: Stage;
  open(): void;
  show(change: Partial<Snapshot>): void;
  /** Gives the terminal back. */
  close(): void;
}

export function shownStage({ onInterrupt, onCrash }: Exits): ShownStage {
  const stage = new Stage();
  let instance: Instance | undefined;
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
  return {
    stage,
    open,
    show(change) {
      open();
      stage.set(change);
    },
    close() {
      instance?.unmount();
      instance = undefined;
    },
  };
}
