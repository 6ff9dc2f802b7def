import { type Context, isChanging, type Next, operationOf, type Stack } from './journal.ts';

/** Lets those who ask the very same thing at the same moment share one call. */
export function shareReads(stack: Stack): void {
  const underWay = new Map<string, Promise<unknown>>();
  stack.add(
    (next: Next, context: Context) => (args: { input: object }) => {
      const operation = operationOf(context);
      if (isChanging(operation)) return next(args);
      const question = `${operation} ${JSON.stringify(args.input)}`;
      const answer = underWay.get(question) ?? next(args).finally(() => underWay.delete(question));
      underWay.set(question, answer);
      return answer;
    },
    { step: 'initialize', name: 'sharing', priority: 'high' },
  );
}
