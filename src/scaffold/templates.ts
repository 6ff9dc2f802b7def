import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLf } from './stamp.ts';

/** What an app's deploys are done with. */
export type Flavour = 'digital-apps' | 'ecs-cli';

export interface Template {
  /** Where it goes in the app's repository, with `/`. */
  path: string;
  content: string;
  executable: boolean;
}

interface Values {
  /** Of this program, which the app's deploys call. */
  version: string;
  branch: string;
}

/**
 * The files that go into an app's repository, in order of their paths. One of the flavour takes the
 * place of a common one.
 */
export async function readTemplates(
  flavour: Flavour,
  values: Values,
  folder = templatesDirectory(),
): Promise<Template[]> {
  const files = new Map<string, Template>();
  for (const part of ['common', flavour]) {
    for (const path of await filesIn(join(folder, part))) {
      const text = withLf(await readFile(join(folder, part, path), 'utf8'));
      const content = filled(text, values);
      files.set(path, { path, content, executable: content.startsWith('#!') });
    }
  }
  return [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The folder of the templates: beside the bundle, or at the top of the source. */
export function templatesDirectory(from = import.meta.url): string {
  const candidates = ['./app-repo/', '../../templates/app-repo/'];
  const folders = candidates.map((each) => fileURLToPath(new URL(each, from)));
  const found = folders.find((folder) => existsSync(join(folder, 'common')));
  if (!found) throw new Error(`the app's files are in none of ${folders.join(', ')}`);
  return found;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** The places for values stand between quotes, and a branch may hold one. */
function filled(text: string, values: Values): string {
  return text.replaceAll(/\{\{(VERSION|BRANCH)\}\}/g, (_, name: 'VERSION' | 'BRANCH') => {
    const value = name === 'VERSION' ? values.version : values.branch;
    return JSON.stringify(value).slice(1, -1);
  });
}
