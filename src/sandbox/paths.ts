import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';

/** Makes the sandbox's own folder, for this user alone, and returns its path. */
export async function sandboxDirectory(): Promise<string> {
  const cache = process.env.DIGITAL_APPS_CACHE || envPaths('digital-apps', { suffix: '' }).cache;
  const directory = join(cache, 'sandbox');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700); // it may have been there before, with another mode
  return directory;
}

/** The folder of the Python part: beside the bundle, or beside this file when run from source. */
export function serverDirectory(from = import.meta.url): string {
  const candidates = ['./sandbox-server/', '../sandbox-server/', './server/'];
  const folders = candidates.map((each) => fileURLToPath(new URL(each, from)));
  const found = folders.find((folder) => existsSync(join(folder, '__main__.py')));
  if (!found) throw new Error(`the sandbox's server is in none of ${folders.join(', ')}`);
  return found;
}
