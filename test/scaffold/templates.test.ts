import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readTemplates, templatesDirectory } from '../../src/scaffold/templates.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-templates-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const read = (flavour: 'digital-apps' | 'ecs-cli', branch = 'develop') =>
  readTemplates(flavour, { version: '1.2.3', branch }, folder);

describe('the files of an app', () => {
  beforeEach(() =>
    put({
      'common/.dockerignore': 'node_modules\n',
      'common/deploy/entrypoint.sh': '#!/bin/sh\r\nexec "$@"\r\n',
      'common/deploy/ecs-deploy.js': 'common\n',
      'digital-apps/.travis.yml': 'branch: "{{BRANCH}}" # {{BRANCH}}\n',
      'digital-apps/deploy/ecs-deploy.js': "run('digital-apps@{{VERSION}}', '{{.Id}}');\n",
      'ecs-cli/deploy/install-ecs-cli.sh': '#!/bin/sh\n',
    }),
  );

  test('are the common ones and those of the flavour, which go first, filled in', async () => {
    expect(await read('digital-apps')).toEqual([
      { path: '.dockerignore', content: 'node_modules\n', executable: false },
      { path: '.travis.yml', content: 'branch: "develop" # develop\n', executable: false },
      {
        path: 'deploy/ecs-deploy.js',
        content: "run('digital-apps@1.2.3', '{{.Id}}');\n",
        executable: false,
      },
      { path: 'deploy/entrypoint.sh', content: '#!/bin/sh\nexec "$@"\n', executable: true },
    ]);
    expect((await read('ecs-cli')).map(({ path, executable }) => [path, executable])).toEqual([
      ['.dockerignore', false],
      ['deploy/ecs-deploy.js', false],
      ['deploy/entrypoint.sh', true],
      ['deploy/install-ecs-cli.sh', true],
    ]);
  });

  test.each(['1.10', 'on', 'feature/#1', "it's", 'a"b', '$&', '{{VERSION}}'])(
    'name the branch %j as it is',
    async (branch) => {
      const files = await read('digital-apps', branch);
      const { content } = files.find(({ path }) => path === '.travis.yml')!;
      expect(parse(content)).toEqual({ branch });
    },
  );
});

test.each([
  ['beside the bundle', 'dist/app-repo', 'dist/chunk-ABC.js'],
  ['at the top of the source', 'templates/app-repo', 'src/scaffold/templates.ts'],
])('are found %s', async (_, place, module) => {
  const from = pathToFileURL(join(folder, module)).href;
  expect(() => templatesDirectory(from)).toThrow(/^the app's files are in none of /);
  await put({ [`${place}/common/a`]: '' });
  expect(templatesDirectory(from)).toBe(join(folder, place, '/'));
});

describe('the package', () => {
  const ROOT = fileURLToPath(new URL('../..', import.meta.url));
  const SOURCE = join(ROOT, 'templates/app-repo');

  test('takes every one of them along', async () => {
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
      cwd: ROOT,
      env: { npm_config_update_notifier: 'false', npm_config_cache: join(folder, 'npm') },
    });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const packed = files
      .map(({ path }) => path)
      .filter((path) => path.startsWith('dist/app-repo/'))
      .map((path) => path.slice('dist/app-repo/'.length));
    const entries = await readdir(SOURCE, { recursive: true, withFileTypes: true });
    const source = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(SOURCE.length + 1));
    expect(packed.sort()).toEqual(source.sort());
    expect(packed).toContain('digital-apps/.travis.yml');
  });

  test.each(['digital-apps', 'ecs-cli'] as const)(
    'leaves no place without a value (%s)',
    async (flavour) => {
      const files = await readTemplates(flavour, { version: '1.2.3', branch: 'develop' });
      expect(files.map(({ path }) => path)).toContain('deploy/ecs-deploy.js');
      for (const { content } of files) expect(content).not.toMatch(/\{\{[A-Z]+\}\}/);
    },
  );
});
