import wrapAnsi from 'wrap-ansi';

/** Breaks text into lines between words; a word longer than a line is cut. */
export function prose(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(width, 10), { hard: true }).split('\n');
}
