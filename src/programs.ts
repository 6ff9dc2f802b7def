import { execa } from 'execa';
import { Interrupted } from './errors.ts';

/** In seconds, for what should not have to think. */
const PATIENCE = 5;

export interface Answer {
  /** Why there is none: there is no such program here, or it took too long. */
  missing?: 'program' | 'answer';
  exitCode?: number;
  stdout: string;
  stderr: string;
}

/**
 * What a program of this machine answers.
 * @param patience in seconds, after which it is ended.
 * @throws Interrupted.
 */
export async function ask(
  file: string,
  args: string[],
  cancelSignal: AbortSignal,
  patience = PATIENCE,
): Promise<Answer> {
  const running = execa(file, args, { reject: false, stdin: 'ignore', cancelSignal });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    running.kill('SIGKILL');
    // What it has started itself may hold these open for as long as it likes.
    running.stdout.destroy();
    running.stderr.destroy();
  }, patience * 1000);
  const { exitCode, code, stdout, stderr } = await running;
  clearTimeout(timer);
  if (cancelSignal.aborted) throw new Interrupted();
  const missing = isLate ? 'answer' : code === 'ENOENT' ? 'program' : undefined;
  return { missing, exitCode, stdout, stderr };
}

/** Says that it was waited for in vain, so many seconds. */
export function noAnswer(file: string, patience = PATIENCE): string {
  return `${file} gave no answer within ${patience} s.`;
}
