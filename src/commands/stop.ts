/** The exit code of a run that was interrupted. */
export const INTERRUPTED = 130;

/**
 * Turns Ctrl-C and its like into an orderly stop: nothing is started any more, what is under way
 * finishes. The second one, or one before anything was begun, leaves at once.
 */
export class Stop {
  private readonly controller = new AbortController();
  private running: (() => void) | undefined;
  private leaving: () => void = () => {};

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, this.request);
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** From here on the first stop waits for what is under way; says so through the callback. */
  orderly(stopping: () => void): void {
    this.running = stopping;
  }

  /** What gives the terminal back before the program leaves at once. */
  beforeLeaving(leaving: () => void): void {
    this.leaving = leaving;
  }

  /** A signal came, or Ctrl-C as a key. */
  readonly request = (): void => {
    if (this.controller.signal.aborted || !this.running) {
      this.leaving();
      if (!this.running) console.error('\nStopped; nothing was changed.');
      process.exit(INTERRUPTED);
    }
    this.controller.abort();
    this.running();
  };
}
