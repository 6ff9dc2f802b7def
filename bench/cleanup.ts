import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateServiceCommand } from '@aws-sdk/client-ecs';
import { awsClients, startEmulator } from '../test/support/emulator.ts';
import { startFaults } from '../test/support/faults.ts';
import { newMachine } from '../test/support/program.ts';
import type { Row } from './bench.ts';

const REVISIONS = 3000;
/** Milliseconds added to every call. */
const LATENCY = 10;

/** Clusters; their services and tasks; what these are. */
const LOOK_IN_A_ROW = 3;
/** Who one is; the clusters, and which are ours; load balancer, listeners, rules, tags; a look; thirty pages of revisions; families, and what they name. */
const PLAN_IN_A_ROW = 1 + 2 + 4 + LOOK_IN_A_ROW + REVISIONS / 100 + 2;
/** Before so many what runs is read again. */
const BATCH = 20;

/** What it costs to clean up after so many deploys, without AWS's limit of one task definition a second. */
export async function cleanup(): Promise<Row[]> {
  const emulator = await startEmulator({ agentsDelay: 0, loadBalancerDelay: 0 });
  const slow = await startFaults(emulator.endpoint, { latency: LATENCY });
  const machine = await newMachine(emulator.endpoint);
  try {
    const make = async (...args: string[]) => {
      const { exitCode, stderr } = await machine.run(...args, '--yes', '--no-wait');
      if (exitCode !== 0) throw new Error(stderr);
    };
    const dir = await mkdtemp(join(machine.home, 'parks-'));
    await make('init-cluster', '--set', 'key-pair=none');
    await make(
      ...['add-app', '--repo', 'city/parks', '--dir', dir, '--no-cdn'],
      ...['--host', 'parks.example.gov', '--set', 'certificate=none'],
    );
    const deploys = { revisions: REVISIONS, images: 834 };
    await emulator.past({ family: 'parks', repository: 'digital-apps/parks', ...deploys });
    const service = { cluster: 'digitalApps', serviceName: 'parks', taskDefinition: 'parks' };
    await awsClients(emulator.endpoint).ecs.send(
      new CreateServiceCommand({ ...service, desiredCount: 0 }),
    );
    const cleaner = await newMachine(slow.endpoint);
    const begun = performance.now();
    const { stdout } = await cleaner.run('cleanup', 'parks', '--yes', '--json');
    const wall = (performance.now() - begun) / 1000;
    await cleaner.remove();
    const { calls } = JSON.parse(stdout) as { calls: { total: number; changing: number } };
    const gone = slow.calls.filter(({ operation }) => operation === 'DeregisterTaskDefinition');
    const looks = Math.ceil(gone.length / BATCH) * LOOK_IN_A_ROW;
    const inARow = PLAN_IN_A_ROW + gone.length + looks;
    const roundTrip =
      slow.calls.reduce((sum, { ms = 0 }) => sum + ms, 0) / slow.calls.length / 1000;
    return [
      {
        what: `cleanup of ${REVISIONS} revisions, calls (changing)`,
        value: `${calls.total} (${calls.changing})`,
      },
      {
        what: `  wall ÷ ${inARow} calls in a row`,
        value: (wall / (inARow * roundTrip)).toFixed(2),
        aim: '1.5',
      },
    ];
  } finally {
    await Promise.all([slow.stop(), machine.remove()]);
    await emulator.stop();
  }
}
