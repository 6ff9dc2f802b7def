import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { found } from '../app/found.ts';
import type { AppWorld } from '../app/world.ts';
import { ENTER_SCREEN, expectRestored, IN_SHELL } from '../guided/wizard.ts';
import { keys } from '../support/keys.ts';
import { lay } from '../support/recorded/lay.ts';
import { recordService, secondsAgo } from '../support/recorded/services.ts';
import { recordTargetHealth } from '../support/recorded/target-health.ts';
import { openTerminal, type Terminal, type TerminalOptions } from '../support/terminal.ts';
import { alarm, CLUSTER, deploy, documentOf, newStatusWorld, redeploy, runTasks } from './world.ts';

const CIRCUIT_BREAKER = 'ECS deployment circuit breaker: tasks failed to start.';

let world: AppWorld;

beforeAll(async () => {
  world = await newStatusWorld('library', 'parks', 'permits', 'roads');
  const { aws } = world;
  await deploy(aws, 'parks', '118-3f2a91c', 2);
  await runTasks(aws, 'parks', 2);
  await alarm(aws, 'parks', 'OK');
  await deploy(aws, 'permits', '40-aa01b77', 3);
  await runTasks(aws, 'permits', 1);
  await redeploy(aws, 'permits', '41-bb01b77');
  await deploy(aws, 'roads', '7-cc01b77');
  await alarm(aws, 'roads', 'ALARM');
}, 180_000);
afterAll(() => world?.stop());
beforeEach(() => asItStands());
afterEach(() => world.faults.clear());

/** What the emulator does not play: “parks” is well, “permits” is being deployed, and “roads” could not be. */
function asItStands(): void {
  const { faults } = world;
  recordService(faults, 'parks', { running: 2, desired: 2 });
  recordTargetHealth(faults, [{ state: 'healthy' }, { state: 'healthy' }, { state: 'draining' }]);
  rollOut(0);
  const failed = { rolloutState: 'FAILED', rolloutStateReason: CIRCUIT_BREAKER, failedTasks: 3 };
  recordService(faults, 'roads', { running: 0, deployment: failed });
}

/** So many of three tasks are new. */
function rollOut(runningCount: number): void {
  const deployment = { rolloutState: 'IN_PROGRESS', createdAt: secondsAgo(90) };
  recordService(world.faults, 'permits', {
    ...{ running: 3, desired: 3, events: ['has started 1 tasks: (task 0c1d2e3f).'] },
    deployment: { ...deployment, runningCount, desiredCount: 3 },
  });
}

const status = (...args: string[]) => world.machine.run('status', ...args);
const appsNow = async (...args: string[]) => {
  const { apps } = documentOf(await status('--json', ...args));
  return Object.fromEntries(apps.map((app) => [app.service, app]));
};

test('one screen shows the cluster and all apps', async () => {
  const { stdout, stderr, exitCode } = await status();
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const lines = stdout.split('\n');
  expect(lines).toContain('Cluster   digitalApps, 2 instances');
  const rowOf = (app: string) => lines.find((line) => line.slice(2).startsWith(`${app} `))!;
  expect(rowOf('parks').split(/ {2,}/)).toEqual([
    ...['✔ parks', '2/2', '2/2', '118-3f2a91c', '60 min', 'OK', 'parks.example.gov'],
  ]);
  // Until the first new task runs, the version is the one before.
  expect(rowOf('permits')).toMatch(/^◐ permits +3\/3 .* 40-aa01b77 .*none +permits\.example\.gov$/);
  expect(stdout).toContain('    deploying 41-bb01b77: 0 of 3 new');
  expect(rowOf('roads')).toMatch(/^✖ roads +0\/1 +– +7-cc01b77 .* ALARM /);
  expect(stdout).toContain(`    failed to deploy 7-cc01b77: ${CIRCUIT_BREAKER}`);
  expect(rowOf('library')).toMatch(/^– library /);
  expect(stdout).toMatch(
    /\n4 apps: 1 failed \(roads\), 1 deploying \(permits\), 1 not deployed \(library\), 1 running; \d+ calls, .* s\.\n$/,
  );
});

test('the document says what AWS says', async () => {
  const { ecs } = world.aws;
  const ran = await status('--json');
  const { cluster, apps, unseen, calls, ...rest } = documentOf(ran);
  expect(ran.exitCode).toBe(0);
  expect(rest).toMatchObject({ schema: 1, command: 'status', region: 'us-east-2' });
  expect(unseen).toEqual([]);
  expect(calls.changing).toBe(0);
  expect(calls.total).toBe(world.faults.calls.length);
  expect(world.changing()).toEqual([]);

  const { containerInstanceArns } = await ecs.send(
    new ListContainerInstancesCommand({ cluster: CLUSTER }),
  );
  const { containerInstances = [] } = await ecs.send(
    new DescribeContainerInstancesCommand({
      ...{ cluster: CLUSTER, containerInstances: containerInstanceArns },
    }),
  );
  const left = (name: string) =>
    containerInstances
      .flatMap(({ remainingResources = [] }) => remainingResources)
      .filter((resource) => resource.name === name)
      .reduce((sum, { integerValue = 0 }) => sum + integerValue, 0);
  expect(cluster).toMatchObject({
    ...{ name: CLUSTER, state: 'ACTIVE' },
    instances: { ready: 2, registered: 2, desired: 2 },
  });
  expect(cluster.capacity?.free).toEqual({ cpu: left('CPU'), memory: left('MEMORY') });
  expect(cluster.capacity?.free.memory).toBeLessThan(cluster.capacity!.total.memory);

  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: CLUSTER, services: ['parks', 'permits', 'roads'] }),
  );
  const deployed = apps.filter(({ state }) => state !== 'notDeployed');
  expect(deployed.map(({ service, tasks }) => [service, tasks?.desired])).toEqual(
    services.map(({ serviceName, desiredCount }) => [serviceName, desiredCount]),
  );
  const parks = apps.find(({ service }) => service === 'parks')!;
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: CLUSTER }));
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: CLUSTER, tasks: taskArns }),
  );
  const its = tasks.filter(({ group }) => group === 'service:parks');
  expect(its[0]?.containers?.[0]?.image).toMatch(new RegExp(`/parks:${parks.version}$`));
  const [rule] = await found.rules(world.aws, 'parks', 80);
  expect(parks.hosts).toEqual(rule?.Conditions?.[0]?.HostHeaderConfig?.Values);
  expect(parks).toMatchObject({ state: 'running', alarm: 'OK', targets: { healthy: 2, total: 2 } });
  const rooms = containerInstances.map(({ remainingResources = [] }) => {
    const of = (name: string) =>
      remainingResources.find((each) => each.name === name)!.integerValue!;
    return Math.floor(Math.min(of('CPU') / 128, of('MEMORY') / 256));
  });
  expect(parks.room).toBe(rooms.reduce((a, b) => a + b));
});

test('what does not go well is told apart', async () => {
  const { faults } = world;
  expect((await appsNow()).roads).toMatchObject({
    ...{ state: 'failed', alarm: 'ALARM', alarming: ['roads-healthy-hosts'] },
    rollout: { state: 'failed', version: '7-cc01b77', failed: 3, reason: CIRCUIT_BREAKER },
  });
  faults.clear();
  recordService(faults, 'parks', { running: 1, desired: 2, pending: 1 });
  recordService(faults, 'permits', { running: 0, desired: 3 });
  recordService(faults, 'roads', { running: 0, desired: 0 });
  recordTargetHealth(faults, [{ state: 'healthy' }, { state: 'unhealthy' }]);
  const first = await appsNow();
  expect([first.parks?.state, first.permits?.state, first.roads?.state]).toEqual([
    ...['degraded', 'down', 'stopped'],
  ]);
  faults.clear();
  const id = 'ecs-svc/4210000000000000001';
  recordService(faults, 'permits', {
    ...{ running: 3, desired: 3, events: [`rolling back to deployment ${id}.`] },
  });
  recordService(faults, 'parks', { running: 2, desired: 2 });
  recordTargetHealth(faults, [{ state: 'healthy' }, { state: 'unhealthy' }]);
  const later = await appsNow();
  expect((await status('permits')).stdout).toContain('ECS went back to this one');
  expect(later.permits).toMatchObject({ state: 'degraded', rollout: { state: 'rolledBack' } });
  expect(later.parks).toMatchObject({ state: 'degraded', targets: { healthy: 1, total: 2 } });
});

test('of a task with several containers it is the one behind the load balancer that counts', async () => {
  lay<{ tasks: { containers: object[] }[] }>(world.faults, 'ecs.DescribeTasks', (answer) => ({
    ...answer,
    // As AWS writes them, what a container asks for is text.
    tasks: answer.tasks.map((task) => ({
      ...task,
      containers: [
        { name: 'proxy', image: 'nginx:1.29', cpu: '0', memory: '64', memoryReservation: '32' },
        ...task.containers.map((each) => ({ ...each, cpu: '128', memory: '256' })),
      ],
    })),
  }));
  const alone = await appsNow('parks');
  expect(alone.parks?.version).toBe('118-3f2a91c');
  world.faults.clear();
  asItStands();
  // With 288 MiB there is room for fewer than with 256.
  expect(alone.parks?.room).toBeLessThan((await appsNow('parks')).parks!.room!);
});

test('one app is shown alone, with its last events', async () => {
  const { stdout, exitCode } = await status('permits');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('◐ permits\n  deploying 41-bb01b77: 0 of 3 new\n');
  expect(stdout).toContain('  Version   40-aa01b77\n');
  expect(stdout).toMatch(/ {2}Events {4}1 min ago: has started 1 tasks: \(task 0c1d2e3f\)\.\n/);
  expect(stdout).not.toContain('parks');
  expect(Object.keys(await appsNow('permits'))).toEqual(['permits']);
});

describe('nothing is shown, and the exit code is 2,', () => {
  test.each<[string, string[], string]>([
    ['where an app is misspelt', ['permit'], 'Did you mean permits?'],
    ['where there is no such app', ['zoo'], 'There is library, parks, permits, roads.'],
    ['where a cluster is misspelt', ['--cluster', 'digitalApp'], 'Did you mean digitalApps?'],
    ['with --watch and --json', ['--watch', '--json'], 'has no end'],
    ['without a cluster in the Region', ['--region', 'us-west-2'], 'There is no cluster'],
  ])('%s', async (_where, args, says) => {
    const { exitCode, stderr, stdout } = await status(...args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain('✔');
  });

  test('where AWS lets one look at no service', async () => {
    deny('DescribeServices');
    const { exitCode, stderr, stdout } = await status('--json');
    expect(stderr).toMatch(/Could not look: You may not .*DescribeServices/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

function deny(operation: string): void {
  world.faults.inject({
    ...{ operation, status: 403, code: 'AccessDeniedException', times: 99 },
    message: `User: arn:aws:iam::123456789012:user/moto is not authorized to perform: x:${operation} on resource: * because no identity-based policy allows the x:${operation} action`,
  });
}

test('what AWS does not let one look at is named, and the rest is shown', async () => {
  const may = [
    'DescribeRules',
    'DescribeTargetHealth',
    'DescribeAlarms',
    'ListTasks',
    'DescribeTaskDefinition',
  ];
  const mayNot = [...may, 'ListContainerInstances', 'DescribeAutoScalingGroups'];
  for (const operation of mayNot) deny(operation);
  const ran = await status('--json');
  const { apps, unseen } = documentOf(ran);
  expect(ran.exitCode).toBe(0);
  for (const operation of mayNot) {
    expect(unseen.filter((sentence) => sentence.includes(`:${operation}`))).toHaveLength(1);
  }
  // Without the rules nothing tells of an app that was never deployed.
  expect(apps.map(({ service, state }) => [service, state])).toEqual([
    ...[
      ['parks', 'running'],
      ['permits', 'deploying'],
      ['roads', 'failed'],
    ],
  ]);
  expect((await status()).stdout).toMatch(/\n✔ parks +2\/2 +– +– +60 min +\?\n/);
});

test('of several clusters one must be named', async () => {
  const tags = [{ key: 'digital-apps:cluster', value: 'other' }];
  await world.aws.ecs.send(new CreateClusterCommand({ clusterName: 'other', tags }));
  const { exitCode, stderr } = await status();
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There are several clusters in us-east-2: digitalApps, other.');
  const { stdout } = await status('--cluster', 'other');
  expect(stdout).toContain('Cluster   other, 0 instances\n');
  expect(stdout).toContain('No apps yet');
  await world.aws.ecs.send(new DeleteClusterCommand({ cluster: 'other' }));
});

test('who watches without a terminal is told what changes, and only that', async () => {
  const watching = world.machine.start('status', '--watch');
  await watching.says(/4 apps: /);
  rollOut(2);
  await watching.says(/\n\d\d:\d\d:\d\d\n◐ permits .*\n {4}deploying 41-bb01b77: 2 of 3 new\n/);
  watching.kill('SIGINT');
  const { exitCode, stdout } = await watching.ended;
  expect(exitCode).toBe(130);
  expect(stdout.match(/✔ parks/g)).toHaveLength(1);
});

describe('in a terminal', () => {
  let terminal: Terminal | undefined;
  afterEach(() => terminal?.close());
  const open = (args: string[], options: Partial<TerminalOptions> = {}) => {
    const { env, home } = world.machine;
    terminal = openTerminal(['status', ...args], { env, cwd: home, ...options });
    return terminal;
  };

  test('who watches sees it drawn anew, and q leaves it in the scrollback', async () => {
    const watching = open(['--watch'], IN_SHELL);
    await watching.shows('deploying 41-bb01b77: 0 of 3 new');
    deny('DescribeServices');
    await watching.shows('Could not look, trying again: You may not call');
    world.faults.clear();
    asItStands();
    rollOut(1);
    await watching.shows('deploying 41-bb01b77: 1 of 3 new');
    expect(watching.text()).not.toContain('trying again');
    watching.press('q');
    await watching.ended;
    expect(watching.text()).toContain('code 0');
    expectRestored(watching);
    const left = watching.text();
    expect(left.match(/✔ parks/g)).toHaveLength(1);
    expect(left).toContain('4 apps: ');
  });

  test('Ctrl-C ends it with 130', async () => {
    const watching = open(['permits', '--watch'], IN_SHELL);
    await watching.shows('Events');
    watching.press(keys.ctrlC);
    await watching.ended;
    expect(watching.text()).toContain('code 130');
    expectRestored(watching);
  });

  test('without --watch it is lines, on a narrow one below each other', async () => {
    const once = open([], { columns: 40 });
    expect(await once.ended).toBe(0);
    expect(once.raw).not.toContain(ENTER_SCREEN);
    expect(once.text()).toContain('✔ parks\n  Tasks     2 of 2 running\n');
  });
});

test('where the ECS cluster itself is gone, that is said', async () => {
  await world.aws.ecs.send(new DeleteClusterCommand({ cluster: CLUSTER }));
  const { stdout, exitCode } = await status();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Cluster {3}digitalApps, which ECS does not have, /);
});
