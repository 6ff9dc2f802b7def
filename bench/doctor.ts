import { setTimeout as sleep } from 'node:timers/promises';
import {
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { awsClients, type Emulator, startEmulator } from '../test/support/emulator.ts';
import { type Call, type Faults, startFaults } from '../test/support/faults.ts';
import { newMachine } from '../test/support/program.ts';
import type { Row } from './bench.ts';
import { longestChain, timed } from './chain.ts';
import { makeApps, recordUnwell, recordWell } from './many-apps.ts';

const SIZES = [1, 10, 100, 1000];
const APPS = 200;
/** Milliseconds added to every call. */
const LATENCY = 50;

/** Whose answer each call needs, as far as that makes a chain longer. */
const NEEDS: Record<string, string[]> = {
  ListClusters: ['GetCallerIdentity'],
  DescribeClusters: ['ListClusters'],
  ListEntitiesForPolicy: ['DescribeClusters'],
  // The names of the cluster's parts: after that all checks begin.
  GetUser: ['ListEntitiesForPolicy'],
  ...after('GetUser', 'ListContainerInstances', 'ListServices', 'DescribeInstances'),
  ...after('GetUser', 'DescribeAutoScalingGroups', 'DescribeLoadBalancers', 'ListTasks'),
  DescribeContainerInstances: ['ListContainerInstances'],
  DescribeInstanceInformation: ['DescribeContainerInstances', 'DescribeInstances'],
  SendCommand: ['DescribeInstanceInformation'],
  GetCommandInvocation: ['SendCommand'],
  GetConsoleOutput: ['GetCommandInvocation'],
  GetMetricData: ['DescribeAutoScalingGroups'],
  DescribeListeners: ['DescribeLoadBalancers'],
  DescribeRules: ['DescribeListeners'],
  ListCertificates: ['DescribeRules'],
  DescribeServices: ['ListServices'],
  DescribeTasks: ['ListTasks'],
  DescribeTaskDefinition: ['DescribeServices'],
  DescribeTargetHealth: ['DescribeServices'],
  BatchGetImage: ['DescribeTaskDefinition'],
  GetDownloadUrlForLayer: ['BatchGetImage'],
};

function after(first: string, ...others: string[]): Record<string, string[]> {
  return Object.fromEntries(others.map((other) => [other, [first]]));
}

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
    await emulator.settings({ agents_connected: false });
    rows.push(...(await cost(emulator, `${SIZES.at(-1)} lost instances`)));
    await makeApps(awsClients(copy.endpoint), APPS);
    const all = { record: recordWell, args: ['--all'] };
    rows.push(...(await cost(copy, `${APPS} apps`, all)));
    rows.push(...(await cost(copy, `${APPS} unwell apps`, { ...all, record: recordUnwell })));
    return rows;
  } finally {
    await maker.remove();
    await Promise.all([emulator.stop(), copy.stop()]);
  }
}

interface Options {
  /** Lays over what the emulator answers. */
  record?: (faults: Faults) => void;
  args?: string[];
}

/** Of one look, every call of which takes a while. */
async function cost(
  { endpoint }: Emulator,
  of: string,
  { record, args = [] }: Options = {},
): Promise<Row[]> {
  const slow = await startFaults(endpoint, { latency: LATENCY });
  const machine = await newMachine(slow.endpoint);
  record?.(slow);
  try {
    const { document, wall, starting, peak } = await timed<{ calls: { total: number } }>(
      machine,
      slow,
      ...['doctor', '--skip', 'machine', ...args],
    );
    const ratio = wall / (starting + chainOf(slow));
    return [
      { what: `doctor of ${of}, calls`, value: String(document.calls.total) },
      { what: '  wall ÷ longest chain', value: ratio.toFixed(2), aim: '1.5' },
      { what: '  most memory', value: `${peak} MB`, aim: '300 MB' },
    ];
  } finally {
    await Promise.all([slow.stop(), machine.remove()]);
  }
}

/** In seconds. Each call with the time that it took itself, in which the emulator may have been busy with others. */
function chainOf({ calls }: Faults): number {
  const end = ({ at, ms = 0 }: Call) => at + ms;
  const before = (call: Call) => {
    const { operation, body, at } = call;
    const isPage = /"?(nextToken|NextToken|Marker)"?[:=]/.test(body);
    const needed = [...(NEEDS[operation] ?? []), ...(isPage ? [operation] : [])];
    return calls.filter((other) => needed.includes(other.operation) && end(other) <= at);
  };
  return longestChain(calls, ({ ms = 0 }) => ms / 1000, before);
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
