import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sandboxDirectory, serverDirectory } from '../../src/sandbox/paths.ts';
import { findPython } from '../../src/sandbox/python.ts';
import { REGION } from './clients.ts';

export { awsClients, REGION } from './clients.ts';

/** What a test may set about the emulator; seconds for every delay. */
interface EmulatorSettings {
  agents: boolean;
  agents_connected: boolean;
  agents_delay: number;
  load_balancer_delay: number;
  instance_refresh_delay: number;
  /** How many all running instances may have: where a group wants more, none is started. */
  vcpus: number;
  /** Whether tasks of services are started; without it those that a test runs are all there are. */
  services: boolean;
  /** Whether containers of our templates end where they do not get their .env, as in AWS. */
  env_files: boolean;
  /** Until a task of a service is running, then until it is well, and until it has left. */
  task_delay: number;
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
  /** Has an app's repository and task definitions as so many deploys leave them; three manifests an image. */
  past(deploys: Past): Promise<void>;
  stop(): Promise<void>;
}

export interface Past {
  family: string;
  repository: string;
  revisions: number;
  /** Of the newest revisions. */
  images: number;
}

export interface EmulatorOptions {
  /** Seconds until an instance's agent registers. */
  agentsDelay?: number;
  /** Seconds that a load balancer is provisioning. */
  loadBalancerDelay?: number;
  /** Seconds that the replacement of one instance takes. */
  refreshDelay?: number;
  /** The endpoint of the one that this is a copy of, as it is now; else it is empty. */
  copyOf?: string;
}

/**
 * A private local AWS on a free port. It ends with `stop()`, and by itself when this process ends.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { pid, endpoint } = (await post(
    `${options.copyOf ?? (await emptyEmulator())}/copies`,
    JSON.stringify({
      parent: process.pid,
      settings: {
        agents_delay: options.agentsDelay ?? 0.3,
        load_balancer_delay: options.loadBalancerDelay ?? 0.2,
        instance_refresh_delay: options.refreshDelay ?? 0.2,
        task_delay: 0.2,
      },
    }),
  )) as { pid: number; endpoint: string };
  return {
    endpoint,
    async reset() {
      await post(`${endpoint}/moto-api/reset`, '');
    },
    async settings(values) {
      const url = `${endpoint}/digital-apps/settings`;
      return (await post(url, JSON.stringify(values))) as EmulatorSettings;
    },
    async past(deploys) {
      await post(`${endpoint}/past`, JSON.stringify({ region: REGION, ...deploys }));
    },
    async stop() {
      process.kill(pid, 'SIGTERM');
      while (isAlive(pid)) await sleep(10);
    },
  };
}

/** Which emulator all others are copies of; the tests share one. */
const EMPTY = 'DIGITAL_APPS_EMPTY_EMULATOR';

/** Launches the one that is copied, for this process and all that it starts; it ends with this process. */
export async function emptyEmulator(): Promise<string> {
  process.env[EMPTY] ??= await launch();
  return process.env[EMPTY];
}

async function launch(): Promise<string> {
  const python = await findPython(await sandboxDirectory(), { onProgress: console.error });
  const script = fileURLToPath(new URL('./forking.py', import.meta.url));
  const child = spawn(python, [script, serverDirectory()], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  // A test process that forgets about it can still end.
  child.unref();
  const announced = child.stdio[3] as Readable;
  const line = await Promise.race([text(announced), once(child, 'exit')]);
  if (typeof line !== 'string') throw new Error('the emulator did not start');
  return (JSON.parse(line) as { endpoint: string }).endpoint;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function post(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
