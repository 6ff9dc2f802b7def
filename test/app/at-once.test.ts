import { DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Machine, newMachine } from '../support/program.ts';
import { appCensus, found, ONE_APP } from './found.ts';
import { type AppWorld, addApp, newAppWorld, withTravis, ZONE } from './world.ts';

let world: AppWorld;
let other: Machine;

beforeAll(async () => {
  world = await newAppWorld({
    slugs: ['city/twice', 'city/one', 'city/two', 'city/three'],
    zone: true,
  });
  other = await newMachine(world.faults.endpoint, withTravis(world.travis));
});
afterAll(async () => {
  await other.remove();
  await world.stop();
});

const ONE = { ...ONE_APP, objects: 0 };
const hostOf = (app: string) => `${app}.${ZONE}`;

async function expectWhole(app: string, dir: string): Promise<void> {
  expect(await appCensus(world.aws, app, hostOf(app))).toEqual(ONE);
  const variables = world.travis.variables(`city/${app}`);
  expect(variables.map(({ name }) => name).sort()).toEqual(NAMES);
  const [key] = await found.keysOf(world.aws, app);
  expect(variables.find(({ name }) => name === 'AWS_ACCESS_KEY_ID')?.value).toBe(key!.id);
  const after = await world.add(dir, '--dry-run');
  expect(after.outcomes, after.stderr).toEqual({});
}

const NAMES = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_CLOUDWATCH_LOGS_GROUP', 'AWS_DEFAULT_REGION'],
  ...['AWS_EC2_TARGET_GROUP_ARN', 'AWS_ECS_CLUSTER', 'AWS_ECS_REGISTRY'],
  ...['AWS_ECS_REPOSITORY_NAMESPACE', 'AWS_ECS_SERVICE_NAME', 'AWS_ECS_SERVICE_ROLE_ARN'],
  ...['AWS_ECS_TASK_ROLE_ARN', 'AWS_S3_CONFIG_BUCKET', 'AWS_SECRET_ACCESS_KEY'],
];

test('two runs for the same app at once, on two machines, make one of everything', async () => {
  // With those of the app alone, nobody comes to the limit of calls and waits.
  for (const [name, value] of Object.entries(world.globals)) {
    const variable = { id: name, name, value, public: true, branch: null };
    world.travis.variables('city/twice').push(variable);
  }
  const dirs = [await world.clone('city/twice'), await world.clone('city/twice', other)];
  const flags = ['--host', hostOf('twice')];
  const both = await Promise.all([
    world.start(dirs[0]!, ...flags).ended,
    other.run(...addApp(dirs[1]!, ...flags)),
  ]);
  const codes = both.map(({ exitCode }) => exitCode);
  expect(codes, both.map(({ stderr }) => stderr).join('\n')).toEqual([0, 0]);
  await expectWhole('twice', dirs[0]!);
  expect(await found.keys(world.aws)).toHaveLength(1);
});

test('runs for three apps at once, on one cluster, all have their own', async () => {
  const apps = ['one', 'two', 'three'];
  const dirs = await Promise.all(apps.map((app) => world.clone(`city/${app}`)));
  const runs = await Promise.all(
    dirs.map((dir, index) => world.start(dir, '--host', hostOf(apps[index]!)).ended),
  );
  // Of the shared user's two keys the third found none left; by now it is known who has them.
  for (const [index, { exitCode, stderr }] of runs.entries()) {
    if (exitCode === 0) continue;
    expect(stderr).toContain('digitalTravis has two access keys, which is all that AWS allows');
    const again = await world.add(dirs[index]!);
    expect(again.exitCode, again.stderr).toBe(0);
  }
  for (const [index, app] of apps.entries()) await expectWhole(app, dirs[index]!);
  for (const port of [80, 443]) {
    const ListenerArn = await found.listener(world.aws, port);
    const { Rules = [] } = await world.aws.elb.send(new DescribeRulesCommand({ ListenerArn }));
    expect(new Set(Rules.map(({ Priority }) => Priority)).size).toBe(1 + 1 + apps.length);
  }
  // AWS lets a user have two; the others’ are of users of their own.
  const keys = await found.keys(world.aws);
  expect(keys).toHaveLength(1 + apps.length);
  expect(keys.filter(({ user }) => user === 'digitalTravis')).toHaveLength(2);
}, 120_000);
