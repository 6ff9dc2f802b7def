import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { clusterResources } from '../src/tasks/cluster/index.ts';
import type { AnyResource } from '../src/tasks/resource.ts';
import { startEmulator } from '../test/support/emulator.ts';
import { type Faults, startFaults } from '../test/support/faults.ts';
import type { Row } from './bench.ts';
import { median } from './start-up.ts';

/** Milliseconds added to every call: of a full run, and of the second, where the emulator's own work must not count. */
const LATENCY = 100;
const SECOND_LATENCY = 1000;

interface Document {
  resources: { name: string; seconds: number }[];
  calls: { total: number; changing: number };
}

interface Run {
  document: Document;
  /** Of the whole process, in seconds. */
  wall: number;
  /** Until the first call that changes something, in seconds: starting, looking, planning. */
  planning: number;
  /** The median time of a call, in seconds. */
  roundTrip: number;
}

/** A full run and a second one, against an emulator whose every call takes a while. */
export async function runs(): Promise<Row[]> {
  const emulator = await startEmulator({ agentsDelay: 0, loadBalancerDelay: 0 });
  const home = await mkdtemp(join(tmpdir(), 'digital-apps-bench-'));
  const slow = await startFaults(emulator.endpoint, { latency: LATENCY });
  const slower = await startFaults(emulator.endpoint, { latency: SECOND_LATENCY });
  try {
    const full = await initCluster(slow, home);
    const second = await initCluster(slower, home);
    const chain = full.planning + longestChain(full.document);
    return [
      {
        what: 'full run, wall ÷ longest chain',
        value: (full.wall / chain).toFixed(2),
        aim: '1.15',
      },
      { what: 'full run, calls (changing)', value: calls(full) },
      { what: 'second run, calls (changing)', value: calls(second) },
      {
        what: 'second run, wall ÷ one round trip',
        value: (second.wall / second.roundTrip).toFixed(2),
        aim: '5',
      },
    ];
  } finally {
    await Promise.all([slow.stop(), slower.stop()]);
    await emulator.stop();
  }
}

async function initCluster(proxy: Faults, home: string): Promise<Run> {
  const spawned = performance.now();
  const { stdout } = await execa(
    process.execPath,
    ['bin/digital-apps', 'init-cluster', '--yes', '--json'],
    {
      env: {
        HOME: home,
        XDG_STATE_HOME: home,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: 'us-east-2',
        AWS_ENDPOINT_URL: proxy.endpoint,
      },
    },
  );
  const wall = (performance.now() - spawned) / 1000;
  const firstCall = proxy.calls[0]?.at ?? 0;
  const started = wall - (proxy.calls.at(-1)!.at + proxy.calls.at(-1)!.ms! - firstCall) / 1000;
  const firstChange = proxy.calls.find(({ changing }) => changing)?.at;
  const planning = started + ((firstChange ?? firstCall) - firstCall) / 1000;
  return {
    document: JSON.parse(stdout),
    wall,
    planning,
    roundTrip: median(proxy.calls.map(({ ms = 0 }) => ms)) / 1000,
  };
}

/** The longest sum of times along the graph, each resource's own time without its waiting for others. */
function longestChain({ resources }: Document): number {
  const own = new Map(resources.map(({ name, seconds }) => [name, seconds]));
  const until = (resource: AnyResource): number => {
    const before = [
      ...Object.values(resource.needs as Record<string, AnyResource>),
      ...(resource.after ?? []),
    ];
    return (own.get(resource.name) ?? 0) + Math.max(0, ...before.map(until));
  };
  return Math.max(...clusterResources.map(until));
}

function calls({ document }: Run): string {
  return `${document.calls.total} (${document.calls.changing})`;
}
