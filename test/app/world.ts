import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { execa } from 'execa';
import { awsClients, type Emulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { type Machine, newMachine, type Ran, type Running } from '../support/program.ts';
import { startWithCluster } from '../support/standing.ts';
import { type FakeTravis, startTravis } from '../support/travis.ts';

const HOUR = 3_600_000;

export type Clients = ReturnType<typeof awsClients>;

/** Of the account; hosts in it can be made and proven. */
export const ZONE = 'springfield.gov';

/** An account with a cluster, Travis CI, and somebody's machine with an app's repository on it. */
export interface AppWorld {
  emulator: Emulator;
  faults: Faults;
  /** Past the proxy: what is done here is not in the record. */
  aws: Clients;
  machine: Machine;
  travis: FakeTravis;
  /** The variables that all apps of the cluster have in common. */
  globals: Record<string, string>;
  /** A new clone of that repository at GitHub: a small Node app. */
  clone(slug: string, machine?: Machine): Promise<string>;
  /** `add-app --yes --json` in that folder, to its end; the record is of that run alone. */
  add(dir: string, ...flags: string[]): Promise<AppRun>;
  start(dir: string, ...flags: string[]): Running;
  /** The operations that could change something, as recorded, in the order of arrival. */
  changing(): string[];
  /** The same of Travis CI. */
  written(): string[];
  stop(): Promise<void>;
}

export interface AppRun extends Ran {
  /** What became of each resource that was not kept, by name. */
  outcomes: Record<string, string>;
}

/** The environment that has the program talk to that Travis CI. */
export function withTravis({ endpoint, token }: FakeTravis): Record<string, string> {
  return { TRAVIS_ENDPOINT: endpoint, TRAVIS_TOKEN: token };
}

export function addApp(dir: string, ...flags: string[]): string[] {
  return ['add-app', '--yes', '--json', '--dir', dir, ...flags];
}

/**
 * @param slugs those that Travis CI knows; without any, there is no token.
 * @param zone whether the account answers for `ZONE`.
 */
export async function newAppWorld({
  slugs = [],
  zone = false,
}: {
  slugs?: string[];
  zone?: boolean;
} = {}): Promise<AppWorld> {
  const { emulator, outputs } = await startWithCluster();
  await emulator.settings({
    ...{ certificate_record_delay: 0.1, certificate_delay: 0.1, distribution_delay: 0 },
  });
  const faults = await startFaults(emulator.endpoint);
  let runs = 0;
  const travis = await startTravis({
    repositories: slugs.map((slug) => ({ slug })),
    // Whoever sends too much in one run is banned; the runs of a test lie hours apart.
    now: () => Date.now() + runs * 2 * HOUR,
  });
  const aws = awsClients(emulator.endpoint);
  const env = slugs.length > 0 ? withTravis(travis) : {};
  const machine = await newMachine(faults.endpoint, env);
  if (zone) {
    await aws.route53.send(new CreateHostedZoneCommand({ Name: ZONE, CallerReference: ZONE }));
  }
  return {
    ...{ emulator, faults, travis, machine, aws, globals: outputs },
    clone: (slug, { home } = machine) => cloneOf(home, slug),
    async add(dir, ...flags) {
      faults.calls.length = 0;
      travis.requests.length = 0;
      runs += 1;
      return withOutcomes(await machine.run(...addApp(dir, ...flags)));
    },
    start(dir, ...flags) {
      runs += 1;
      return machine.start(...addApp(dir, ...flags));
    },
    changing: () => faults.calls.filter((call) => call.changing).map((call) => call.operation),
    written: () =>
      travis.requests.filter(({ method }) => method !== 'GET').map(({ body }) => nameIn(body)),
    async stop() {
      await Promise.all([faults.stop(), travis.stop(), machine.remove()]);
      await emulator.stop();
    },
  };
}

async function cloneOf(home: string, slug: string): Promise<string> {
  const dir = await mkdtemp(join(home, 'clone-'));
  const git = (...args: string[]) => execa('git', ['-C', dir, ...args]);
  await git('init', '--quiet', '--initial-branch=develop');
  await git('remote', 'add', 'origin', `git@github.com:${slug}.git`);
  await writeFile(
    join(dir, 'package.json'),
    '{ "name": "parks", "scripts": { "start": "node ." } }\n',
  );
  return dir;
}

export function withOutcomes(ran: Ran): AppRun {
  const outcomes = () => {
    const others = ran.json.resources.filter(({ action }) => action !== 'keep');
    return Object.fromEntries(others.map(({ name, action }) => [name, action]));
  };
  return Object.defineProperty(ran, 'outcomes', { get: outcomes }) as AppRun;
}

function nameIn(body: string): string {
  return (JSON.parse(body) as Record<string, string>)['env_var.name'] ?? '';
}

export function textOf(dir: string, path: string): Promise<string> {
  return readFile(join(dir, path), 'utf8');
}
