import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const TEMPLATES = fileURLToPath(new URL('../../../templates/app-repo', import.meta.url));

export type Flavour = 'digital-apps' | 'ecs-cli';

/** All files of the templates, as paths from TEMPLATES. */
export async function templateFiles(): Promise<string[]> {
  const entries = await readdir(TEMPLATES, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TEMPLATES.length + 1))
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
  for (const part of ['common', flavour]) {
    await cp(join(TEMPLATES, part), folder, { recursive: true });
  }
  for (const file of ['deploy/ecs-deploy.js', '.travis.yml']) {
    const text = await readFile(join(folder, file), 'utf8');
    const filled = text.replaceAll('{{VERSION}}', '1.2.3').replaceAll('{{BRANCH}}', 'develop');
    await writeFile(join(folder, file), filled);
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
