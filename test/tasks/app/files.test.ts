import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readTemplates } from '../../../src/scaffold/templates.ts';
import { files, travisYml } from '../../../src/tasks/app/files.ts';
import type { Env } from '../../../src/tasks/app/scope.ts';
import { run } from '../../../src/tasks/graph.ts';
import { fakeEnv, plan } from '../fakes.ts';

test('what a person writes while they look at the plan is left as it is', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'digital-apps-files-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const at = (path: string) => join(dir, path);
  await writeFile(at('.travis.yml'), 'language: node_js\n');
  const answers = { 'deploy-with': 'digital-apps', branch: 'develop', 'replace-files': [] };
  const templates = await readTemplates('digital-apps', { version: '1.0.0', branch: 'develop' });
  const env = { ...fakeEnv(), dir, answers, templates } as unknown as Env;
  const agreed = await plan(files, { env });

  await writeFile(at('.travis.yml'), 'language: node_js\nscript: npm test\n');
  await writeFile(at('.dockerignore'), 'mine\n');
  const results = await run(agreed, () => {});

  const failed = results.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ resource }) => resource.name).sort()).toEqual([
    '.dockerignore',
    travisYml.name,
  ]);
  expect(failed[0]!.error?.answer).toMatch(/was changed by somebody else just now/);
  expect(await readFile(at('.travis.yml'), 'utf8')).toBe('language: node_js\nscript: npm test\n');
  expect(await readFile(at('.dockerignore'), 'utf8')).toBe('mine\n');
  expect(await readFile(at('deploy/Dockerfile'), 'utf8')).toContain('FROM');
});
