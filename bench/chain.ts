import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Faults } from '../test/support/faults.ts';
import type { Machine } from '../test/support/program.ts';

const PEAK = new URL('peak.ts', import.meta.url).href;

export interface Timed<Document> {
  document: Document;
  /** Of the whole process, in seconds. */
  wall: number;
  /** Until its first call, in seconds. */
  starting: number;
  /** The most memory it had, in MB. */
  peak: number;
}

/** Runs the program on a machine whose AWS is behind that proxy, which then has this run's calls alone. */
export async function timed<Document>(
  machine: Machine,
  proxy: Faults,
  ...args: string[]
): Promise<Timed<Document>> {
  const peak = join(machine.home, 'peak');
  Object.assign(machine.env, {
    ...{ AWS_ENDPOINT_URL: proxy.endpoint, NODE_OPTIONS: `--import=${PEAK}`, PEAK: peak },
  });
  proxy.calls.length = 0;
  const spawned = performance.now();
  const { stdout, stderr } = await machine.run(...args, '--json');
  const wall = (performance.now() - spawned) / 1000;
  if (!stdout) throw new Error(`it wrote no document, but said:\n${stderr}`);
  const most = Math.round(Number(await readFile(peak, 'utf8')));
  await rm(peak);
  return {
    document: JSON.parse(stdout),
    wall,
    starting: (proxy.started + proxy.calls[0]!.at - spawned) / 1000,
    peak: most,
  };
}

/** The longest sum of times along a graph: of each node its own, after all that it has to wait for. */
export function longestChain<Node>(
  nodes: Node[],
  own: (node: Node) => number,
  before: (node: Node) => Node[],
): number {
  const known = new Map<Node, number>();
  const until = (node: Node): number => {
    const found = known.get(node) ?? own(node) + Math.max(0, ...before(node).map(until));
    known.set(node, found);
    return found;
  };
  return Math.max(...nodes.map(until));
}
