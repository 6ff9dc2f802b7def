import { execa } from 'execa';
import type { Row } from './bench.ts';

const ROUNDS = 15;

/** How long `--help` takes against a Node that does nothing; medians, taken in turns. */
export async function startUp(): Promise<Row> {
  const help: number[] = [];
  const nothing: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    help.push(await time(['bin/digital-apps', '--help']));
    nothing.push(await time(['-e', '0']));
  }
  const ratio = median(help) / median(nothing);
  return { what: '--help ÷ node -e 0', value: ratio.toFixed(2), aim: '1.5' };
}

async function time(args: string[]): Promise<number> {
  const started = performance.now();
  await execa(process.execPath, args);
  return performance.now() - started;
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
