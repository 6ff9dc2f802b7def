import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateClusterCommand, DeleteClusterCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AppWorld } from '../app/world.ts';
import { SECRET } from '../support/program.ts';
import { commandOutput, hostOutput } from '../support/recorded/hosts.ts';
import { withTemplate } from './breakages/template.ts';
import {
  documentOf,
  hasWayOut,
  imagesOf,
  loseTheWayOut,
  newDoctorWorld,
  ROUTE,
  useImage,
} from './world.ts';

let world: AppWorld;

beforeAll(async () => {
  world = await newDoctorWorld();
}, 120_000);
afterAll(() => world.stop());
afterEach(() => world.faults.clear());

const doctor = (...args: string[]) => world.machine.run('doctor', ...args);
/** Where these tests run, some tools may be missing. */
const HERE = ['--skip', 'machine'];

describe('a cluster that is well', () => {
  test('has no finding, and costs few calls, none of them changing', async () => {
    world.faults.calls.length = 0;
    const ran = await doctor('--json', ...HERE);
    const { checks, causes, calls, ...rest } = documentOf(ran);
    expect(ran.exitCode).toBe(0);
    expect(rest).toMatchObject({ schema: 1, command: 'doctor', region: 'us-east-2' });
    expect(checks.filter(({ status }) => /warn|fail/.test(status))).toEqual([]);
    expect(checks.filter(({ status }) => status === 'pass').length).toBeGreaterThan(20);
    expect(causes).toEqual([]);
    expect(calls).toEqual({ total: expect.any(Number), changing: 0 });
    expect(world.changing()).toEqual([]);
    // What many checks look at is asked for once.
    const asked = world.faults.calls.filter(({ service }) => service === 'ec2');
    expect(asked.length).toBeGreaterThan(10);
    expect(new Set(asked.map(({ body }) => body)).size).toBe(asked.length);
  });

  test('is told to programs in a document whose every field is documented', async () => {
    const page = await readFile(new URL('../../docs/checks.md', import.meta.url), 'utf8');
    const document = documentOf(await doctor('parks', '--json', '--only', 'cluster,app'));
    const fields = [document, ...document.checks, ...document.checks.flatMap((c) => c.verdicts)];
    const names = new Set(fields.flatMap((each) => Object.keys(each)));
    expect(names.size).toBeGreaterThan(15);
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(page).toContain(`\`schema\` | ${document.schema}`);
  });

  test('is told group by group, in the checks’ order, however fast each is', async () => {
    world.faults.inject({ operation: 'DescribeClusters', latency: 700 });
    const { stdout } = await doctor('--only', 'cluster,network', '--plain');
    const lines = stdout.split('\n');
    const at = (line: string) => lines.indexOf(line);
    expect(at('Cluster')).toBeGreaterThan(0);
    expect(at('  ✔ The ECS cluster is there and active')).toBe(at('Cluster') + 1);
    expect(at('Network')).toBeGreaterThan(at('Cluster'));
    expect(stdout).toMatch(/\nHealthy; \d+ calls, .*\.\n$/);
  });

  test('is well also where there is nothing to look at', async () => {
    const { exitCode, stdout } = await doctor('--only', 'host');
    expect(stdout).toMatch(/\nHealthy; \d+ calls/);
    expect(exitCode).toBe(0);
  });

  test('is not looked at where nobody asks for it: --only and --skip', async () => {
    const ids = async (...args: string[]) =>
      documentOf(await doctor('--json', ...args)).checks.map(({ id }) => id);
    expect(await ids('--only', ROUTE)).toEqual([ROUTE]);
    const network = await ids('--only', 'network', '--skip', ROUTE);
    expect(network.length).toBeGreaterThan(5);
    expect(network.every((id) => id.startsWith('network.') && id !== ROUTE)).toBe(true);
  });
});

describe('apps', () => {
  test('one is looked at with its cluster, or every one', async () => {
    const appsOf = async (...args: string[]) => {
      const { checks } = documentOf(await doctor('--json', '--only', 'cluster,traffic', ...args));
      return new Set(checks.map(({ app }) => app));
    };
    expect(await appsOf()).toEqual(new Set([undefined]));
    expect(await appsOf('roads')).toEqual(new Set([undefined, 'roads']));
    expect(await appsOf('--all')).toEqual(new Set([undefined, 'parks', 'roads']));
  });

  test('what its cluster’s checks have asked is not asked again', async () => {
    world.faults.calls.length = 0;
    await doctor('roads', '--json', '--only', 'agent,app');
    const asked = world.faults.calls.filter(({ service }) => service === 'ecs');
    const lists = asked.filter(({ operation }) => operation === 'ListContainerInstances');
    expect(lists).toHaveLength(1);
    expect(new Set(asked.map(({ operation, body }) => operation + body)).size).toBe(asked.length);
  });

  test.each(['roads', '--all'])(
    'where they cannot be listed, the cluster is looked at all the same: %s',
    async (which) => {
      world.faults.inject({
        ...{ operation: 'DescribeTargetGroups', times: 99, status: 403, code: 'AccessDenied' },
        message:
          'User: arn:aws:iam::123456789012:user/test is not authorized to perform: elasticloadbalancing:DescribeTargetGroups because no identity-based policy allows the action',
      });
      const ran = await doctor(which, '--json', '--only', 'network');
      const { checks } = documentOf(ran);
      expect(checks.filter(({ status }) => status === 'pass').length).toBeGreaterThan(5);
      expect(checks.filter(({ group }) => group === 'App')).toMatchObject([
        {
          ...{ id: 'app.list', status: 'skip', isUnable: true },
          evidence: expect.stringContaining(
            'You may not call elasticloadbalancing:DescribeTargetGroups',
          ),
        },
      ]);
      expect(ran.exitCode).toBe(0);
    },
  );

  test('are not waited for with what is found out about the cluster', async () => {
    const slow = { operation: 'DescribeTargetGroups', latency: 6_000 };
    const listing = () =>
      world.faults.calls.find(({ operation }) => operation === 'DescribeTargetGroups');
    world.faults.clear();
    world.faults.inject(slow);
    const all = world.machine.start('doctor', '--all', '--only', 'network,app.deployment');
    await all.says(/✔ The VPC has an internet gateway/);
    expect(listing()).toBeDefined();
    expect(listing()!.ms).toBeUndefined();
    const { stdout } = await all.ended;
    expect(stdout).toMatch(/App of parks\n.+\nApp of roads/s);

    world.faults.clear();
    world.faults.inject(slow);
    const { stdout: one } = await doctor('roads', '--only', 'network,app.deployment');
    expect(one).toContain('App of roads');
    const route = world.faults.calls.find(({ operation }) => operation === 'DescribeRouteTables');
    expect(route!.at).toBeLessThan(listing()!.at + 6_000);
  });

  test('what is not as recommended counts with --strict', async () => {
    const only = ['roads', '--json', '--only', 'app.service'];
    const usual = await doctor(...only);
    expect(documentOf(usual).checks[0]).toMatchObject({ status: 'warn', app: 'roads' });
    expect(usual.exitCode).toBe(0);
    expect((await doctor(...only, '--strict')).exitCode).toBe(1);
  });
});

describe('a cluster that has lost its way out', () => {
  test('is found out, with the evidence, and mended by --fix', async () => {
    const table = await loseTheWayOut(world);
    const found = await doctor('--json', ...HERE);
    const { checks, causes } = documentOf(found);
    expect(found.exitCode).toBe(1);
    const route = checks.find(({ id }) => id === ROUTE)!;
    expect(route.status).toBe('fail');
    expect(route.evidence).toContain(table);
    expect(route.fix).toContain('digital-apps init-cluster');
    expect(causes.map(({ id }) => id)).toContain(ROUTE);
    // A program is told what each check has seen, a person each thing once.
    expect(checks.find(({ id }) => id === 'cluster.drift')?.verdicts).toEqual([
      {
        status: 'warn',
        subject: 'Route table',
        evidence: expect.stringContaining(`${table}: wayOut: none → igw-`),
        fix: 'digital-apps init-cluster --region us-east-2',
      },
    ]);
    expect(causes.flatMap(({ id, follows }) => [id, ...follows])).not.toContain('cluster.drift');

    const plain = await doctor('--only', 'network,cluster');
    expect(plain.stdout).not.toContain('warning, cluster.drift');
    expect(plain.stdout).toMatch(
      new RegExp(`✖ Subnets have no way out {2}root cause, ${ROUTE}\n {2}.*${table}`),
    );
    expect(plain.stdout).toMatch(
      /\nSome of this can be mended from here: digital-apps doctor --region us-east-2 --fix\n$/,
    );
    expect(plain.exitCode).toBe(1);

    const unattended = await doctor('--fix');
    expect(unattended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unattended.stderr).toContain('Add --yes');
    expect(await hasWayOut(world)).toBe(false);

    world.faults.calls.length = 0;
    const mended = await doctor('--fix', '--yes', '--json', ...HERE);
    expect(mended.stderr).toMatch(/change {2}Route table/);
    expect(world.changing()).toEqual(['CreateRoute']);
    expect(await hasWayOut(world)).toBe(true);
    expect(mended.stderr).not.toContain('AWS_ECS_CLUSTER=');
    // One document, of the look after.
    expect(documentOf(mended).checks.find(({ id }) => id === ROUTE)?.status).toBe('pass');
    expect(mended.exitCode).toBe(0);
  });

  test('is looked at once more by who stops waiting for it', async () => {
    await loseTheWayOut(world);
    await world.emulator.settings({ agents_connected: false });
    const mending = world.machine.start('doctor', '--fix', '--yes', '--json', ...HERE);
    await mending.says(/Instances in the cluster +0 of 2 joined/);
    mending.kill('SIGINT');
    const { exitCode, stderr, ...ran } = await mending.ended;
    await world.emulator.settings({ agents_connected: true });
    expect(exitCode, stderr).toBe(1);
    const { causes, checks } = documentOf({ exitCode, stderr, ...ran });
    expect(checks.find(({ id }) => id === ROUTE)?.status).toBe('pass');
    expect(causes.map(({ id }) => id)).toEqual(['agent.connected']);
  });

  test('is mended without a newer image, which nobody has asked for', async () => {
    const [standing, other] = await imagesOf(world);
    await useImage(world, other);
    await loseTheWayOut(world);
    world.faults.calls.length = 0;
    const { exitCode, stdout } = await doctor('--fix', '--yes', '--only', 'network,template');
    expect(stdout).toContain(`image ${other}`);
    expect(world.changing()).toEqual(['CreateRoute']);
    expect(exitCode).toBe(0);
    await useImage(world, standing);
  });

  test('is seen to be well again by who watches, who is told of changes alone', async () => {
    await loseTheWayOut(world);
    const watching = world.machine.start('doctor', '--watch', '--only', 'network');
    await watching.says(/1 root cause/);
    // It may see so before the fix has seen all of it through.
    const well = watching.says(/\d\d:\d\d:\d\d {2}✔ The subnets have a way out/);
    expect((await doctor('--fix', '--yes', '--only', ROUTE)).exitCode).toBe(0);
    await well;
    watching.kill('SIGINT');
    const { exitCode, stdout } = await watching.ended;
    expect(exitCode).toBe(130);
    expect(stdout.match(/The VPC has an internet gateway/g)).toHaveLength(1);
  });

  test('there is nothing to mend where nothing of it is found', async () => {
    world.faults.calls.length = 0;
    const { stdout, exitCode } = await doctor('--fix', '--yes', '--only', ROUTE);
    expect(stdout).not.toContain('mended');
    expect(exitCode).toBe(0);
    expect(world.changing()).toEqual([]);
  });
});

test('what init-cluster leaves to people is not offered to be mended', async () => {
  const { autoScaling } = world.aws;
  const AutoScalingGroupName = 'digitalApps';
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, DesiredCapacity: 0 }),
  );
  world.faults.calls.length = 0;
  const { stdout, exitCode } = await doctor('--fix', '--yes', '--only', 'instances.desired');
  expect(stdout).toContain('Nothing here can be mended by itself');
  expect(stdout).toContain('Fix: aws autoscaling set-desired-capacity');
  expect(exitCode).toBe(1);
  expect(world.changing()).toEqual([]);
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 1, DesiredCapacity: 2 }),
  );
});

test('a group that is gone is made again', async () => {
  const { autoScaling } = world.aws;
  const AutoScalingGroupName = 'digitalApps';
  await autoScaling.send(
    new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
  );
  const only = ['--only', 'instances.desired'];
  expect((await doctor(...only)).stdout).toContain('There is no autoscaling group digitalApps.');
  const { stdout, exitCode } = await doctor('--fix', '--yes', ...only);
  expect(stdout).toMatch(/create +Autoscaling group/);
  expect(exitCode).toBe(0);
});

describe('a report', () => {
  test('is written for others to read, and holds nobody’s account, address or key', async () => {
    const file = join(world.machine.home, 'report.md');
    const { stdout, exitCode } = await doctor('parks', '--report', file, ...HERE);
    expect(stdout).toContain(`The report is in ${file}.`);
    const report = await readFile(file, 'utf8');
    expect(report).toContain('# digital-apps doctor: ');
    expect(report).toContain('`network.route`');
    expect(report).not.toMatch(/\d{12}|\bAKIA|\d+\.\d+\.\d+\.\d+(?!\/0)/);
    expect(report).not.toContain(SECRET);
    expect(exitCode).toBeLessThan(2);
    const again = await doctor('--report', file);
    expect(again).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await readFile(file, 'utf8')).toBe(report);
  });
});

describe('what somebody has put into the user data', () => {
  const secrets = ['hunter2', 's3cret', 'zq212MzEXAMPLE7o6T25Dk0i', 'tr0ub4dor'];
  const text = `#!/bin/bash
export HTTP_PROXY=http://bob:hunter2@proxy.example.gov:3128 DB_PASSWORD=s3cret
curl -sf https://example.gov/agent.sh | sh -s -- --token tr0ub4dor
echo ECS_ENGINE_AUTH_DATA={"https://index.docker.io/v1/":{"auth":"zq212MzEXAMPLE7o6T25Dk0i"}} >> /etc/ecs/ecs.config
echo ECS_CLUSTER=digitalApps >> /etc/ecs/ecs.config
`;

  test('is told without the secrets in it: on screen, to programs, in a report, in a plan', async () => {
    await withTemplate(world.aws, () => ({ UserData: Buffer.from(text).toString('base64') }));
    const file = join(world.machine.home, 'drift.md');
    const drift = ['--only', 'cluster.drift'];
    const screen = (await doctor(...drift, '--report', file)).stdout;
    const document = (await doctor(...drift, '--json')).stdout;
    const report = await readFile(file, 'utf8');
    const plan = ['init-cluster', '--dry-run', '--set', 'key-pair=none'];
    const planned = await world.machine.run(...plan);
    const plannedDocument = await world.machine.run(...plan, '--json');
    await useImage(world, (await imagesOf(world))[0]);
    const all = [screen, document, report, planned.stdout + planned.stderr, plannedDocument.stdout];
    for (const told of all) {
      expect(told).toContain('ecs.config');
      expect(told).toContain('ECS_CLUSTER=digitalApps');
      expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    }
  });
});

describe('nothing is looked at, and the exit code is 2,', () => {
  test.each<[string, string[], string]>([
    ['where a check is misspelt', ['--only', 'netwrok'], 'Did you mean network?'],
    ['where an app is misspelt', ['park'], 'Did you mean parks?'],
    ['where there is no such app', ['library'], 'There is parks, roads.'],
    ['where a cluster is misspelt', ['--cluster', 'digitalApp'], 'Did you mean digitalApps?'],
    ['where no check is left', ['--only', 'network', '--skip', 'network'], 'No check is left'],
    ['where an app’s checks have no app', ['--only', 'traffic'], 'digital-apps doctor APP'],
    ['with an app and --all', ['parks', '--all'], 'exclude each other'],
    ['with --watch and --json', ['--watch', '--json'], 'has no end'],
    ['where the report has no folder', ['--report', '/nowhere/x.md'], 'there is no folder'],
    ['without a cluster in the Region', ['--region', 'us-west-2'], 'There is no cluster'],
  ])('%s', async (_where, args, says) => {
    const { exitCode, stderr, stdout } = await doctor(...args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain('✔');
  });

  test('without credentials', async () => {
    world.faults.inject({
      ...{ operation: 'GetCallerIdentity', status: 403, code: 'InvalidClientTokenId', times: 9 },
      message: 'The security token included in the request is invalid.',
    });
    const { exitCode, stderr } = await doctor();
    expect(stderr).toContain('No usable AWS credentials');
    expect(exitCode).toBe(2);
  });

  test('where AWS lets one look at nothing', async () => {
    for (const operation of ['DescribeRouteTables', 'DescribeVpcs', 'DescribeSubnets']) {
      world.faults.inject({
        ...{ operation, status: 403, code: 'UnauthorizedOperation', times: 20 },
        message: 'You are not authorized to perform this operation.',
      });
    }
    const ran = await doctor('--only', ROUTE, '--json');
    expect(documentOf(ran).checks[0]).toMatchObject({
      ...{ status: 'skip', isUnable: true },
      evidence: expect.stringContaining('could not look'),
    });
    expect(ran.exitCode).toBe(2);
  });
});

test('of several clusters one must be named', async () => {
  const tags = [{ key: 'digital-apps:cluster', value: 'other' }];
  await world.aws.ecs.send(new CreateClusterCommand({ clusterName: 'other', tags }));
  const only = ['--only', 'cluster.active', '--json'];
  const { exitCode, stderr } = await doctor(...only);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There are several clusters in us-east-2: digitalApps, other.');
  const named = documentOf(await doctor(...only, '--cluster', 'digitalApps'));
  expect(named.checks[0]?.evidence).toContain('digitalApps');
});

test('where the ECS cluster itself is gone, what is left of it is looked at', async () => {
  await world.aws.ecs.send(new DeleteClusterCommand({ cluster: 'digitalApps' }));
  const only = ['--only', 'cluster.active', '--cluster', 'digitalApps'];
  const ran = await doctor('--json', ...only);
  expect(documentOf(ran).checks[0]).toMatchObject({ status: 'fail' });
  expect(ran.exitCode).toBe(1);
});

test('a disk that somebody has made larger stays so, unless a smaller one is asked for', async () => {
  const init = (...args: string[]) =>
    world.machine.run('init-cluster', '--yes', '--no-wait', '--set', 'key-pair=none', ...args);
  await init('--set', 'disk-size=100');
  const kept = await init('--dry-run');
  expect(kept.stderr + kept.stdout).not.toContain('diskSize');
  const asked = await init('--dry-run', '--set', 'disk-size=60');
  expect(asked.stderr + asked.stdout).toMatch(/diskSize: 100 → 60/);
  world.faults.inject({
    ...{ operation: 'GetCommandInvocation', times: 99 },
    rewrite: commandOutput(hostOutput({ disk: 97 })),
  });
  const { checks } = documentOf(
    await doctor('--deep', '--json', '--only', 'host.disk', '--cluster', 'digitalApps'),
  );
  expect(checks[0]!.fix).toContain('--set disk-size=200 --replace-instances');
});
