import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aws } from '../../src/aws/clients.ts';
import { Journal } from '../../src/aws/journal.ts';
import type { Check, Looking } from '../../src/checks/check.ts';
import { examination, examine, type Finding } from '../../src/checks/examine.ts';
import { namesOf } from '../../src/tasks/cluster/names.ts';
import { ourTags } from '../../src/tasks/tags.ts';
import { awsClients, type Emulator, REGION } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { newMachine } from '../support/program.ts';
import { startWithCluster } from '../support/standing.ts';

type Clients = ReturnType<typeof awsClients>;

/** A cluster to be looked at and broken. */
export interface ClusterWorld {
  /** Between the checks and AWS. */
  faults: Faults;
  settings: Emulator['settings'];
  /** Past the proxy. */
  aws: Clients;
  /** One pass: what the checks have found. */
  pass(checks: Check[], cluster?: string): Promise<Finding[]>;
  /** Sets right again what was broken; with other flags, makes another cluster. */
  mend(...flags: string[]): Promise<void>;
  /** Takes all there is out of the account. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

export async function newClusterWorld(): Promise<ClusterWorld> {
  const { emulator } = await startWithCluster();
  const faults = await startFaults(emulator.endpoint);
  const machine = await newMachine(emulator.endpoint);
  const directory = await mkdtemp(join(tmpdir(), 'digital-apps-checks-'));
  const mend = async (...flags: string[]) => {
    const made = await machine.run('init-cluster', '--yes', '--no-wait', ...flags);
    if (made.exitCode !== 0) throw new Error(`the cluster was not made:\n${made.stderr}`);
  };
  return {
    faults,
    settings: emulator.settings,
    aws: awsClients(emulator.endpoint),
    mend,
    empty: emulator.reset,
    pass: (checks, cluster = 'digitalApps') => {
      const looking = lookingAt(faults.endpoint, directory, cluster);
      return examine(
        checks.map((check) => examination(check, looking)),
        () => {},
      );
    },
    async stop() {
      await Promise.all([faults.stop(), machine.remove()]);
      await emulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function lookingAt(endpoint: string, directory: string, cluster: string): Looking {
  const { signal } = new AbortController();
  const names = namesOf({ account: 'digital', cluster, bucket: 'cob' });
  const aws = new Aws({
    region: REGION,
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    journal: new Journal(join(directory, 'journal')),
    signal,
  });
  aws.reads.remember();
  return {
    aws,
    region: REGION,
    account: '123456789012',
    caller: 'arn:aws:iam::123456789012:user/test',
    partition: 'aws',
    names,
    tags: ourTags(names.cluster, REGION),
    rename: '--set cluster-prefix=NAME',
    deep: true,
    signal,
  };
}

/** What was found amiss: "network.route fail rtb-… of …". */
export function amiss(findings: Finding[]): string[] {
  return findings.flatMap(({ check, verdicts }) =>
    verdicts
      .filter(({ status }) => status === 'fail' || status === 'warn')
      .map(({ status, evidence }) => `${check.id} ${status} ${evidence}`),
  );
}

/** As it was seen where all was well, or could not be. */
export function seen(findings: Finding[]): Record<string, string> {
  return Object.fromEntries(
    findings.map(({ check, status, verdicts }) => [
      check.id,
      `${status}: ${verdicts.map(({ evidence }) => evidence).join(' | ')}`,
    ]),
  );
}
