import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { forgetSandbox, runningSandbox, type Sandbox } from './identity.ts';
import { sandboxDirectory, serverDirectory } from './paths.ts';
import { findPython, type PythonOptions } from './python.ts';

export type { Sandbox } from './identity.ts';

const LONGEST_START_MS = 30_000;
const LONGEST_STOP_MS = 5_000;
/** The server's exit code when another one holds the state file. */
const ANOTHER_ONE = 3;

/**
 * The local AWS, started when it does not run yet; it keeps running when this process ends.
 * `onProgress` is told, in a sentence, what takes its time. Throws UserError: no Python, no moto
 * to be had, not up within 30 seconds.
 */
export async function startSandbox(options: PythonOptions = {}): Promise<Sandbox> {
  const directory = await sandboxDirectory();
  const stateFile = join(directory, 'state.json');
  const running = await runningSandbox(stateFile);
  if (running) return running;
  const python = await findPython(directory, options);
  options.signal?.throwIfAborted();
  options.onProgress?.('Starting the local AWS…');
  const logFile = join(directory, 'log');
  const sandbox = await launchUntilUp(python, stateFile, logFile, options.signal);
  if (sandbox) return sandbox;
  throw new UserError('The local AWS did not come up.', `Its log says why: ${logFile}`);
}

async function launchUntilUp(
  python: string,
  stateFile: string,
  logFile: string,
  signal: AbortSignal | undefined,
): Promise<Sandbox | undefined> {
  const deadline = Date.now() + LONGEST_START_MS;
  let child = await launch(python, stateFile, logFile);
  while (Date.now() < deadline && !signal?.aborted) {
    const sandbox = await runningSandbox(stateFile);
    if (sandbox) return sandbox;
    if (child.exitCode === ANOTHER_ONE) {
      // It is coming up, or going down: in that case the next try has its place.
      await sleep(500);
      child = await launch(python, stateFile, logFile);
    } else if (child.exitCode !== null) {
      return undefined;
    }
    await sleep(100);
  }
  child.kill();
  signal?.throwIfAborted();
  return undefined;
}

/** The running sandbox, or undefined. */
export async function sandboxStatus(): Promise<Sandbox | undefined> {
  return runningSandbox(join(await sandboxDirectory(), 'state.json'));
}

/**
 * Ends the sandbox, and with it all that is in it; false when none was running. Only a process
 * that has just said itself that it is our sandbox is ended.
 */
export async function stopSandbox(): Promise<boolean> {
  const stateFile = join(await sandboxDirectory(), 'state.json');
  const sandbox = await runningSandbox(stateFile);
  if (sandbox) {
    process.kill(sandbox.pid, 'SIGTERM');
    for (let waited = 0; waited < LONGEST_STOP_MS && isAlive(sandbox.pid); waited += 50) {
      await sleep(50);
    }
    if (isAlive(sandbox.pid)) process.kill(sandbox.pid, 'SIGKILL');
  }
  await forgetSandbox(stateFile);
  return sandbox !== undefined;
}

async function launch(python: string, stateFile: string, logFile: string): Promise<ChildProcess> {
  const log = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(python, [serverDirectory(), '--state', stateFile], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
