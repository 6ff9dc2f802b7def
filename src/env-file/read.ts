import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { type EnvFile, parseEnvFile } from './parse.ts';

const LIMIT = 2 ** 20;

/**
 * The environment variables in a file, checked; 1 MiB at most.
 * @throws UserError that names the file and the line, and never shows what stands there.
 */
export async function readEnvFile(path: string): Promise<EnvFile> {
  // Should it be a pipe, this does not wait until somebody writes into it.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error.code);
  });
  try {
    return envFileOf(await contentOf(handle, path), path);
  } finally {
    await handle.close();
  }
}

/** The same for content from elsewhere, as from S3; sentences call it by that name. */
export function envFileOf(content: Buffer, name: string): EnvFile {
  const mark = content.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff') {
    throw new UserError(`${name} is written in UTF-16.`, 'Save it as UTF-8.');
  }
  if (isUtf8(content)) return parseEnvFile(content.toString(), name);
  const lines = content.toString('latin1').split('\n');
  const line = 1 + lines.findIndex((each) => !isUtf8(Buffer.from(each, 'latin1')));
  throw new UserError(`${name}, line ${line}: some characters are not UTF-8.`, 'Save it as UTF-8.');
}

async function contentOf(handle: FileHandle, path: string): Promise<Buffer> {
  const stats = await handle.stat();
  if (stats.isDirectory()) throw new UserError(`${path} is a folder.`, 'Give a file.');
  if (!stats.isFile()) throw new UserError(`${path} is not a regular file.`, 'Give a file.');
  const buffer = Buffer.alloc(LIMIT + 1);
  let length = 0;
  while (length <= LIMIT) {
    const { bytesRead } = await handle.read(buffer, length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
  throw new UserError(
    `${path} is larger than 1 MiB, too large for environment variables.`,
    'Give the right file.',
  );
}

function unreadable(path: string, code = 'unknown'): UserError {
  if (code === 'ENOENT') return new UserError(`There is no file ${path}.`);
  if (code === 'EACCES') return new UserError(`You may not read ${path}.`);
  return new UserError(`${path} cannot be read (${code}).`);
}
