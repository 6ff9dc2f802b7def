import { chown, lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Machine } from '../support/program.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/digital-apps', import.meta.url));

interface Elsewhere {
  /** The folder that it is run in; else the home. */
  cwd?: string;
  /** What is run, with the program and its arguments behind it: ["unshare", "-rm", …]. */
  within?: string[];
  /** Whoever runs it; else the one who runs the tests. */
  uid?: number;
  gid?: number;
}

/** Runs the built program to its end, in another folder or as somebody else than `machine.run` does. */
export async function runElsewhere(
  { env, home }: Machine,
  { cwd = home, within = [], ...who }: Elsewhere,
  ...args: string[]
) {
  const [command, ...rest] = [...within, process.execPath, PROGRAM, ...args];
  const options = { cwd, env, extendEnv: false, ...who };
  return execa(command!, rest, { ...options, reject: false, stdin: 'ignore' });
}

/** Permissions do not hold root back: somebody whom they do, with no folder of his own. */
export const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Whether he can run the program at all. */
export async function canRun(): Promise<boolean> {
  const args = [PROGRAM, '--version'];
  return !(await execa(process.execPath, args, { ...somebody, reject: false })).failed;
}

/** Gives him a folder and all that is in it. */
export async function giveAway(dir: string): Promise<void> {
  const { uid = process.getuid!(), gid = process.getgid!() } = somebody;
  const paths = await readdir(dir, { recursive: true });
  for (const path of ['.', ...paths]) await chown(join(dir, path), uid, gid);
}

/** All that is in a folder, with its modes: what git keeps for itself is left out. */
export async function picture(dir: string): Promise<Record<string, string>> {
  const paths = await readdir(dir, { recursive: true });
  const entries = paths.sort().map(async (path) => {
    const stats = await lstat(join(dir, path));
    const mode = (stats.mode & 0o777).toString(8);
    const content = stats.isSymbolicLink()
      ? readlink(join(dir, path))
      : stats.isFile()
        ? readFile(join(dir, path), 'latin1')
        : '';
    return [path, `${mode} ${await content}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}
