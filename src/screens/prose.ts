import wrapAnsi from 'wrap-ansi';

/** Breaks text into lines between words, keeping its indentation; a word longer than a line is cut. */
export function prose(text: string, width: number): string[] {
  const indent = /^ */.exec(text)![0];
  return wrapAnsi(text.trim(), Math.max(width - indent.length, 10), { hard: true })
    .split('\n')
    .map((line) => indent + line);
}
