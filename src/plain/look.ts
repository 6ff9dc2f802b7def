import wrapAnsi from 'wrap-ansi';
import type { Format } from './style.ts';

/** How wide a line may be, and how a part of it is made to stand out. */
export interface Look {
  width: number;
  style(format: Format, text: string): string;
}

/** The column of what facts are called, as above them where one is. */
const LABELS = 10;

/** The start of what is too long. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(width - 1, 0))}…` : text;
}

/** What something is called, and beside it what is to be said of it. */
export function labelled(label: string, text: string, indent: number, look: Look): string[] {
  const start = `${' '.repeat(indent)}${look.style('dim', label)}${' '.repeat(LABELS - label.length)}`;
  return beside(start, indent + LABELS, text, look);
}

/** A text in a column of its own, after something that is so wide; below it, where that is too narrow. */
export function beside(start: string, width: number, text: string, look: Look): string[] {
  const lines = wrapped(text, width, look);
  if (lines.some((line) => line.length > look.width))
    return [start.trimEnd(), ...wrapped(text, 4, look)].filter(Boolean);
  return lines.map((line, index) => (index === 0 ? start + line.slice(width) : line));
}

/** Broken between words, and indented by so much. */
export function wrapped(text: string, indent: number, { width }: Look): string[] {
  const lines = wrapAnsi(text, Math.max(width - indent, 20)).split('\n');
  return lines.map((line) => ' '.repeat(indent) + line);
}
