import { explain } from './aws/errors.ts';
import { UserError } from './errors.ts';

/** Says an error that ended a command, and answers with the exit code. */
export function fail(error: unknown, debug: boolean): number {
  // Ctrl-C at a prompt.
  if ((error as Error).name === 'ExitPromptError') {
    console.error('\nLeft; nothing was changed.');
    return 130;
  }
  const { answer, fix } = explain(error);
  console.error([answer, fix].filter(Boolean).join('\n'));
  if (debug) console.error((error as Error).stack);
  return error instanceof UserError ? 2 : 1;
}
