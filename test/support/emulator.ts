import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxDirectory, serverDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';

export { awsClients, REGION } from './clients.ts';

/** What a test may set about the emulator; seconds for every delay. */
interface EmulatorSettings {
  agents: boolean;
  agents_connected: boolean;
  agents_delay: number;
  load_balancer_delay: number;
  instance_refresh_delay: number;
  /** Until a change of records is INSYNC. */
  dns_delay: number;
  /** Until a requested certificate has its validation records. */
  certificate_record_delay: number;
  /** Until a certificate whose validation records are in a zone of the account is issued. */
  certificate_delay: number;
  /** Issues all certificates, as if their records had been put into a zone elsewhere. */
  issue_certificates: boolean;
  /** Until a distribution that was made or changed is deployed. */
  distribution_delay: number;
  vpc_block_public_access: 'off' | 'block-bidirectional' | 'block-ingress';
  foreign_buckets: string[];
}

export interface Emulator {
  endpoint: string;
  /** Empties AWS, and brings back the settings given at start. */
  reset(): Promise<void>;
  settings(values: Partial<EmulatorSettings>): Promise<EmulatorSettings>;
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** Seconds until an instance's agent registers. */
  agentsDelay?: number;
  /** Seconds that a load balancer is provisioning. */
  loadBalancerDelay?: number;
  /** Seconds that the replacement of one instance takes. */
  refreshDelay?: number;
}

/**
 * A private local AWS on a free port. It ends with `stop()`, and by itself when this process ends.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const python = await findPython(await sandboxDirectory(), { onProgress: console.error });
  const directory = await mkdtemp(join(tmpdir(), 'digital-apps-emulator-'));
  const state = join(directory, 'state.json');
  const log = join(directory, 'log');
  const child = launch(python, state, log, options);
  const endpoint = await waitForEndpoint(child, state, log);
  return {
    endpoint,
    async reset() {
      await post(`${endpoint}/moto-api/reset`, '');
    },
    async settings(values) {
      const url = `${endpoint}/digital-apps/settings`;
      return (await post(url, JSON.stringify(values))) as EmulatorSettings;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        const gone = once(child, 'exit');
        child.stdin?.end();
        await gone;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function launch(python: string, state: string, log: string, options: EmulatorOptions) {
  const output = openSync(log, 'w');
  const args = [
    serverDirectory(),
    ...['--state', state, '--parent-stdin'],
    ...['--agents-delay', String(options.agentsDelay ?? 0.3)],
    ...['--lb-delay', String(options.loadBalancerDelay ?? 0.2)],
    ...['--refresh-delay', String(options.refreshDelay ?? 0.2)],
  ];
  const child = spawn(python, args, { stdio: ['pipe', output, output] });
  closeSync(output);
  child.unref(); // a test process that forgets to stop it can still end
  return child;
}

async function waitForEndpoint(child: ChildProcess, state: string, log: string): Promise<string> {
  for (let waited = 0; waited < 30_000; waited += 25) {
    const text = await readFile(state, 'utf8').catch(() => undefined);
    if (text) return (JSON.parse(text) as { endpoint: string }).endpoint;
    if (child.exitCode !== null) break;
    await sleep(25);
  }
  throw new Error(`the emulator did not start:\n${await readFile(log, 'utf8')}`);
}

async function post(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
