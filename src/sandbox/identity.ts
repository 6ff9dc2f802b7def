import { readFile, rm } from 'node:fs/promises';

/** A sandbox that runs, or ran: what its server wrote down when it was up. */
export interface Sandbox {
  endpoint: string;
  pid: number;
  port: number;
}

const NAME = 'digital-apps sandbox';

/**
 * The sandbox that the state file tells of, when it is really there. The file alone proves
 * nothing: its process may be gone, and its port and its process id somebody else's by now.
 */
export async function runningSandbox(stateFile: string): Promise<Sandbox | undefined> {
  const state = await readState(stateFile);
  if (!state) return undefined;
  const identity = await askIdentity(state.endpoint);
  const proven = identity?.name === NAME && identity.pid === state.pid;
  return proven ? { endpoint: state.endpoint, pid: state.pid, port: state.port } : undefined;
}

/** Forgets a sandbox that is no more. */
export async function forgetSandbox(stateFile: string): Promise<void> {
  await rm(stateFile, { force: true });
}

async function readState(stateFile: string): Promise<Sandbox | undefined> {
  try {
    const { endpoint, pid, port } = JSON.parse(await readFile(stateFile, 'utf8'));
    const valid = Number.isInteger(pid) && Number.isInteger(port);
    // Never ask anybody but this machine, whatever the file says.
    return valid && endpoint === `http://127.0.0.1:${port}` ? { endpoint, pid, port } : undefined;
  } catch {
    return undefined;
  }
}

async function askIdentity(endpoint: string): Promise<{ name: string; pid: number } | undefined> {
  try {
    const signal = AbortSignal.timeout(2_000);
    const response = await fetch(`${endpoint}/digital-apps/sandbox`, { signal });
    return (await response.json()) as { name: string; pid: number };
  } catch {
    return undefined;
  }
}
