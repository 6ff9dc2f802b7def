import { manyApps, newStatusWorld, type StatusDocument } from '../test/status/world.ts';
import { startFaults } from '../test/support/faults.ts';
import { newMachine } from '../test/support/program.ts';
import { recordAllRunning } from '../test/support/recorded/services.ts';
import type { Row } from './bench.ts';

const SIZES = [1, 100, 200];

/** Milliseconds added to every call, so many that the emulator's own work does not count. */
const LATENCY = 1000;

/** Who one is; the clusters, and which are ours; load balancer, listeners, rules, their tags; the targets. */
const IN_A_ROW = 8;

/** What a status costs, by the number of apps. */
export async function status(): Promise<Row[]> {
  const { aws, emulator, stop } = await newStatusWorld();
  const slow = await startFaults(emulator.endpoint, { latency: LATENCY });
  const machine = await newMachine(slow.endpoint);
  recordAllRunning(slow);
  try {
    const rows: Row[] = [];
    for (const [index, size] of SIZES.entries()) {
      await manyApps(aws, SIZES[index - 1] ?? 0, size);
      const begun = performance.now();
      const { stdout } = await machine.run('status', '--json');
      const wall = (performance.now() - begun) / LATENCY;
      const { calls } = JSON.parse(stdout) as StatusDocument;
      rows.push({ what: `status of ${size} apps, calls`, value: String(calls.total) });
      if (size > 1) continue;
      const what = `  wall ÷ ${IN_A_ROW} calls in a row`;
      rows.push({ what, value: (wall / IN_A_ROW).toFixed(2), aim: '1.5' });
    }
    return rows;
  } finally {
    await Promise.all([slow.stop(), machine.remove()]);
    await stop();
  }
}
