import { duration } from '../plain/style.ts';
import { isDone, type RunState } from './run-state.ts';

/** A bar, how many are done, the calls made and the time it has taken. */
export function progressLine(run: RunState, calls: number, now: number, width: number): string {
  const done = run.rows.filter(isDone).length;
  const total = run.rows.length;
  const words = `${done} of ${total}   ${calls} calls   ${duration((now - run.since) / 1000)}`;
  const room = Math.min(width - words.length - 3, 40);
  if (room < 5) return words;
  const filled = Math.round((done / total) * room);
  return `${'━'.repeat(filled)}${'─'.repeat(room - filled)}   ${words}`;
}
