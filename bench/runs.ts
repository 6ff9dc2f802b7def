import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { appResources } from '../src/tasks/app/index.ts';
import { httpRedirect } from '../src/tasks/app/rules.ts';
import { clusterResources } from '../src/tasks/cluster/index.ts';
import type { AnyResource } from '../src/tasks/resource.ts';
import { startEmulator } from '../test/support/emulator.ts';
import { type Faults, startFaults } from '../test/support/faults.ts';
import type { Row } from './bench.ts';
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

interface Run {
  document: Document;
  /** Of the whole process, in seconds. */
  wall: number;
  /** Until the first call that changes something, in seconds: starting, looking, planning. */
  planning: number;
  /** The median time of a call, in seconds. */
  roundTrip: number;
}

/** Of each command a full run and a second one, against an emulator whose every call takes a while. */
export async function runs(): Promise<Row[]> {
  const emulator = await startEmulator({ agentsDelay: 0, loadBalancerDelay: 0 });
  const home = await mkdtemp(join(tmpdir(), 'digital-apps-bench-'));
  const slow = await startFaults(emulator.endpoint, { latency: LATENCY });
  const slower = await startFaults(emulator.endpoint, { latency: SECOND_LATENCY });
  const twice = async (
    command: string,
    resources: AnyResource[],
    inARow: number,
    ...args: string[]
  ) => {
    const all = [command, '--yes', '--json', ...args];
    const full = await run(slow, home, all);
    const second = await run(slower, home, all);
    const chain = full.planning + longestChain(full.document, resources);
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
    const env = join(home, 'production.env');
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
    await Promise.all([slow.stop(), slower.stop()]);
    await emulator.stop();
  }
}

async function run(proxy: Faults, home: string, args: string[]): Promise<Run> {
  proxy.calls.length = 0;
  const spawned = performance.now();
  const { stdout } = await execa(process.execPath, ['bin/digital-apps', ...args], {
    env: {
      HOME: home,
      XDG_STATE_HOME: home,
      XDG_DATA_HOME: home,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-2',
      AWS_ENDPOINT_URL: proxy.endpoint,
    },
  });
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
function longestChain({ resources: results }: Document, resources: AnyResource[]): number {
  const own = new Map(results.map(({ name, seconds }) => [name, seconds]));
  const until = (resource: AnyResource): number => {
    const before = [
      ...Object.values(resource.needs as Record<string, AnyResource>),
      ...(resource.after ?? []),
    ];
    return (own.get(resource.name) ?? 0) + Math.max(0, ...before.map(until));
  };
  return Math.max(...resources.map(until));
}

function calls({ document }: Run): string {
  return `${document.calls.total} (${document.calls.changing})`;
}
