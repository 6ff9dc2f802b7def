import { type Context, isChanging, type Next, operationOf, type Stack } from './journal.ts';

/** What is being asked, and for a while what was answered, so that nothing is asked twice. */
export class Reads {
  private readonly answers = new Map<string, Promise<unknown>>();
  private isRemembering = false;

  /** Answers are kept from now on: for who looks at much at once and changes nothing. */
  remember(): void {
    this.isRemembering = true;
  }

  forget(): void {
    this.isRemembering = false;
    this.answers.clear();
  }

  ask(question: string, asking: () => Promise<unknown>): Promise<unknown> {
    const known = this.answers.get(question);
    if (known) return known;
    const answer = asking();
    this.answers.set(question, answer);
    const forget = () => {
      if (!this.isRemembering && this.answers.get(question) === answer) {
        this.answers.delete(question);
      }
    };
    answer.then(forget, forget);
    return answer;
  }
}

/** Its answer can be read once, or is a secret; or it is asked again until the answer changes. */
const UNSHARED = new Set(['GetObject', 'GetAuthorizationToken', 'GetCommandInvocation']);

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
      return reads.ask(question, () => next(args));
    },
    { step: 'initialize', name: 'sharing', priority: 'high' },
  );
}
