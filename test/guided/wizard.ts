import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { type Machine, newMachine } from '../support/program.ts';
import { openTerminal, type Terminal, type TerminalOptions } from '../support/terminal.ts';

export const ENTER_SCREEN = '\x1b[?1049h';
const LEAVE_SCREEN = '\x1b[?1049l';
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is told by these.
const DRAWN = /\x1b\[\?2026h(.*?)\x1b\[\?2026l/gs;
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

/** Where the wizard runs: an emulator behind a proxy, and a person's machine, new for each test. */
export interface Place {
  emulator: Emulator;
  faults: Faults;
  machine: Machine;
  /** Starts `init-cluster` in a terminal; every stream is held to the rules at the end of its test. */
  open(args: string[], options?: Partial<TerminalOptions>): Terminal;
  /** The operations so far that change something. */
  changes(): string[];
}

export function usePlace(): Place {
  const opened: Terminal[] = [];
  const place = {
    open(args: string[], options: Partial<TerminalOptions> = {}) {
      const terminal = openTerminal(['init-cluster', ...args], {
        ...{ cwd: place.machine.home, env: place.machine.env },
        ...options,
      });
      opened.push(terminal);
      return terminal;
    },
    changes: () =>
      place.faults.calls.filter(({ changing }) => changing).map(({ operation }) => operation),
  } as Place;
  beforeAll(async () => {
    place.emulator = await startEmulator();
    place.faults = await startFaults(place.emulator.endpoint);
  });
  beforeEach(async () => {
    await place.emulator.reset();
    place.faults.clear();
    place.machine = await newMachine(place.faults.endpoint);
  });
  afterEach(async () => {
    const streams = opened.splice(0);
    for (const terminal of streams) terminal.close();
    await place.machine.remove();
    for (const terminal of streams) expectDrawnWell(terminal);
  });
  afterAll(async () => {
    await place.faults.stop();
    await place.emulator.stop();
  });
  return place;
}

/** Never a wiped scrollback, never a frame as high as the terminal. */
function expectDrawnWell({ raw, tallest }: Terminal): void {
  expect(raw).not.toContain('\x1b[3J');
  // Between these two a frame is drawn at once.
  for (const [, frame = ''] of raw.matchAll(DRAWN)) {
    expect(frame.split('\n').length - 1).toBeLessThan(tallest);
  }
}

/** All is as it was before the program: its own screen is left, the cursor shown, keys are echoed. */
export function expectRestored({ raw, text }: Terminal): void {
  expect(raw.lastIndexOf(LEAVE_SCREEN)).toBeGreaterThan(raw.lastIndexOf(ENTER_SCREEN));
  expect(raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(raw.lastIndexOf(HIDE_CURSOR));
  expect(raw.lastIndexOf('\x1b[?2004l')).toBeGreaterThanOrEqual(raw.lastIndexOf('\x1b[?2004h'));
  for (const flag of ['icanon', 'echo', 'isig', 'icrnl', 'opost']) {
    expect(text()).toMatch(new RegExp(`(^|[ ;])${flag}\\b`, 'm'));
  }
}

/** In a shell, which says afterwards how it ended and how the terminal is set. */
export const IN_SHELL = { shell: '"$0" "$@"; echo "code $?"; stty -a' };

/** Goes on from one screen to the next. */
export function stepper(terminal: Terminal) {
  return async (shown: string | RegExp, ...pressed: string[]) => {
    await terminal.shows(shown);
    for (const key of pressed) {
      const before = terminal.raw.length;
      terminal.press(key);
      // Until it is drawn; a key that changes nothing never is.
      for (let waited = 0; waited < 250 && terminal.raw.length === before; waited += 5) {
        await new Promise((soon) => setTimeout(soon, 5));
      }
    }
  };
}
