import { afterAll, beforeAll, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { tagAll, tagsOfEverything, untagEverything } from './tags.ts';
import { newWorld, type World } from './world.ts';

let world: World;

/** Everything that is found by its name, and not by our tag. */
const NAMED = {
  'Config bucket': 'cob-digital-apps-config',
  'Log group': 'digitalApps',
  'Load balancer’s group': 'sg-',
  'Instances’ group': 'sg-',
  'Instance role': 'digitalAppsInstanceRole',
  'Instance profile': 'digitalAppsInstanceRole',
  'Service role': 'digitalAppsServiceRole',
  'Task role': 'digitalAppsTaskRole',
  'Travis user': 'digitalTravis',
  'Config-read policy': 'arn:aws:iam::123456789012:policy/digitalAppsConfigRead',
  'Deploy policy': 'arn:aws:iam::123456789012:policy/digitalAppsDeploy',
  'ECS cluster': 'digitalApps',
  'Key pair': 'digitalApps',
  'Launch template': 'lt-',
  'Autoscaling group': 'digitalApps',
  'Load balancer': 'digitalApps',
};

/** A cluster under our names that nobody can tell was made by us. */
beforeAll(async () => {
  world = await newWorld();
  expect((await world.run('--no-wait')).exitCode).toBe(0);
  await untagEverything(world.aws);
});
afterAll(() => world.stop());

test('what was made by other means is named, every one, and not touched', async () => {
  const { exitCode, stderr } = await world.run('--no-wait');
  expect(exitCode).toBe(2);
  for (const [name, id] of Object.entries(NAMED)) {
    const said = stderr.split('\n').find((line) => line.startsWith(`${name} ${id}`));
    expect(said, name).toContain('is there already and was not made by digital-apps');
  }
  expect(stderr).toContain('Add --adopt to take it over');
  expect(world.changing()).toEqual([]);
});

test('a dry run says so too', async () => {
  const { exitCode } = await world.run('--dry-run');
  expect(exitCode).toBe(2);
  expect(world.changing()).toEqual([]);
});

test('--adopt takes it over, and tags it', async () => {
  const ran = await world.run('--adopt', '--no-wait');
  expect(ran.exitCode).toBe(0);
  expect(ran.outcomes).toEqual(
    Object.fromEntries(Object.keys(NAMED).map((name) => [name, 'change'])),
  );
  const tags = await tagsOfEverything(world.aws);
  for (const [what, found] of Object.entries(tags)) {
    expect(found, what).toMatchObject({
      'digital-apps:cluster': 'digitalApps',
      'digital-apps:region': 'us-east-2',
    });
  }
  // A bucket's tags can only be written all together: those it had are still there.
  expect(tags.bucket).toMatchObject({ team: 'web' });
  // The network is somebody else's that is used as it is.
  expect(await census(world.aws)).toEqual({
    ...ONE_CLUSTER,
    ...{ subnets: 0, routeTables: 0 },
  });
});

test('from then on it is ours', async () => {
  const { exitCode, outcomes } = await world.run('--no-wait');
  expect(exitCode).toBe(0);
  expect(outcomes).toEqual({});
  expect(world.changing()).toEqual([]);
});

test('what is another cluster’s is refused, even with --adopt', async () => {
  await tagAll(world.aws, { 'digital-apps:cluster': 'parks', 'digital-apps:region': 'us-west-2' });
  const { exitCode, stderr } = await world.run('--adopt');
  expect(exitCode).toBe(2);
  for (const [name, id] of Object.entries(NAMED)) {
    // One user deploys for all clusters of the account.
    if (name === 'Travis user') continue;
    const said = stderr.split('\n').find((line) => line.startsWith(`${name} ${id}`));
    expect(said, name).toContain('belongs to the cluster parks in us-west-2');
  }
  expect(stderr).not.toMatch(/^Travis user/m);
  expect(world.changing()).toEqual([]);
});
