import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stamped } from '../../../src/scaffold/stamp.ts';
import {
  type Flavour,
  readTemplates,
  templatesDirectory,
} from '../../../src/scaffold/templates.ts';

export const TEMPLATES = templatesDirectory();

/** All files of the templates, as paths from TEMPLATES. */
export async function templateFiles(): Promise<string[]> {
  const entries = await readdir(TEMPLATES, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TEMPLATES.length))
    .sort();
}

/** An empty folder that goes when the test has ended. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'digital-apps-app-repo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts the files into a repository as `add-app` does, with this version and the branch `develop`. */
export async function scaffold(flavour: Flavour, folder: string): Promise<void> {
  const templates = await readTemplates(flavour, { version: '1.2.3', branch: 'develop' });
  for (const { path, content, executable } of templates) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), stamped(path, content), {
      mode: executable ? 0o755 : 0o644,
    });
  }
}

/** Where that program is on this machine, if it is. */
export function find(program: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
