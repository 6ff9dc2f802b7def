import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink';
import { createElement } from 'react';
import { App } from '../../src/screens/app.tsx';
import { Stage } from '../../src/screens/stage.ts';

/** The wizard on a screen that is only in memory. */
export interface Screen {
  stage: Stage;
  /** What is shown, without colours and blank lines at the end. */
  frame(): string;
  /** The same with its escape sequences. */
  coloured(): string;
  /** Presses keys one after the other, each after the one before was taken. */
  press(...keys: string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  interrupts: number;
  close(): void;
}

/** Ink waits this long, in milliseconds, for what follows an escape; then it is a key of its own. */
const ESCAPE = 40;

/** What draws nothing for so long, in milliseconds, has taken all that was pressed. */
const SETTLE = 20;

export function openScreen(columns: number, rows: number): Screen {
  let last = '';
  let frames = 0;
  const stdout = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        // What is no frame switches modes of the terminal.
        if (stripVTControlCharacters(String(chunk)) !== '') last = String(chunk);
        frames += 1;
        done();
      },
    }),
    { columns, rows, isTTY: true },
  );
  const stdin = Object.assign(new PassThrough(), {
    ...{ isTTY: true, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin },
  });
  const stage = new Stage();
  const app = createElement(App, {
    stage,
    onInterrupt: () => {
      screen.interrupts += 1;
    },
  });
  // "debug" writes every frame whole and at once.
  const instance = render(app, {
    ...{ stdout, stdin: stdin as unknown as NodeJS.ReadStream, debug: true, interactive: true },
    ...{ exitOnCtrlC: false, patchConsole: false },
  });
  const still = async () => {
    for (let before = -1; before !== frames; await sleep(SETTLE)) before = frames;
  };
  const screen: Screen = {
    stage,
    coloured: () => last,
    frame: () => stripVTControlCharacters(last).trimEnd(),
    async press(...keys) {
      for (const key of keys) {
        stdin.write(key);
        await sleep(key === '\x1b' ? ESCAPE : 2);
      }
      await still();
    },
    async resize(toColumns, toRows) {
      Object.assign(stdout, { columns: toColumns, rows: toRows });
      stdout.emit('resize');
      await sleep(2);
    },
    interrupts: 0,
    close: () => instance.unmount(),
  };
  return screen;
}
