import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { Page } from '../../src/plain/style.ts';

/** What is written to a terminal of so many columns, or to a pipe. */
export function written(show: (page: Page) => void, columns?: number): string {
  const stream = new PassThrough();
  Object.assign(stream, { columns, isTTY: columns !== undefined });
  show(new Page(stream as unknown as NodeJS.WriteStream));
  return stream.read()?.toString() ?? '';
}

/** The same on a usual and on a narrow terminal, without colours; only what has no blank may be wider. */
export function onTerminals(show: (page: Page) => void): string {
  const pages = [80, 40].map((columns) => {
    const text = written(show, columns).replace(COLOURS, '');
    const wide = text.split('\n').filter((line) => line.length > columns);
    expect(wide.filter((line) => line.trim().includes(' '))).toEqual([]);
    return `${columns}\n${'─'.repeat(columns)}\n${text}`;
  });
  return pages.join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are told by these.
const COLOURS = /\x1b\[\d+m/g;
