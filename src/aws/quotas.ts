import type { Next, Stack } from './journal.ts';

/**
 * Keeps the SDK from asking again for what a quota refuses: it takes the name of that error for
 * throttling, and would try for most of a minute.
 */
export function refuseAtQuotas(stack: Stack): void {
  stack.add(
    (next: Next) => async (args: unknown) => {
      try {
        return await next(args);
      } catch (error) {
        const { name, message } = error as Error;
        const isQuota = name === 'LimitExceededException' && /cannot exceed/i.test(message);
        if (isQuota) (error as Error).name = 'LimitExceeded';
        throw error;
      }
    },
    { step: 'finalizeRequest', name: 'quotas', priority: 'low' },
  );
}
