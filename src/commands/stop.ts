/** The exit code of a run that was interrupted. */
export const INTERRUPTED = 130;

/**
 * Turns Ctrl-C and its like into an orderly stop: nothing is started any more, what is under way
 * finishes. The second one, or one before anything was begun, leaves at once.
 */
export class Stop {
  private readonly controller = new AbortController();
  private apart: AbortController | undefined;
  private running: (() => void) | undefined;
  private left = () => '';
  private hasRun = false;
  private leaving: () => void = () => {};

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, this.request);
    }
  }

  get signal(): AbortSignal {
    return (this.apart ?? this.controller).signal;
  }

  /** Does a part of the work that the first stop ends alone, so that what follows it is still done. */
  async only<T>(part: () => Promise<T>): Promise<T> {
    this.apart = new AbortController();
    try {
      return await part();
    } finally {
      this.apart = undefined;
    }
  }

  /**
   * Does work that the first stop lets come to an end by itself; says so through the callback.
   * @param left what to say to who leaves at once.
   */
  async during<T>(
    work: () => Promise<T>,
    stopping: () => void,
    left = () => 'the same command carries on from here',
  ): Promise<T> {
    this.running = stopping;
    this.left = left;
    this.hasRun = true;
    try {
      return await work();
    } finally {
      this.running = undefined;
    }
  }

  /** What gives the terminal back before the program leaves at once. */
  beforeLeaving(leaving: () => void): void {
    this.leaving = leaving;
  }

  /** A signal came, or Ctrl-C as a key. */
  readonly request = (): void => {
    if (this.signal.aborted || !this.running) {
      this.leaving();
      if (!this.hasRun) console.error('\nStopped; nothing was changed.');
      if (this.running) console.error(`\nLeft at once; ${this.left()}.`);
      process.exit(INTERRUPTED);
    }
    (this.apart ?? this.controller).abort();
    this.running();
  };
}
