/** The exit code of a run that was interrupted. */
export const INTERRUPTED = 130;

/**
 * Turns Ctrl-C and its like into an orderly stop: nothing is started any more, what is under way
 * finishes. The second one, or one before anything was begun, leaves at once.
 */
export class Stop {
  private readonly controller = new AbortController();
  private running: (() => void) | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => this.requested());
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** From here on the first stop waits for what is under way; says so through the callback. */
  orderly(stopping: () => void): void {
    this.running = stopping;
  }

  private requested(): void {
    if (!this.running) console.error('\nStopped; nothing was changed.');
    if (this.controller.signal.aborted || !this.running) process.exit(INTERRUPTED);
    this.controller.abort();
    this.running();
  }
}
