/** What a terminal sends for a key. */
export const keys = {
  enter: '\r',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  escape: '\x1b',
  shiftTab: '\x1b[Z',
  backspace: '\x7f',
  space: ' ',
  ctrlC: '\x03',
  /** Empties the line one types in. */
  clear: '\x15',
};

/** As a terminal hands on what was pasted. */
export function pasted(text: string): string {
  return `\x1b[200~${text}\x1b[201~`;
}
