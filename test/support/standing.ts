import { type Emulator, startEmulator } from './emulator.ts';
import { newMachine } from './program.ts';

interface Standing {
  endpoint: string;
  /** What making it told: the guide's global variables. */
  outputs: Record<string, string>;
}

/** Where the tests find the cluster that all others are copies of. */
const STANDING = 'DIGITAL_APPS_STANDING_CLUSTER';

/** Makes it, by the program with the usual answers; it ends with this process. */
export async function standingCluster(): Promise<Standing> {
  process.env[STANDING] ??= JSON.stringify(await make());
  return JSON.parse(process.env[STANDING]);
}

async function make(): Promise<Standing> {
  const { endpoint } = await startEmulator();
  const machine = await newMachine(endpoint);
  const made = await machine.run('init-cluster', '--yes', '--json', '--set', 'key-pair=none');
  await machine.remove();
  if (made.exitCode !== 0) throw new Error(`there is no cluster:\n${made.stderr}`);
  return { endpoint, outputs: made.json.outputs };
}

/** An emulator of one's own with that cluster in it. */
export async function startWithCluster(): Promise<{
  emulator: Emulator;
  outputs: Record<string, string>;
}> {
  const { endpoint, outputs } = await standingCluster();
  return { emulator: await startEmulator({ copyOf: endpoint }), outputs };
}
