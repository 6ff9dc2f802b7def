import { styleText } from 'node:util';
import wrapAnsi from 'wrap-ansi';

type Format = Parameters<typeof styleText>[0];

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

  line(text = ''): void {
    this.stream.write(`${text}\n`);
  }

  /** Writes text that is broken between words and keeps its indentation. */
  wrapped(text: string, indent = 0): void {
    const width = this.stream.isTTY ? Math.max(40, this.stream.columns || 80) : 200;
    for (const line of wrapAnsi(text, width - indent - 1, { hard: true }).split('\n')) {
      this.line(' '.repeat(indent) + line);
    }
  }
}

/** 1.2 s, 45 s, 2 m 5 s. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
}
