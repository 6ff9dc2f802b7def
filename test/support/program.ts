import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { REGION } from './clients.ts';

export const PROGRAM = fileURLToPath(new URL('../../bin/digital-apps', import.meta.url));

const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/** Never to be seen in any output or log. */
export const SECRET = 'fake-secret-that-nothing-may-ever-print';

/** What `--json` writes after a run. */
export interface RunDocument {
  command: string;
  account: string;
  region: string;
  endpoint?: string;
  resources: { section: string; name: string; action: string; id?: string; error?: string }[];
  outputs: Record<string, string>;
  notes: string[];
  calls: { total: number; changing: number };
  seconds: number;
}

export interface Ran {
  /** Undefined when a signal ended it. */
  exitCode: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
  /** The document on stdout; throws where there is none. */
  readonly json: RunDocument;
}

export interface Running {
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, however it did. */
  ended: Promise<Ran>;
  /** Resolves once its output (stdout or stderr) has that. */
  says(pattern: RegExp): Promise<void>;
}

export interface Machine {
  /** The person's home. */
  home: string;
  /** All that the program is given as its environment. */
  env: Record<string, string>;
  /** Runs the built program to its end. */
  run(...args: string[]): Promise<Ran>;
  start(...args: string[]): Running;
  remove(): Promise<void>;
}

/**
 * A person's computer with nothing of ours on it yet: a home, a cache and a state folder of its own,
 * and credentials that only an emulator takes. `env` adds to that, or with undefined takes away.
 */
export async function newMachine(
  endpoint: string | undefined,
  env: Record<string, string | undefined> = {},
): Promise<Machine> {
  const home = await mkdtemp(join(tmpdir(), 'digital-apps-home-'));
  await mkdir(join(home, 'tmp'));
  const all = {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIAFAKE',
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_EC2_METADATA_DISABLED: 'true',
    // That every machine is a new one need not cost the compiling of the program each time.
    NODE_COMPILE_CACHE: COMPILED,
    AWS_ENDPOINT_URL: endpoint,
    ...env,
  };
  const given = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const start = (...args: string[]): Running => {
    const child = launch(args, given, home);
    return {
      kill: (signal) => child.kill(signal),
      ended: ending(child),
      says: (pattern) => said(child, pattern),
    };
  };
  return {
    home,
    env: given,
    start,
    run: (...args) => start(...args).ended,
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** With the Node of the tests, so that a signal meets the program and not a launcher before it. */
function launch(args: string[], env: Record<string, string>, cwd: string) {
  return execa(process.execPath, [PROGRAM, ...args], {
    ...{ env, extendEnv: false, cwd },
    ...{ reject: false, stdin: 'ignore', stripFinalNewline: false },
  });
}

type Child = ReturnType<typeof launch>;

async function ending(child: Child): Promise<Ran> {
  const { exitCode, signal, stdout, stderr } = await child;
  return {
    exitCode,
    signal,
    stdout,
    stderr,
    get json() {
      if (stdout === '') {
        throw new Error(`it wrote no document, but said:\n${stderr.replaceAll(/^/gm, '| ')}`);
      }
      return JSON.parse(stdout) as RunDocument;
    },
  };
}

function said(child: Child, pattern: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk;
        if (pattern.test(text)) resolve();
      });
    }
    child.then(() => reject(new Error(`it ended without saying ${pattern}:\n${text}`)));
  });
}
