import { pause } from '../aws/waiting.ts';
import { Interrupted, UserError } from '../errors.ts';
import { type Limit, Pace } from '../pace.ts';
import { type Answer, isUnanswered, read, secondsOf } from './answer.ts';
import { isToken } from './token.ts';

export interface Access {
  /** Where the API is, without a slash at the end. */
  endpoint: string;
  token: string;
  /** Once aborted, no further call is made; one under way is let finish. */
  signal: AbortSignal;
  /** How many changing calls are made; Travis CI bans who makes 50 in 30 seconds for an hour. */
  limit?: Limit;
  /** Milliseconds that a call may take. */
  timeout?: number;
  /** Milliseconds before the first repetition; each further one waits twice as long. */
  backoff?: number;
}

type Method = 'GET' | 'POST' | 'PATCH';

const REPETITIONS = 3;
/** Seconds after which somebody should rather run again than wait. */
const PATIENCE = 120;

/** Calls of Travis CI's API v3. Neither the token nor what is named as secret gets into an error. */
export class Api {
  readonly #access: Required<Access>;
  readonly #pace: Pace;

  constructor(access: Access) {
    if (!isToken(access.token)) throw new UserError('The token for Travis CI is not one.');
    this.#access = {
      limit: { calls: 20, within: 30_000 },
      timeout: 30_000,
      backoff: 500,
      ...access,
    };
    this.#pace = new Pace(this.#access.limit, access.signal);
  }

  /** @throws Refusal, Unanswered, Interrupted */
  async call(method: Method, path: string, body?: object, secrets: string[] = []): Promise<object> {
    for (let repetition = 0; ; repetition += 1) {
      const once = () => this.#once(method, path, body);
      const answer = await (method === 'GET' ? once() : this.#pace.take(once));
      const wait = repetition < REPETITIONS ? this.#wait(method, answer) : undefined;
      if (wait === undefined) return read(answer, (text) => this.#without(text, secrets));
      await pause(wait * 2 ** repetition, this.#access.signal);
    }
  }

  /** Waits as long as before a repetition. */
  async pause(repetition: number): Promise<void> {
    await pause(this.#access.backoff * 2 ** repetition, this.#access.signal);
  }

  async #once(method: Method, path: string, body?: object): Promise<Answer> {
    const { endpoint, token, signal, timeout } = this.#access;
    if (signal.aborted) throw new Interrupted();
    try {
      const response = await fetch(endpoint + path, {
        method,
        headers: {
          'Travis-API-Version': '3',
          Authorization: `token ${token}`,
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
        // Wherever it leads, the token does not go there.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      const { status, headers } = response;
      return { status, retryAfter: headers.get('retry-after'), text: await response.text() };
    } catch (error) {
      const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
      const text =
        name === 'TimeoutError'
          ? `within ${timeout / 1000} seconds`
          : `(${cause?.code ?? 'the connection broke'})`;
      return { status: 0, retryAfter: null, text };
    }
  }

  /** Milliseconds before the first repetition; undefined where none would help or might do it twice. */
  #wait(method: Method, { status, retryAfter }: Answer): number | undefined {
    const { backoff } = this.#access;
    if (status === 429) {
      const seconds = secondsOf(retryAfter);
      // Its throttle counts by the minute and does not say when the next one begins.
      if (seconds === undefined) return backoff * 20;
      return seconds <= PATIENCE ? seconds * 1000 : undefined;
    }
    return isUnanswered(status) && method !== 'POST' ? backoff : undefined;
  }

  #without(text: string, secrets: string[]): string {
    return [this.#access.token, ...secrets]
      .filter((secret) => secret !== '')
      .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  }
}
