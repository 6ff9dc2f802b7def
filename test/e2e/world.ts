import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { type Machine, newMachine, type Ran, type Running } from '../support/program.ts';

export type Clients = ReturnType<typeof awsClients>;

/** An empty account of AWS, what passes between it and the program, and somebody's machine. */
export interface World {
  emulator: Emulator;
  faults: Faults;
  /** Past the proxy: what is done here is not in the record. */
  aws: Clients;
  machine: Machine;
  /** `init-cluster --yes --json` with more flags, to its end; the record is of that run alone. */
  run(...flags: string[]): Promise<Run>;
  start(...flags: string[]): Running;
  /** The operations that could change something, as recorded, in the order of arrival. */
  changing(): string[];
  /** Empties AWS, forgets the record and the faults, and takes a new machine. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface Run extends Ran {
  /** What became of each resource that was not kept: "create", "change", "failed", "skipped". */
  outcomes: Record<string, string>;
}

/** Every operation that can change something, for a fault's rule. */
export const CHANGING = /\.(?!Describe|Get|List|Head|Assume)/;

const COMMAND = ['init-cluster', '--yes', '--json'];

export async function newWorld(): Promise<World> {
  const emulator = await startEmulator();
  const faults = await startFaults(emulator.endpoint);
  const world: World = {
    emulator,
    faults,
    aws: awsClients(emulator.endpoint),
    machine: await newMachine(faults.endpoint),
    async run(...flags) {
      faults.calls.length = 0;
      return withOutcomes(await world.machine.run(...COMMAND, ...flags));
    },
    start: (...flags) => world.machine.start(...COMMAND, ...flags),
    changing: () => faults.calls.filter((call) => call.changing).map((call) => call.operation),
    async reset() {
      faults.clear();
      await emulator.reset();
      await world.machine.remove();
      world.machine = await newMachine(faults.endpoint);
    },
    async stop() {
      await faults.stop();
      await emulator.stop();
      await world.machine.remove();
    },
  };
  return world;
}

export function withOutcomes(ran: Ran): Run {
  const outcomes = () => {
    const others = ran.json.resources.filter(({ action }) => action !== 'keep');
    return Object.fromEntries(others.map(({ name, action }) => [name, action]));
  };
  // A run that was refused wrote no document: only who looks for it learns that.
  return Object.defineProperty(ran, 'outcomes', { get: outcomes }) as Run;
}
