import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../errors.ts';
import { serverDirectory } from './paths.ts';

const OLDEST: readonly [number, number] = [3, 10];
const INSTALL_PYTHON =
  'Install Python 3 from https://www.python.org/downloads/ or your package manager, or set DIGITAL_APPS_PYTHON to one.';

interface Found {
  python: [number, number];
  moto: string | null;
  missing: string[];
}

export interface PythonOptions {
  signal?: AbortSignal;
  onProgress?: (sentence: string) => void;
}

/**
 * The path of a Python that can run the local AWS: the person's own when it has what is needed,
 * else one in a private virtual environment in `directory`, which is made when it is missing
 * (about a minute, once). Throws UserError.
 */
export async function findPython(directory: string, options: PythonOptions = {}): Promise<string> {
  const own = process.env.DIGITAL_APPS_PYTHON || 'python3';
  const found = await look(own);
  if (!found) {
    throw new UserError(`The sandbox needs Python, and there is no ${own} here.`, INSTALL_PYTHON);
  }
  if (found.python[0] < OLDEST[0] || found.python[1] < OLDEST[1]) {
    const [version, oldest] = [found.python.join('.'), OLDEST.join('.')];
    throw new UserError(
      `The sandbox needs Python ${oldest} or newer, and ${own} is ${version}.`,
      INSTALL_PYTHON,
    );
  }
  const pinned = await pinnedMoto();
  if (isComplete(found, pinned)) return own;
  const environment = join(directory, 'venv');
  const python = join(environment, 'bin', 'python');
  const there = await look(python).catch(() => undefined);
  if (!there || !isComplete(there, pinned)) await prepare(own, environment, options);
  return python;
}

/** Undefined when there is no such command. */
async function look(python: string): Promise<Found | undefined> {
  const check = join(serverDirectory(), 'check.py');
  const result = await execa(python, ['-B', check], { reject: false, timeout: 20_000 });
  if (result.code === 'ENOENT' || result.code === 'EACCES') return undefined;
  if (result.exitCode !== 0) {
    throw new UserError(`${python} does not run: ${lastLine(result.stderr)}`, INSTALL_PYTHON);
  }
  return JSON.parse(result.stdout) as Found;
}

async function pinnedMoto(): Promise<string> {
  const text = await readFile(join(serverDirectory(), 'requirements.txt'), 'utf8');
  return text.match(/==(\d+\.\d+)\./)?.[1] ?? '';
}

function isComplete(found: Found, pinned: string): boolean {
  return Boolean(found.moto?.startsWith(`${pinned}.`)) && found.missing.length === 0;
}

async function prepare(python: string, environment: string, options: PythonOptions): Promise<void> {
  options.onProgress?.('Installing the local AWS (once, about a minute)…');
  const script = join(serverDirectory(), 'prepare.py');
  const result = await execa(python, ['-B', script, environment], {
    reject: false,
    ...(options.signal && { cancelSignal: options.signal }),
  });
  if (result.isCanceled) options.signal?.throwIfAborted();
  if (result.exitCode === 3) {
    throw new UserError(
      `${python} cannot make virtual environments: ${lastLine(result.stderr)}`,
      'On Debian and Ubuntu: sudo apt install python3-venv',
    );
  }
  if (result.exitCode !== 0) {
    throw new UserError(
      `pip could not install the local AWS: ${lastLine(result.stderr)}`,
      `Look at the network, or install moto[server] ${await pinnedMoto()} yourself and run again.`,
    );
  }
}

function lastLine(output: string | undefined): string {
  const lines = (output ?? '').split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '')?.replace(/^ERROR:\s*/, '') ?? 'it said nothing';
}
