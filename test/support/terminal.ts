import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

const PROGRAM = fileURLToPath(new URL('../../bin/digital-apps', import.meta.url));

/** A terminal that somebody sits at, with the built program running in it. */
export interface Terminal {
  /** All that can be read, what has scrolled off included; blanks at the ends of lines are left out. */
  text(): string;
  /** All that the program wrote, with its escape sequences. */
  readonly raw: string;
  /** The rows of the terminal when it was highest. */
  readonly tallest: number;
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
  /** Resolves once that can be read, in however many lines, and the program is silent; rejects when it has ended without. */
  shows(pattern: RegExp | string): Promise<void>;
  /** Resolves with the exit code when it has ended and all is drawn. */
  ended: Promise<number>;
  /** The emulated screen, for its colours. */
  screen: InstanceType<typeof headless.Terminal>;
  kill(signal: NodeJS.Signals): void;
  close(): void;
}

export interface TerminalOptions {
  env: Record<string, string>;
  cwd: string;
  columns?: number;
  rows?: number;
  /** Run by Node instead of the program. */
  program?: string[];
  /** Run instead of the program alone, in a shell that finds it as "$0". */
  shell?: string;
}

/** How long the program must be silent to be thought of as waiting for a key, in milliseconds. */
const SILENT = 60;

export function openTerminal(args: string[], options: TerminalOptions): Terminal {
  const { env, cwd, columns = 80, rows = 24, shell } = options;
  const program = [process.execPath, ...(options.program ?? [PROGRAM]), ...args];
  const [file, rest] = shell
    ? ['/bin/sh', ['-c', shell, ...program]]
    : [program[0]!, program.slice(1)];
  const pty: IPty = spawn(file, rest, {
    name: env.TERM ?? 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    env: { TERM: 'xterm-256color', ...env },
  });
  const screen = new headless.Terminal({
    cols: columns,
    rows,
    scrollback: 5_000,
    allowProposedApi: true,
  });
  let raw = '';
  let lastOutput = Date.now();
  let hasEnded = false;
  let tallest = rows;
  pty.onData((data) => {
    raw += data;
    lastOutput = Date.now();
    screen.write(data);
  });
  const drawn = () => new Promise<void>((resolve) => screen.write('', resolve));
  const ended = new Promise<number>((resolve) => {
    pty.onExit(async ({ exitCode, signal }) => {
      // What it wrote last may still be on its way.
      await new Promise((soon) => setTimeout(soon, 30));
      await drawn();
      hasEnded = true;
      resolve(signal ? 128 + signal : exitCode);
    });
  });

  const text = () => {
    const { active } = screen.buffer;
    const lines = Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)!.translateToString(true, 0, screen.cols),
    );
    return lines.join('\n').trimEnd();
  };
  const isShown = (pattern: RegExp | string) =>
    typeof pattern === 'string'
      ? inOneLine(text()).includes(inOneLine(pattern))
      : pattern.test(text());

  return {
    text,
    get raw() {
      return raw;
    },
    get tallest() {
      return tallest;
    },
    press: (...pressed) => {
      for (const key of pressed) pty.write(key);
    },
    resize(toColumns, toRows) {
      tallest = Math.max(tallest, toRows);
      pty.resize(toColumns, toRows);
      screen.resize(toColumns, toRows);
    },
    async shows(pattern) {
      for (let waited = 0; waited < 20_000; waited += 20) {
        await drawn();
        if (isShown(pattern) && (hasEnded || Date.now() - lastOutput > SILENT)) return;
        if (hasEnded) break;
        await new Promise((soon) => setTimeout(soon, 20));
      }
      throw new Error(`it does not show ${pattern}:\n${text()}`);
    },
    ended,
    screen,
    kill: (signal) => pty.kill(signal),
    close() {
      if (!hasEnded) pty.kill('SIGKILL');
    },
  };
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
