import { stripVTControlCharacters, styleText } from 'node:util';
import wrapAnsi from 'wrap-ansi';

export type Format = Parameters<typeof styleText>[0];

/** The one colour; red is for what failed. */
export const ACCENT = 'cyan';

/** A terminal narrower than this shows one column below the other. */
export const NARROW = 60;

/** What goes on further in than this is in a column of its own. */
const LABEL = 5;

/** Writes lines to a terminal, a pipe or a file: coloured and wrapped only where that is wanted. */
export class Page {
  private readonly stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
    // Nobody reads any more (`| head`, a closed window): the run goes on all the same.
    stream.on('error', () => {});
  }

  /** Styled where the stream shows it and NO_COLOR does not forbid it. */
  style(format: Format, text: string): string {
    return styleText(format, text, { stream: this.stream });
  }

  showCursor(): void {
    if (this.stream.isTTY) this.stream.write('\x1b[?25h');
  }

  line(text = ''): void {
    this.stream.write(`${text}\n`);
  }

  /** Writes text that is broken between words and keeps its indentation; no id or address is broken. */
  wrapped(text: string, { indent = 0, hanging, format = [] }: Wrapping = {}): void {
    const usual = hanging ?? indent;
    // On a narrow terminal a column of its own would leave no room for a name or an address.
    const after = this.width < NARROW && usual - indent > LABEL ? 4 : usual;
    // The first line has as much more room as it begins further left.
    const at = afterColumns(text, Math.max(0, after - indent));
    const rest = text.slice(at).replace(/^ +/, (gap) => GAP.repeat(gap.length));
    const [first, ...more] = this.broken(rest, Math.max(indent, after));
    const begin = text.slice(0, at) + first!.replaceAll(GAP, ' ');
    this.line(' '.repeat(indent) + this.style(format, begin.trimEnd()));
    for (const line of more) {
      this.line(' '.repeat(after) + this.style(format, line.replaceAll(GAP, '')));
    }
  }

  /**
   * Writes a name and what is to be said of it in two columns, after something short.
   * Both go on below themselves; on a narrow terminal the second stands below the first.
   */
  row({ start, name, rest, format = [] }: Row): void {
    const isNarrow = this.width < NARROW;
    const indent = stripVTControlCharacters(start).length;
    const names = isNarrow ? this.broken(name, indent) : wrapAnsi(name, 24).split('\n');
    // A name that cannot be broken, like a variable's, may be wider.
    const width = Math.max(24, ...names.map((part) => part.length));
    const column = isNarrow ? 4 : indent + width + 2;
    const rests = [rest].flat().flatMap((text) => (text ? this.broken(text, column) : []));
    const left = names.map((part, index) => (index === 0 ? start : ' '.repeat(indent)) + part);
    const right = rests.map((part) => this.style(format, part));
    if (isNarrow) {
      for (const line of [...left, ...right.map((part) => ' '.repeat(column) + part)])
        this.line(line);
      return;
    }
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      // A name that cannot be broken may be wider than its column.
      const gap = Math.max(1, column - indent - (names[index] ?? '').length);
      const begin = left[index] ?? ' '.repeat(indent);
      this.line(right[index] ? begin + ' '.repeat(gap) + right[index] : begin);
    }
  }

  /** Without a terminal nothing is broken, so that it can be searched. */
  private broken(text: string, indent: number): string[] {
    if (!this.stream.isTTY) return text.split('\n');
    return wrapAnsi(text, Math.max(20, this.width - indent - 1)).split('\n');
  }

  get width(): number {
    return this.stream.isTTY ? this.stream.columns || 80 : 10_000;
  }
}

/** Stands for a space that is not to be cut off; in no text, as it means nothing. */
const GAP = '\ue000';

/** The place in a text after so many columns of it, or where its first line ends. */
function afterColumns(text: string, columns: number): number {
  let at = 0;
  for (const [, code, char] of text.matchAll(CODE_OR_CHARACTER)) {
    if (char === '\n' || (char && columns === 0)) break;
    at += (code ?? char)!.length;
    if (char) columns -= 1;
  }
  return at;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is how terminals are told of colours
const CODE_OR_CHARACTER = /(\x1b\[[\d;]*m)|(.)/gsu;

interface Wrapping {
  indent?: number;
  /** Of all lines but the first, where that is another. */
  hanging?: number;
  format?: Format;
}

interface Row {
  /** Goes before the first column and stands out from it. */
  start: string;
  name: string;
  /** Each text begins a line of its own in the second column. */
  rest: string | string[];
  format?: Format;
}

/** 1.2 s, 45 s, 2 m 5 s. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
}

/** 2–4 min. */
export function span({ least, most }: { least: number; most: number }): string {
  return `${Math.round(least / 60)}–${Math.round(most / 60)} min`;
}
