import { duration } from '../plain/style.ts';
import { remaining } from './estimate.ts';
import { isDone, type RunState, stands } from './run-state.ts';

interface Input {
  run: RunState;
  calls: number;
  /** Of the process clock, in milliseconds. */
  now: number;
  width: number;
  /** AWS itself; an emulator's times say nothing, and are not guessed. */
  isReal: boolean;
}

/** A bar, how many are done, the calls made, the time it has taken and, on AWS, what is left. */
export function progressLine({ run, calls, now, width, isReal }: Input): string {
  const done = run.rows.filter(stands).length;
  const isOver = run.rows.every(isDone);
  const total = run.rows.length;
  const took = duration((now - run.since) / 1000);
  const left = isReal && !isOver ? leftWords(remaining(run, now)) : took;
  const words = `${done} of ${total}   ${calls} calls   ${left}`;
  const room = Math.min(width - words.length - 3, 40);
  if (room < 5) return words;
  const filled = Math.round((done / total) * room);
  return `${'━'.repeat(filled)}${'─'.repeat(room - filled)}   ${words}`;
}

function leftWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'longer than usual';
  if (seconds < 60) return 'under a minute left';
  return `about ${Math.round(seconds / 60)} min left`;
}
