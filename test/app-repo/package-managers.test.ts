import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaffold, TEMPLATES, temporaryFolder } from './support/app-repo.ts';
import { newRoot, newStore, whyNoContainers } from './support/containers.ts';

const why = whyNoContainers();

/** A base image whose programs only write down in `calls`, where they are started, what they were told. */
async function writeBase(root: string): Promise<void> {
  await newRoot(root);
  for (const program of ['apt-get', 'npm', 'pnpm', 'yarn']) {
    const script = `#!/bin/sh\necho "${program} $*" >> calls\n`;
    await writeFile(join(root, 'usr/local/bin', program), script, { mode: 0o755 });
  }
  // Node is only asked for the version that package.json names.
  const node = '#!/bin/sh\n[ ! -f version ] || cat version\n';
  await writeFile(join(root, 'usr/local/bin/node'), node, { mode: 0o755 });
}

const berry = '__metadata:\n  version: 8\n';
const build = 'npm run build --if-present';
const cases: [string, Record<string, string>, string[]][] = [
  [
    'pnpm',
    { 'pnpm-lock.yaml': '', version: '10.11.0' },
    [
      'npm install --global --force pnpm@10.11.0',
      'pnpm install --frozen-lockfile',
      build,
      'pnpm prune --prod --ignore-scripts',
    ],
  ],
  [
    'Yarn of today, in its newest version',
    { 'yarn.lock': berry },
    [
      'npm install --global --force @yarnpkg/cli-dist@4',
      'yarn install --immutable',
      build,
      'yarn workspaces focus --all --production',
    ],
  ],
  [
    'classic Yarn',
    { 'yarn.lock': '# yarn lockfile v1\n', version: '1.22.19' },
    [
      'npm install --global --force yarn@1.22.19',
      'yarn install --frozen-lockfile',
      build,
      'yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline',
    ],
  ],
  [
    'npm',
    { 'package-lock.json': '{}' },
    ['npm ci', build, 'npm prune --omit=dev --ignore-scripts'],
  ],
  ['npm without a lockfile', {}, ['npm install', build, 'npm prune --omit=dev --ignore-scripts']],
];

describe.skipIf(why)(`the image is built with${why ? ` (skipped: ${why})` : ''}`, () => {
  let store: Awaited<ReturnType<typeof newStore>>;
  let root: string;

  beforeAll(async () => {
    store = await newStore();
    root = await mkdtemp(join(tmpdir(), 'digital-apps-base-'));
    await writeBase(root);
    await store.import(root, 'localhost/recording');
  });
  afterAll(async () => {
    await store?.remove();
    await rm(root, { recursive: true, force: true });
  });

  test.each(cases)('%s', async (_, files, calls) => {
    const folder = await temporaryFolder();
    await scaffold('digital-apps', folder);
    await mkdir(join(folder, '.yarn/cache'), { recursive: true });
    for (const [file, text] of Object.entries({ 'package.json': '{}', ...files })) {
      await writeFile(join(folder, file), text);
    }
    await store.build(folder, 'localhost/app:recorded', 'localhost/recording');
    const show = ['sh', '-c', 'cat calls; echo; cat /calls; ls -A .yarn'];
    const { stdout } = await (await store.start('localhost/app:recorded', show)).ended;
    const debian = [
      'apt-get update',
      'apt-get install -y --no-install-recommends ca-certificates curl',
    ];
    expect(stdout.trim().split('\n')).toEqual([...calls, '', ...debian]);
  });
});

test.each([
  [{}, ''],
  [{ packageManager: 'pnpm@10.11.0' }, '10.11.0'],
  [{ packageManager: 'yarn@4.9.1+sha512.ab12', type: 'module' }, '4.9.1'],
])('the version of the package manager in %j is “%s”', async (packageJson, version) => {
  const dockerfile = await readFile(join(TEMPLATES, 'common/deploy/Dockerfile'), 'utf8');
  const expression = /\$\((node -p ".*")\)/.exec(dockerfile)![1]!;
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'package.json'), JSON.stringify(packageJson));
  expect(execFileSync('sh', ['-c', expression], { cwd, encoding: 'utf8' }).trim()).toBe(version);
});
