import type { Faults } from '../faults.ts';

/** Lays something over what the emulator answers to that operation, until the faults are cleared. */
export function lay<Answer>(
  faults: Faults,
  operation: string,
  change: (answer: Answer) => unknown,
): void {
  const rewrite = (body: string) => JSON.stringify(change(JSON.parse(body) as Answer));
  faults.inject({ operation, times: Number.POSITIVE_INFINITY, rewrite });
}
