import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws } from '../../src/aws/clients.ts';
import { Journal } from '../../src/aws/journal.ts';
import type { Check, Looking } from '../../src/checks/check.ts';
import { examination, examine, type Finding } from '../../src/checks/examine.ts';
import { namesOf } from '../../src/tasks/cluster/names.ts';
import { ourTags } from '../../src/tasks/tags.ts';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { newMachine } from '../support/program.ts';
import { startWithCluster } from '../support/standing.ts';

export interface InstancesWorld {
  emulator: Emulator;
  /** Between the checks and AWS. */
  faults: Faults;
  /** Past the proxy. */
  aws: ReturnType<typeof awsClients>;
  /** One pass of those checks, by id; nothing of an earlier one is remembered. */
  examine(checks: Check[], options?: { deep: boolean }): Promise<Record<string, Finding>>;
  looking(options?: { deep: boolean }): Looking;
  stop(): Promise<void>;
}

/** A cluster with its instances in it; with flags, as the program makes it with them. */
export async function newInstancesWorld(...flags: string[]): Promise<InstancesWorld> {
  const emulator = flags.length > 0 ? await startWith(flags) : (await startWithCluster()).emulator;
  const faults = await startFaults(emulator.endpoint);
  const directory = await mkdtemp(join(tmpdir(), 'digital-apps-checks-'));
  const looking = ({ deep } = { deep: false }) => lookingAt(faults.endpoint, directory, deep);
  return {
    ...{ emulator, faults, looking },
    aws: awsClients(emulator.endpoint),
    async examine(checks, options) {
      const at = looking(options);
      const findings = await examine(
        checks.map((check) => examination(check, at)),
        () => {},
      );
      return Object.fromEntries(findings.map((finding) => [finding.check.id, finding]));
    },
    async stop() {
      await faults.stop();
      await emulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startWith(flags: string[]): Promise<Emulator> {
  const emulator = await startEmulator();
  const machine = await newMachine(emulator.endpoint);
  const made = await machine.run('init-cluster', '--yes', ...flags);
  await machine.remove();
  if (made.exitCode !== 0) throw new Error(`the cluster was not made:\n${made.stderr}`);
  return emulator;
}

function lookingAt(endpoint: string, directory: string, deep: boolean): Looking {
  const { signal } = new AbortController();
  const aws = new Aws({
    ...{ region: REGION, endpoint, signal },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    journal: new Journal(join(directory, 'journal')),
  });
  aws.reads.remember();
  const names = namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' });
  return {
    ...{ aws, deep, signal, names },
    region: REGION,
    account: '123456789012',
    caller: 'arn:aws:iam::123456789012:user/test',
    partition: 'aws',
    tags: ourTags(names.cluster, REGION),
    rename: '--set service=NAME',
  };
}
