import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { chmod, link, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import envPaths from 'env-paths';
import { valueIn } from './env-file/change.ts';
import { readEnvFile } from './env-file/read.ts';
import { UserError } from './errors.ts';

/** An access key of AWS, which shows the secret once and never again. */
export interface AccessKey {
  id: string;
  secret: string;
}

interface KeyOf {
  /** The number of the AWS account. */
  account: string;
  /** "digital-apps/permits", as `appNamesOf` has it: of a cluster's folder and of a file in it. */
  repository: string;
  /** Keys of the sandbox and of other emulators are kept apart: their account numbers are made up. */
  sandbox: boolean;
  /** The app's repository, which no secret may come into. */
  dir: string;
}

const ID = 'AWS_ACCESS_KEY_ID';
const SECRET = 'AWS_SECRET_ACCESS_KEY';

/**
 * Where an app's key is kept on this machine, in the user's data folder.
 * @throws UserError where that lies in the app's repository.
 */
export function keptKeyFile({ account, repository, sandbox, dir }: KeyOf): string {
  const { data } = envPaths('digital-apps', { suffix: '' });
  const file = join(data, sandbox ? 'sandbox-keys' : 'keys', account, `${repository}.env`);
  const way = relative(real(dir), real(file));
  if (way.startsWith(`..${sep}`) || isAbsolute(way)) return file;
  throw new UserError(
    `The app’s access key would be kept in its own repository (${file}).`,
    'Clone the app into a folder of its own, or set XDG_DATA_HOME to one outside of it.',
  );
}

/**
 * Keeps a key, whole or not at all, in a file that nobody else may read. A different key or
 * anything else in that place is moved aside, not lost: somebody may still deploy with it.
 */
export async function writeKept(file: string, { id, secret }: AccessKey): Promise<void> {
  const there = await readKept(file).catch(() => undefined);
  if (there?.id === id && there.secret === secret) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await chmod(dirname(file), 0o700); // it may have been there before, with another mode
  const draft = `${file}.new-${randomUUID()}`;
  try {
    const content = `${ID}=${id}\n${SECRET}=${secret}\n`;
    await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true });
    await takePlace(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * The key that is kept in that file; undefined where there is none.
 * @throws UserError when it holds anything else, without showing it.
 */
export async function readKept(file: string): Promise<AccessKey | undefined> {
  const stats = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!stats) return undefined;
  if (!stats.isFile()) throw broken(file, 'is a link or a folder, not the file of an access key');
  const content = await readEnvFile(file);
  const id = valueIn(content, ID);
  const secret = valueIn(content, SECRET);
  if (id && secret) return { id, secret };
  throw broken(file, 'holds no whole access key');
}

/** Forgets the key; one that was moved aside stays. */
export async function removeKept(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** A link to the draft never replaces what is there, not even what another run has put there just now. */
async function takePlace(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rename(file, `${file}.older-${randomUUID()}`).catch((gone: NodeJS.ErrnoException) => {
      if (gone.code !== 'ENOENT') throw gone;
    });
    await takePlace(draft, file);
  }
}

/** With links resolved, also where the end of the path is yet to be made. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(real(dirname(path)), basename(path));
  }
}

function broken(file: string, says: string): UserError {
  return new UserError(`${file} ${says}.`, 'Move it away, then run this again.');
}
