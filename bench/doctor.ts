import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { awsClients, type Emulator, startEmulator } from '../test/support/emulator.ts';
import { startFaults } from '../test/support/faults.ts';
import { newMachine } from '../test/support/program.ts';
import type { Row } from './bench.ts';
import { makeApps } from './many-apps.ts';

const PEAK = new URL('peak.ts', import.meta.url).href;
const SIZES = [1, 10, 100, 1000];
const APPS = 200;
/** Milliseconds added to every call. */
const LATENCY = 50;

/** What the doctor's look at a cluster costs, by the number of its instances, and of its apps. */
export async function doctor(): Promise<Row[]> {
  const emulator = await startEmulator({ agentsDelay: 0, loadBalancerDelay: 0 });
  const maker = await newMachine(emulator.endpoint);
  await maker.run('init-cluster', '--yes', '--no-wait', '--set', 'key-pair=none');
  const copy = await startEmulator({ copyOf: emulator.endpoint });
  try {
    const rows: Row[] = [];
    for (const size of SIZES) {
      await resize(awsClients(emulator.endpoint), size);
      rows.push(...(await cost(emulator, `${size} instances`)));
    }
    await makeApps(awsClients(copy.endpoint), APPS);
    return [...rows, ...(await cost(copy, `${APPS} apps`, '--all'))];
  } finally {
    await maker.remove();
    await Promise.all([emulator.stop(), copy.stop()]);
  }
}

/** Of one look, every call of which takes a while. */
async function cost({ endpoint }: Emulator, of: string, ...args: string[]): Promise<Row[]> {
  const slow = await startFaults(endpoint, { latency: LATENCY });
  const machine = await newMachine(slow.endpoint, { NODE_OPTIONS: `--import=${PEAK}` });
  machine.env.PEAK = join(machine.home, 'peak');
  try {
    const begun = performance.now();
    const { stdout } = await machine.run('doctor', '--json', '--skip', 'machine', ...args);
    const wall = (performance.now() - begun) / 1000;
    const { checks, calls } = JSON.parse(stdout) as Document;
    const longest = Math.max(...checks.map(({ seconds }) => seconds));
    const peak = Math.round(Number(await readFile(machine.env.PEAK, 'utf8')));
    return [
      { what: `doctor of ${of}, calls`, value: String(calls.total) },
      { what: '  wall ÷ its longest check', value: (wall / longest).toFixed(2), aim: '1.5' },
      { what: '  most memory', value: `${peak} MB`, aim: '300 MB' },
    ];
  } finally {
    await Promise.all([slow.stop(), machine.remove()]);
  }
}

interface Document {
  checks: { seconds: number }[];
  calls: { total: number };
}

/** Until all of them have joined. */
async function resize({ autoScaling, ecs }: ReturnType<typeof awsClients>, size: number) {
  const AutoScalingGroupName = 'digitalApps';
  const sizes = { MinSize: 1, MaxSize: 1000 };
  await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...sizes }));
  await autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: size }),
  );
  for (let joined = 0; joined < size; await sleep(200)) {
    const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['digitalApps'] }));
    joined = clusters?.[0]?.registeredContainerInstancesCount ?? 0;
  }
}
