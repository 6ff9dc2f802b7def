import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';
import { type CleanupWorld, newCleanupWorld } from './world.ts';

let world: CleanupWorld;
let dir: string;

beforeAll(async () => {
  world = await newCleanupWorld();
  // Somebody has gone back to revision 12.
  dir = await world.deployed('permits', { revisions: 30, runs: 12 });
  await world.deployed('roads', { revisions: 15 });
  await world.deployed('roads-staging', { revisions: 3 });
}, 120_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const tagged = (revisions: number[]) => revisions.map((revision) => `${revision}-abc`);
const KEPT = [11, 12, ...upTo(21, 30)];

test('a dry run tells what would go and why, and changes nothing', async () => {
  const { stdout, exitCode } = await world.cleanup('permits', '--dry-run');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('deregister  revisions 1–10, 13–20');
  expect(stdout).toMatch(
    /delete {6}18 images \(up to 900 MB\) +older than the 10 kept; nothing that is kept or in use/,
  );
  expect(stdout).toMatch(/keep {8}revision 12 +in use by the service permits\n/);
  expect(stdout).toMatch(/keep {8}revision 11 +to go back to from 12\n/);
  expect(stdout).toMatch(/keep {8}image 12-abc +named by permits:12/);
  expect(stdout).toContain('A dry run: nothing was changed.');
  expect(world.changing()).toEqual([]);
  expect(await world.active('permits')).toEqual(upTo(1, 30));
});

test('what nobody needs goes, and the rest stays; a second run finds nothing to do', async () => {
  const ran = await world.cleanup('permits', '--yes', '--json');
  expect(ran.exitCode).toBe(0);
  const { apps, ...rest } = ran.document;
  expect(rest).toMatchObject({ schema: 1, cluster: 'digitalApps', keep: 10, dryRun: false });
  const [app] = apps;
  expect(apps).toHaveLength(1);
  expect(app).toMatchObject({ app: 'permits', left: [], spared: [], errors: [] });
  const gone = [...upTo(1, 10), ...upTo(13, 20)];
  expect(app?.taskDefinitions).toMatchObject({ planned: gone, deregistered: gone });
  expect(app?.images?.planned.flatMap(({ tags }) => tags).sort()).toEqual(tagged(gone).sort());
  // Each is an index and the two that it consists of.
  expect(app?.images?.deleted).toHaveLength(3 * gone.length);
  expect(app?.images?.freedBytes).toBe(gone.length * 50_010_000);

  expect(await world.active('permits')).toEqual(KEPT);
  const { tags, manifests } = await world.images('permits');
  expect(tags.sort()).toEqual(tagged(KEPT).sort());
  expect(manifests).toBe(3 * KEPT.length);
  // Of other apps nothing is touched.
  expect(await world.active('roads')).toEqual(upTo(1, 15));

  const again = await world.cleanup('permits', '--yes');
  expect(again.stdout).toContain('\nNothing is old enough to go.\n');
  expect(again.exitCode).toBe(0);
  expect(world.changing()).toEqual([]);
});

test('in an app’s repository it is that app', async () => {
  const { env } = world.machine;
  const terminal = openTerminal(['cleanup', '--dry-run'], { env, cwd: dir });
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toMatch(/\npermits\n/);
  expect(terminal.text()).not.toMatch(/\nroads\n/);
});

test('elsewhere the app is asked for, how many to keep, and whether to go ahead', async () => {
  const { env, home } = world.machine;
  const terminal = openTerminal(['cleanup'], { env, cwd: home });
  await terminal.shows('Which app is cleaned up after?');
  terminal.press('roads', '\r');
  await terminal.shows(
    'How many task definitions, and how many images, are kept of each app? (10)',
  );
  terminal.press('0', '\r');
  await terminal.shows('--keep must lie between 1 and 1000, 0 does not.');
  terminal.press('\x1512', '\r');
  await terminal.shows('3 task definitions to deregister, 3 images (up to 150 MB) to delete.');
  await terminal.shows('Do this in account 123456789012, us-east-2?');
  terminal.press('\r');
  expect(await terminal.ended).toBe(130);
  expect(terminal.text()).toContain('Left; nothing was changed.');
  expect(await world.active('roads')).toEqual(upTo(1, 15));
});

test('every app is cleaned up after with --all, and keeps what it runs', async () => {
  const { document, exitCode } = await world.cleanup('--all', '--yes', '--keep', '1', '--json');
  expect(exitCode).toBe(0);
  expect(document.apps.map(({ app }) => app)).toEqual(['permits', 'roads', 'roads-staging']);
  expect(await world.active('permits')).toEqual([11, 12, 30]);
  expect(await world.active('roads')).toEqual([14, 15]);
  expect((await world.images('roads')).tags.sort()).toEqual(['14-abc', '15-abc']);
  expect(await world.active('roads-staging')).toEqual([2, 3]);
});

describe('nothing is touched, and the exit code is 2,', () => {
  test.each<[string, string[], string]>([
    ['without an app', ['--yes'], 'There is permits, roads, roads-staging.'],
    ['where an app is misspelt', ['permit', '--yes'], 'Did you mean permits?'],
    ['where there is no such app', ['library', '--yes'], 'There is permits, roads'],
    ['with an app and --all', ['permits', '--all', '--yes'], 'exclude each other'],
    ['where none are to be kept', ['permits', '--keep', '0', '--yes'], 'between 1 and 1000'],
    ['where it is no number', ['permits', '--keep', 'all', '--yes'], 'whole number'],
    ['where nobody can be asked', ['permits'], 'Add --yes to go ahead, or --dry-run'],
    ['without a cluster there', ['--all', '--yes', '--region', 'us-west-2'], 'There is no cluster'],
  ])('%s', async (_where, args, says) => {
    const { exitCode, stderr } = await world.cleanup(...args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
    expect(world.changing()).toEqual([]);
  });

  test('where AWS does not let one look', async () => {
    world.faults.inject({
      ...{ operation: 'ListTasks', status: 400, code: 'AccessDeniedException', times: 20 },
      message:
        'User: arn:aws:iam::123456789012:user/jane is not authorized to perform: ecs:ListTasks on resource: * because no identity-based policy allows the ecs:ListTasks action',
    });
    const { exitCode, stderr } = await world.cleanup('permits', '--yes');
    expect(stderr).toContain('Could not look: You may not call ecs:ListTasks');
    expect(exitCode).toBe(2);
    expect(world.changing()).toEqual([]);
  });
});
