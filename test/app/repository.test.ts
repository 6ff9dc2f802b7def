import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { stamped } from '../../src/scaffold/stamp.ts';
import { newMachine } from '../support/program.ts';
import { canRun, giveAway, picture, runElsewhere, somebody } from './elsewhere.ts';
import { type AppWorld, newAppWorld, textOf } from './world.ts';

const QUICK = ['--no-cdn', '--set', 'certificate=none'];
const OURS = [
  'deploy/Dockerfile',
  'deploy/docker-compose.yml',
  'deploy/entrypoint.sh',
  'deploy/ecs-deploy.js',
  'deploy/.gitattributes',
  '.dockerignore',
];
const ALL = [...OURS, '.travis.yml', '.gitignore'];
const canTry = await canRun();
const mount = ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()];
const canMount = !(await execa('unshare', mount, { reject: false })).failed;

let world: AppWorld;
/** A clone of an app that stands, with none of our files yet. */
let app: string;

const add = (...flags: string[]) => world.add(app, ...QUICK, ...flags);
const git = (...args: string[]) => execa('git', ['-C', app, ...args]);
const modeOf = async (path: string) => ((await stat(join(app, path))).mode & 0o777).toString(8);
const write = (path: string, text: string) => writeFile(join(app, path), text);

/** The sentences that say what is left to a person. */
const attention = (ran: { stdout: string }) => JSON.parse(ran.stdout).attention as string[];

beforeAll(async () => {
  world = await newAppWorld();
  app = await world.clone('city/parks');
  expect((await add('--host', 'parks.example.gov')).exitCode).toBe(0);
}, 90_000);

afterAll(() => world.stop());

beforeEach(async () => {
  app = await world.clone('city/parks');
});

test('gets its files, and a dry run only shows them', async () => {
  const before = await picture(app);
  const dry = await add('--dry-run');
  expect(dry.exitCode).toBe(0);
  expect(await picture(app)).toEqual(before);
  const done = await add();
  expect(done.exitCode).toBe(0);
  expect(done.outcomes).toEqual(Object.fromEntries(ALL.map((path) => [path, 'create'])));
  // Who lets it go ahead unseen is told of each file in a line.
  expect(done.stderr).not.toContain('+++ b/');
  expect(done.stderr).toMatch(/^ {2}create {2}deploy\/Dockerfile +new, \d+ lines$/m);
  for (const path of ALL) {
    expect(dry.stderr).toContain(`+++ b/${path}`);
    for (const line of (await textOf(app, path)).split('\n').filter(Boolean)) {
      expect(dry.stderr).toContain(`+${line}`);
    }
  }
  for (const path of ALL) {
    const mode = path.endsWith('.sh') ? '755' : '644';
    expect({ path, mode: await modeOf(path) }).toEqual({ path, mode });
  }
  const stands = await picture(app);
  const again = await add();
  expect([again.exitCode, again.outcomes]).toEqual([0, {}]);
  expect(await picture(app)).toEqual(stands);
  await chmod(join(app, 'deploy/entrypoint.sh'), 0o644);
  expect((await add()).outcomes).toEqual({ 'deploy/entrypoint.sh': 'change' });
  expect(await picture(app)).toEqual(stands);
});

test('keeps what a person changed, shows the difference, and replaces it when told to', async () => {
  await add();
  const ours = await textOf(app, 'deploy/Dockerfile');
  await appendFile(join(app, 'deploy/Dockerfile'), 'RUN echo mine\n');
  await write('.dockerignore', 'all-mine\n');
  const theirs = await picture(app);
  const kept = await add();
  expect([kept.exitCode, kept.outcomes]).toEqual([1, {}]);
  expect(attention(kept)).toEqual(
    ['deploy/Dockerfile', '.dockerignore'].map(
      (path) =>
        `${path} is not ours or was changed, and stays as it is; --set replace-files=${path} replaces it.`,
    ),
  );
  expect(kept.stderr).toContain('-RUN echo mine');
  expect(kept.stderr).toContain('-all-mine');
  expect(await picture(app)).toEqual(theirs);

  const replaced = await add('--set', 'replace-files=deploy/Dockerfile');
  expect([replaced.exitCode, replaced.outcomes]).toEqual([1, { 'deploy/Dockerfile': 'change' }]);
  expect(await textOf(app, 'deploy/Dockerfile')).toBe(ours);
  expect(await textOf(app, '.dockerignore')).toBe('all-mine\n');
  expect((await add('--set', 'replace-files=.dockerignore')).exitCode).toBe(0);
});

test('updates what an older version wrote', async () => {
  await mkdir(join(app, 'deploy'));
  await write('deploy/Dockerfile', stamped('deploy/Dockerfile', 'FROM node:18\n'));
  const ran = await add();
  expect([ran.exitCode, attention(ran)]).toEqual([0, []]);
  expect(ran.outcomes).toMatchObject({ 'deploy/Dockerfile': 'change' });
  expect(ran.stderr).toContain('-FROM node:18');
  expect(await textOf(app, 'deploy/Dockerfile')).not.toContain('node:18');
});

test('takes line ends of Windows for no change of a person’s', async () => {
  await add();
  const before = await picture(app);
  for (const path of ALL) {
    await write(path, (await textOf(app, path)).replaceAll('\n', '\r\n'));
  }
  const ran = await add();
  expect([ran.exitCode, attention(ran)]).toEqual([0, []]);
  // Of these two only what is missing is ours.
  const shared = ['.travis.yml', '.gitignore'];
  for (const path of ALL.filter((each) => !shared.includes(each))) {
    expect(await textOf(app, path)).toBe(before[path]!.slice(4));
  }
  for (const path of shared) expect(await textOf(app, path)).toContain('\r\n');
  expect((await add()).outcomes).toEqual({});
});

describe('.travis.yml', () => {
  test('has the deploy added, and stays as it was otherwise', async () => {
    const theirs = [
      '# Ours since 2017.',
      'language: node_js # do not touch',
      "node_js: ['20']",
      '',
      'script:',
      '    - npm test    # all of them',
      'services: [docker]',
      '',
    ];
    await write('.travis.yml', theirs.join('\n'));
    const ran = await add();
    expect([ran.exitCode, ran.outcomes['.travis.yml']]).toEqual([0, 'change']);
    const text = await textOf(app, '.travis.yml');
    expect(text.startsWith(theirs.join('\n'))).toBe(true);
    expect(parse(text).deploy).toMatchObject({ provider: 'script', on: { branch: 'develop' } });
    const { ino, mtimeMs } = await stat(join(app, '.travis.yml'));
    expect((await add()).exitCode).toBe(0);
    expect(await stat(join(app, '.travis.yml'))).toMatchObject({ ino, mtimeMs });
  });

  test('is not touched where it says all that already, in its own way', async () => {
    const theirs =
      'deploy: {on: {branch: [develop, qa]}, script: node deploy/ecs-deploy.js, provider: script}\nservices: docker\n';
    await write('.travis.yml', theirs);
    const ran = await add();
    expect(ran.exitCode).toBe(0);
    expect(ran.outcomes).not.toHaveProperty(['.travis.yml']);
    expect(await textOf(app, '.travis.yml')).toBe(theirs);
  });

  test('that is no YAML is left, and all else is done', async () => {
    const theirs = 'language: node_js\n\tscript: [npm\n';
    await write('.travis.yml', theirs);
    const ran = await add();
    expect(ran.exitCode).toBe(1);
    expect(attention(ran)).toEqual([
      expect.stringMatching(
        /^\.travis\.yml is not valid YAML: line 2, column \d+: .+\. Mend it there and run this again; it was not changed\.$/,
      ),
    ]);
    expect(await textOf(app, '.travis.yml')).toBe(theirs);
    expect(Object.keys(ran.outcomes).sort()).toEqual([...OURS, '.gitignore'].sort());
  });
});

describe('.env', () => {
  test('is added to what git leaves alone', async () => {
    await write('.gitignore', 'node_modules # all\n\n/dist');
    expect((await add()).outcomes).toMatchObject({ '.gitignore': 'change' });
    expect(await textOf(app, '.gitignore')).toBe('node_modules # all\n\n/dist\n.env\n');
  });

  test('is not where git leaves it alone already', async () => {
    await write('.gitignore', '.env*\n');
    expect((await add()).outcomes).not.toHaveProperty(['.gitignore']);
    expect(await textOf(app, '.gitignore')).toBe('.env*\n');
  });

  test('that git has is told of', async () => {
    await write('.gitignore', '.env\n');
    await write('.env', 'KEY=s3cr3t\n');
    await git('add', '--force', '.env');
    const ran = await add();
    expect(ran.exitCode).toBe(0);
    expect(ran.json.notes).toContainEqual(
      expect.stringMatching(/^git has \.env: .+git rm --cached \.env/),
    );
    expect(ran.stderr + ran.stdout).not.toContain('s3cr3t');
    expect(await textOf(app, '.gitignore')).toBe('.env\n');
  });
});

test('deploys with ecs-cli when told to, until told otherwise', async () => {
  await add();
  const before = await picture(app);
  const changed = { 'deploy/ecs-deploy.js': 'change', '.travis.yml': 'change' };
  const there = await add('--deploy-with', 'ecs-cli');
  expect([there.exitCode, there.outcomes]).toEqual([
    ...[0, { ...changed, 'deploy/install-ecs-cli.sh': 'create' }],
  ]);
  expect(await modeOf('deploy/install-ecs-cli.sh')).toBe('755');
  expect(parse(await textOf(app, '.travis.yml')).before_deploy).toEqual([
    './deploy/install-ecs-cli.sh',
  ]);
  expect((await add()).outcomes).toEqual({});

  const back = await add('--deploy-with', 'digital-apps');
  expect([back.exitCode, back.outcomes]).toEqual([0, changed]);
  expect(await picture(app)).toMatchObject(before);
  expect((await add()).outcomes).toEqual({});
});

describe('refuses before anything is made', () => {
  const NEW = ['--repo', 'city/new', '--host', 'new.example.gov'];
  let elsewhere: string;

  beforeEach(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), 'digital-apps-elsewhere-'));
    return () => rm(elsewhere, { recursive: true });
  });

  async function refused(...sentences: string[]): Promise<void> {
    const before = await picture(app);
    const ran = await add(...NEW);
    expect(ran.stderr.trimEnd().split('\n').slice(-sentences.length)).toEqual(sentences);
    expect([ran.exitCode, ran.stdout]).toEqual([2, '']);
    expect(world.changing()).toEqual([]);
    expect(await picture(app)).toEqual(before);
    expect(await readdir(elsewhere)).toEqual([]);
  }

  test('a link that leads out of the repository', async () => {
    await symlink(elsewhere, join(app, 'deploy'));
    await refused(
      `deploy/Dockerfile leads out of the repository, to ${elsewhere}.`,
      'Put a real file or folder in the place of the link.',
    );
  });

  test('a folder in the place of .travis.yml', async () => {
    await mkdir(join(app, '.travis.yml'));
    await refused('.travis.yml is not a file.', 'A file belongs there; move it away.');
  });

  test('a file in the place of a folder', async () => {
    await write('deploy', 'mine\n');
    await refused('deploy is in the way of deploy/Dockerfile.', 'A folder belongs there.');
  });
});

describe.skipIf(!canTry)('without the permission to write (needs a user other than root)', () => {
  /** Somebody's own clone, on a machine of his own. */
  async function theirs() {
    const machine = await newMachine(world.faults.endpoint);
    const dir = join(machine.home, 'app');
    await mkdir(join(dir, 'deploy'), { recursive: true });
    await giveAway(machine.home);
    const run = async (...flags: string[]) => {
      world.faults.clear();
      const args = ['add-app', '--yes', '--json', '--dir', dir, ...QUICK, ...flags];
      return runElsewhere(machine, somebody, ...args);
    };
    const end = async () => {
      await execa('chmod', ['-R', 'u+w', dir]);
      await machine.remove();
    };
    return { dir, run, end };
  }

  test('is refused before anything is made', async () => {
    const { dir, run, end } = await theirs();
    await chmod(join(dir, 'deploy'), 0o555);
    const before = await picture(dir);
    const ran = await run('--repo', 'city/locked', '--host', 'locked.example.gov');
    expect(ran.stderr).toMatch(
      /^deploy\/Dockerfile cannot be written: permission denied\.\nLook at its permissions and those of its folder\.$/m,
    );
    expect([ran.exitCode, ran.stdout]).toEqual([2, '']);
    expect(world.changing()).toEqual([]);
    expect(await picture(dir)).toEqual(before);
    await end();
  });

  test('goes well where nothing is to be written', async () => {
    const { dir, run, end } = await theirs();
    const SHARED = ['--repo', 'city/shared', '--host', 'shared.example.gov'];
    expect((await run(...SHARED)).exitCode).toBe(0);
    await execa('chmod', ['-R', 'a-w', dir]);
    const again = await run(...SHARED);
    expect([again.exitCode, again.stderr]).toEqual([0, expect.stringContaining('as wanted')]);
    expect(world.changing()).toEqual([]);
    await end();
  });
});

test.skipIf(!canMount)('leaves no half a file on a full disk, and goes on from there', async () => {
  app = await world.clone('city/full');
  await mkdir(join(app, 'deploy'));
  // Room for three of the files at the most, and for none that is larger than a page.
  const script =
    'cd "$0" && mount -t tmpfs -o size=12k none deploy && "$@"; code=$?; cat deploy/* deploy/.[!.]* > written; ls -A deploy > listed; exit $code';
  const within = ['unshare', '-rm', 'sh', '-c', script, app];
  const args = ['--dir', app, ...QUICK, '--host', 'full.example.gov'];
  const ran = await runElsewhere(world.machine, { within }, 'add-app', '--yes', '--json', ...args);
  expect(ran.exitCode).toBe(1);
  const { resources } = JSON.parse(ran.stdout) as {
    resources: { name: string; action: string; error?: string }[];
  };
  const failed = resources.filter(({ action }) => action !== 'create' && action !== 'keep');
  expect(failed.length).toBeGreaterThan(0);
  for (const { name, action, error } of failed) {
    expect({ name, action, error }).toEqual({
      ...{ name: expect.stringMatching(/^deploy\//), action: 'failed' },
      error: `${name} could not be written: no space left on device. Nothing of it was changed. Put that right and run the same command again.`,
    });
  }
  const made = resources.filter(({ action }) => action === 'create').map(({ name }) => name);
  expect(made).toEqual(
    expect.arrayContaining(['Target group', 'HTTP rule', 'Image repository', 'Access key']),
  );
  const listed = (await textOf(app, 'listed')).split('\n').filter(Boolean);
  expect(listed.map((name) => `deploy/${name}`).sort()).toEqual(
    made.filter((name) => name.startsWith('deploy/')).sort(),
  );
  const written = await readFile(join(app, 'written'), 'utf8');
  await Promise.all(['listed', 'written'].map((name) => rm(join(app, name))));

  const then = await add('--host', 'full.example.gov');
  expect(then.exitCode).toBe(0);
  const files = OURS.filter((name) => name.startsWith('deploy/'));
  expect(Object.keys(then.outcomes).sort()).toEqual(files.sort());
  const whole = await Promise.all(listed.map((name) => textOf(app, `deploy/${name}`)));
  expect(written.length).toBe(whole.join('').length);
});
