import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { StepFailed, UserError } from '../errors.ts';

/**
 * The text of an app's file; undefined when there is none. A link that stays inside is followed.
 * @param dir the app's repository. @param path inside it, with `/`.
 * @throws UserError when it leads outside, or is not a text file that can be read.
 */
export async function readInside(dir: string, path: string): Promise<string | undefined> {
  const { file, exists } = await locate(dir, path);
  if (!exists) return undefined;
  const bytes = await readFile(file).catch(refuse(path, 'read'));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Decoded loosely and written back, it would lose what the person wrote.
    throw new UserError(`${path} is not UTF-8 text.`, 'Save it as UTF-8, or move it away.');
  }
}

/**
 * Whether `writeInside` may write that file, so that a plan can refuse before anything is made.
 * @throws UserError when it may not.
 */
export async function checkWritable(dir: string, path: string): Promise<void> {
  const { file, exists, folder } = await locate(dir, path);
  if (exists) await access(file, constants.W_OK).catch(refuse(path, 'written'));
  await access(folder, constants.W_OK | constants.X_OK).catch(refuse(path, 'written'));
}

/**
 * Puts a file into an app's repository, whole or not at all, byte for byte. A link that stays inside
 * is followed: what it points to is what Git, Docker and Travis read under that name, and putting a
 * file in the link's place would undo what somebody arranged.
 * @throws UserError before anything is touched; StepFailed when writing failed, and the file is as it was.
 */
export async function writeInside(
  dir: string,
  path: string,
  content: string,
  { executable }: { executable: boolean },
): Promise<void> {
  await checkWritable(dir, path);
  const { file, exists } = await locate(dir, path);
  const runs = executable || (exists && ((await stat(file)).mode & 0o111) !== 0);
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeNew(draft, content, runs ? 0o755 : 0o644);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new StepFailed(
      `${path} could not be written: ${reason(error)}. Nothing of it was changed.`,
      'Put that right and run the same command again.',
      error,
    );
  }
}

async function writeNew(file: string, content: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    // Whatever the umask: an image takes the modes along, and may run as somebody else.
    await handle.chmod(mode);
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

interface Place {
  /** Its real path. */
  file: string;
  exists: boolean;
  /** The nearest folder above it that exists. */
  folder: string;
}

/** Follows a path step by step, so that no link leads out of the repository. */
async function locate(dir: string, path: string): Promise<Place> {
  const names = path.split('/');
  if (/[\\\0]/.test(path) || names.some((name) => ['', '.', '..'].includes(name)))
    throw new UserError(`${path} is not a path inside the repository.`);
  const root = await realpath(dir).catch(refuse(dir, 'read'));
  let at = root;
  for (const [index, name] of names.entries()) {
    const found = await follow(join(at, name), path);
    if (!found) return { file: join(at, ...names.slice(index)), exists: false, folder: at };
    refuseOutside(found, root, path);
    const kind = await stat(found).catch(refuse(path, 'read'));
    const isLast = index === names.length - 1;
    const partOfPath = names.slice(0, index + 1).join('/');
    if (!isLast && !kind.isDirectory())
      throw new UserError(`${partOfPath} is in the way of ${path}.`, 'A folder belongs there.');
    if (isLast && !kind.isFile())
      throw new UserError(`${path} is not a file.`, 'A file belongs there; move it away.');
    if (isLast) return { file: found, exists: true, folder: dirname(found) };
    at = found;
  }
  throw new Error('a path has at least one name');
}

/** Its real path; undefined when there is nothing. */
async function follow(at: string, path: string): Promise<string | undefined> {
  try {
    return await realpath(at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return refuse(path, 'read')(error);
  }
  const found = await lstat(at).catch(() => undefined);
  if (found?.isSymbolicLink())
    throw new UserError(`${path} is a link that leads nowhere.`, 'Remove it or mend it.');
  // Whatever else is there was made just now, as a folder is for another file of it.
  return found && follow(at, path);
}

/** Git's own folder counts as outside: no file of an app is there. */
function refuseOutside(found: string, root: string, path: string): void {
  const isInside = `${found}${sep}`.startsWith(`${root}${sep}`);
  const names = found.slice(root.length).toLowerCase().split(sep);
  if (isInside && !names.includes('.git')) return;
  throw new UserError(
    `${path} leads out of the repository, to ${found}.`,
    'Put a real file or folder in the place of the link.',
  );
}

function refuse(path: string, what: 'read' | 'written'): (error: unknown) => never {
  return (error) => {
    throw new UserError(
      `${path} cannot be ${what}: ${reason(error)}.`,
      'Look at its permissions and those of its folder.',
    );
  };
}

function reason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
