import { type Context, isChanging, type Next, operationOf, type Stack } from './journal.ts';

/** An answer that is good for a while, and since when, by `performance.now()`. */
interface Lasting {
  since: number;
  answer: Promise<unknown>;
}

/** What is being asked, and for a while what was answered, so that nothing is asked twice. */
export class Reads {
  private readonly answers = new Map<string, Promise<unknown>>();
  private readonly lasting = new Map<string, Lasting>();
  private isRemembering = false;

  /** Answers are kept from now on: for who looks at much at once and changes nothing. */
  remember(): void {
    this.isRemembering = true;
  }

  forget(): void {
    this.isRemembering = false;
    this.answers.clear();
  }

  /** What lasts, too: something was changed. */
  forgetAll(): void {
    this.forget();
    this.lasting.clear();
  }

  /**
   * What costs money to ask, or leaves a trace, and is not renewed sooner anyway: `forget` leaves it.
   * @param good for how long, in milliseconds.
   */
  askSeldom<T>(question: string, good: number, asking: () => Promise<T>): Promise<T> {
    const known = this.lasting.get(question);
    if (known && performance.now() - known.since < good) return known.answer as Promise<T>;
    const answer = asking();
    this.lasting.set(question, { since: performance.now(), answer });
    // Who could not be told may ask again.
    answer.catch(() => this.lasting.delete(question));
    return answer;
  }

  /** @param isForgotten whether the answer is shared only while it is on its way. */
  ask(question: string, asking: () => Promise<unknown>, isForgotten = false): Promise<unknown> {
    const known = this.answers.get(question);
    if (known) return known;
    const answer = asking();
    this.answers.set(question, answer);
    const forget = () => {
      if ((isForgotten || !this.isRemembering) && this.answers.get(question) === answer) {
        this.answers.delete(question);
      }
    };
    answer.then(forget, forget);
    return answer;
  }
}

/** Its answer can be read once, or is a secret; or it is asked again until the answer changes. */
const UNSHARED = new Set(['GetObject', 'GetAuthorizationToken', 'GetCommandInvocation']);
/** Of a large cluster too much to remember: who asks keeps what they want of it. */
const FORGOTTEN = new Set(['DescribeContainerInstances', 'DescribeServices', 'DescribeTasks']);

const askedAnew = new WeakSet<object>();

/** Has a call made although it was answered before: by now the answer may be another. */
export function anew<Command extends { input: object }>(command: Command): Command {
  askedAnew.add(command.input);
  return command;
}

/** Lets those who ask the very same thing at the same moment share one call. */
export function shareReads(stack: Stack, service: string, reads: Reads): void {
  stack.add(
    (next: Next, context: Context) => (args: { input: object }) => {
      const operation = operationOf(context);
      if (isChanging(operation) || UNSHARED.has(operation) || askedAnew.has(args.input)) {
        return next(args);
      }
      const question = `${service} ${operation} ${JSON.stringify(args.input)}`;
      return reads.ask(question, () => next(args), FORGOTTEN.has(operation));
    },
    { step: 'initialize', name: 'sharing', priority: 'high' },
  );
}
