import { pause } from './aws/waiting.ts';

export interface Limit {
  /** So many calls… */
  calls: number;
  /** …within so many milliseconds. */
  within: number;
}

/** Lets calls through one at a time, and no more than the limit. */
export class Pace {
  readonly #limit: Limit;
  readonly #signal: AbortSignal;
  readonly #begun: number[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(limit: Limit, signal: AbortSignal) {
    this.#limit = limit;
    this.#signal = signal;
  }

  /** Carries the call out when it is its turn. @throws Interrupted when the signal came before that. */
  take<Result>(call: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(async () => {
      await this.#room();
      return call();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #room(): Promise<void> {
    const { calls, within } = this.#limit;
    const full = this.#begun.length >= calls ? this.#begun.shift()! + within : 0;
    const wait = full - performance.now();
    if (wait > 0) await pause(wait, this.#signal);
    this.#begun.push(performance.now());
  }
}
