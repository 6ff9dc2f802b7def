import type { Terminal } from '@xterm/headless';

/** Text in one style. */
export interface Run {
  text: string;
  column: number;
  colour?: number;
  bold?: boolean;
  dim?: boolean;
}

const CELL = { width: 8.4, height: 19 };
const MARGIN = 18;
const BACKGROUND = '#16181d';
const FOREGROUND = '#d7dae0';
/** The sixteen colours of a terminal. */
const PALETTE = [
  ...['#3f4451', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'],
  ...['#7f848e', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#ffffff'],
];

/** The line that a command is typed on. */
export function prompt(command: string): Run[] {
  return [
    { text: '$', column: 0, dim: true },
    { text: command, column: 2, bold: true },
  ];
}

/** What a terminal shows, as lines of runs; blank lines at the end are left out. */
export function linesOf({ buffer: { active } }: Terminal): Run[][] {
  const lines = Array.from({ length: active.length }, (_, row) => runsOf(active, row));
  const last = lines.findLastIndex((runs) => runs.length > 0);
  return lines.slice(0, last + 1);
}

function runsOf(buffer: Terminal['buffer']['active'], row: number): Run[] {
  const line = buffer.getLine(row)!;
  const runs: Run[] = [];
  for (let column = 0; column < line.translateToString(true).length; column++) {
    const cell = line.getCell(column)!;
    const style = {
      colour: cell.isFgPalette() ? cell.getFgColor() : undefined,
      bold: cell.isBold() > 0,
      dim: cell.isDim() > 0,
    };
    const last = runs.at(-1);
    const isSame = last?.colour === style.colour && last?.bold === style.bold;
    if (last && isSame && last.dim === style.dim) last.text += cell.getChars() || ' ';
    else runs.push({ text: cell.getChars() || ' ', column, ...style });
  }
  return runs.filter(({ text }) => text.trim() !== '').map(trimmed);
}

/** Without the blanks at its ends, which renderers collapse. */
function trimmed(run: Run): Run {
  const before = run.text.length - run.text.trimStart().length;
  return { ...run, text: run.text.trim(), column: run.column + before };
}

/** A picture of those lines that needs no font of its own and reads on any page. */
export function toSvg(lines: Run[][], columns: number, title: string): string {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + 2 * MARGIN);
  const texts = lines.flatMap((runs, row) => runs.map((run) => textOf(run, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${FOREGROUND}" xml:space="preserve">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function textOf({ text, column, colour, bold, dim }: Run, row: number): string {
  const x = (MARGIN + column * CELL.width).toFixed(1);
  const y = (MARGIN + row * CELL.height + 14).toFixed(1);
  // Whatever the font, a run takes the room it has on a terminal.
  const length = (text.length * CELL.width).toFixed(1);
  const style = [
    colour === undefined ? '' : ` fill="${PALETTE[colour] ?? FOREGROUND}"`,
    bold ? ' font-weight="bold"' : '',
    dim ? ' opacity="0.6"' : '',
  ].join('');
  return `<text x="${x}" y="${y}" textLength="${length}"${style}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(' ', '\u00a0');
}
