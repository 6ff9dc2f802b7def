import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { allBut } from '../test/support/answers.ts';
import { startEmulator } from '../test/support/emulator.ts';
import { keys } from '../test/support/keys.ts';
import { newMachine } from '../test/support/program.ts';
import { openTerminal, type Terminal } from '../test/support/terminal.ts';
import type { Row } from './bench.ts';

const METER = new URL('meter.ts', import.meta.url).href;
const PRESSES = 60;

/** What the wizard costs while it waits for a person and while it shows a run, and how soon it answers. */
export async function wizard(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'digital-apps-bench-'));
  try {
    const script = join(directory, 'busy-run.mjs');
    await bundle(directory);
    const idle = await idleCpu(directory);
    const run = await busyRun(script, 'run', directory);
    const keys = await busyRun(script, 'keys', directory);
    const soak = await busyRun(script, 'soak', directory);
    return [
      { what: 'a question on screen, CPU of a core', value: percent(idle), aim: '1 %' },
      { what: 'a run of 40 rows (120×40), CPU of a core', value: percent(run.figure), aim: '8 %' },
      {
        what: 'key to screen in it, p95',
        value: `${Math.round(p95(keys.delays))} ms`,
        aim: '50 ms',
      },
      { what: 'heap growth over 20,000 events', value: `${soak.figure.toFixed(1)} MB` },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** As the program is: Node alone runs no JSX, and React's development build is another thing. */
async function bundle(outdir: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('busy-run.ts', import.meta.url))],
    ...{ outdir, outExtension: { '.js': '.mjs' }, logLevel: 'warning' },
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node' },
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import{createRequire as createRequireHere}from'node:module';const require=createRequireHere(import.meta.url);",
    },
    external: ['react-devtools-core'],
  });
}

/** CPU time in seconds a second, over five of them, with the first list open. */
async function idleCpu(directory: string): Promise<number> {
  const emulator = await startEmulator();
  const machine = await newMachine(emulator.endpoint, {
    NODE_OPTIONS: `--import=${METER}`,
    METER: join(directory, 'cpu'),
  });
  const terminal = openTerminal(['init-cluster', ...allBut('instance-type')], {
    ...{ env: machine.env, cwd: machine.home },
  });
  try {
    await terminal.shows('go on');
    terminal.press(keys.enter);
    await terminal.shows('Which instance type?');
    // What is left of starting is not idling.
    await sleep(2000);
    terminal.kill('SIGUSR2');
    await sleep(5000);
    terminal.kill('SIGUSR2');
    await sleep(100);
    const [before = 0, after = 0] = (await readFile(join(directory, 'cpu'), 'utf8'))
      .split('\n')
      .map(Number);
    return (after - before) / 5;
  } finally {
    terminal.close();
    await machine.remove();
    await emulator.stop();
  }
}

/** The figure that the script leaves, and meanwhile how long keys take to be on screen. */
async function busyRun(script: string, mode: 'run' | 'keys' | 'soak', directory: string) {
  const file = join(directory, mode);
  const terminal = openTerminal([mode, file], {
    ...{ program: ['--expose-gc', script], cwd: directory, columns: 120, rows: 40 },
    env: { PATH: process.env.PATH! },
  });
  const delays: number[] = [];
  try {
    if (mode === 'keys') {
      await sleep(2000);
      for (let index = 0; index < PRESSES; index += 1) {
        delays.push(await keyToScreen(terminal, index));
        await sleep(40 + Math.random() * 60);
      }
    }
    await terminal.ended;
    return { figure: Number(await readFile(file, 'utf8')), delays };
  } finally {
    terminal.close();
  }
}

/** Milliseconds from a press of the arrow until the pointer stands on another line. */
async function keyToScreen(terminal: Terminal, index: number): Promise<number> {
  const pointer = () =>
    terminal
      .text()
      .split('\n')
      .findIndex((line) => line.includes('❯'));
  const before = pointer();
  const pressed = performance.now();
  terminal.press(index % 2 === 0 ? keys.down : keys.up);
  while (pointer() === before && performance.now() - pressed < 1000) await sleep(1);
  return performance.now() - pressed;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function p95(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
}
