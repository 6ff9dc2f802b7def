import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appResources } from '../src/tasks/app/index.ts';
import { httpRedirect } from '../src/tasks/app/rules.ts';
import { clusterResources } from '../src/tasks/cluster/index.ts';
import type { AnyResource } from '../src/tasks/resource.ts';
import { startEmulator } from '../test/support/emulator.ts';
import { type Faults, startFaults } from '../test/support/faults.ts';
import { type Machine, newMachine } from '../test/support/program.ts';
import type { Row } from './bench.ts';
import { longestChain, type Timed, timed } from './chain.ts';
import { median } from './start-up.ts';

/** Milliseconds added to every call: of a full run, and of the second, where the emulator's own work must not count. */
const LATENCY = 100;
const SECOND_LATENCY = 1000;

/** Who one is; the load balancer; its listeners; a bucket by its policy. */
const CLUSTER_IN_A_ROW = 4;
/** Who one is; the clusters, and which are ours; load balancer, listeners; distributions, their tags, the one. */
const APP_IN_A_ROW = 8;

interface Document {
  resources: { name: string; seconds: number }[];
  calls: { total: number; changing: number };
}

interface Run extends Timed<Document> {
  /** Until the first call that changes something, in seconds: starting, looking, planning. */
  planning: number;
  /** The median time of a call, in seconds. */
  roundTrip: number;
}

/** Of each command a full run and a second one, against an emulator whose every call takes a while. */
export async function runs(): Promise<Row[]> {
  const emulator = await startEmulator({ agentsDelay: 0, loadBalancerDelay: 0 });
  const machine = await newMachine(emulator.endpoint);
  const slow = await startFaults(emulator.endpoint, { latency: LATENCY });
  const slower = await startFaults(emulator.endpoint, { latency: SECOND_LATENCY });
  const twice = async (
    command: string,
    resources: AnyResource[],
    inARow: number,
    ...args: string[]
  ) => {
    const full = await run(slow, machine, command, '--yes', ...args);
    const second = await run(slower, machine, command, '--yes', ...args);
    const chain = full.planning + chainOf(full.document, resources);
    return [
      {
        what: `${command}, wall ÷ longest chain`,
        value: (full.wall / chain).toFixed(2),
        aim: '1.15',
      },
      { what: `${command}, calls (changing)`, value: calls(full) },
      { what: `${command} again, calls (changing)`, value: calls(second) },
      {
        what: `${command} again, wall ÷ ${inARow} calls in a row`,
        value: (second.wall / (inARow * second.roundTrip)).toFixed(2),
        aim: '1.5',
      },
    ];
  };
  try {
    const app = await mkdtemp(join(tmpdir(), 'digital-apps-bench-app-'));
    const env = join(machine.home, 'production.env');
    await writeFile(env, 'COLOUR=green\n');
    return [
      ...(await twice('init-cluster', clusterResources, CLUSTER_IN_A_ROW)),
      ...(await twice(
        'add-app',
        // Of the two rules for HTTP, the usual one.
        appResources.filter((resource) => resource !== httpRedirect),
        APP_IN_A_ROW,
        ...['--repo', 'city/parks', '--dir', app],
        ...['--host', 'parks.example.gov', '--env-file', env],
      )),
    ];
  } finally {
    await Promise.all([slow.stop(), slower.stop(), machine.remove()]);
    await emulator.stop();
  }
}

async function run(proxy: Faults, machine: Machine, ...args: string[]): Promise<Run> {
  const done = await timed<Document>(machine, proxy, ...args);
  const { calls } = proxy;
  const firstChange = calls.find(({ changing }) => changing) ?? calls[0]!;
  return {
    ...done,
    planning: done.starting + (firstChange.at - calls[0]!.at) / 1000,
    roundTrip: median(calls.map(({ ms = 0 }) => ms)) / 1000,
  };
}

/** Of each resource its own time, without its waiting for others. */
function chainOf({ resources: results }: Document, resources: AnyResource[]): number {
  const own = new Map(results.map(({ name, seconds }) => [name, seconds]));
  return longestChain(
    resources,
    ({ name }) => own.get(name) ?? 0,
    ({ needs, after = [] }) => [...Object.values(needs as Record<string, AnyResource>), ...after],
  );
}

function calls({ document }: Run): string {
  return `${document.calls.total} (${document.calls.changing})`;
}
