import { CreateClusterCommand, DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { expect, test, vi } from 'vitest';
import { allBut } from '../support/answers.ts';
import { awsClients } from '../support/clients.ts';
import { keys } from '../support/keys.ts';
import type { Terminal } from '../support/terminal.ts';
import { expectRestored, IN_SHELL, stepper, usePlace } from './wizard.ts';

const place = usePlace();
const ON = keys.enter;

/** Up to the moment that the run has begun. */
async function apply(terminal: Terminal): Promise<void> {
  const at = stepper(terminal);
  await at('go on', ON);
  await at('to create', 'a');
  await terminal.shows(/of \d+ +\d+ calls|This changes what is live|code|Done/);
  // What was cut off halfway stands, and is changed.
  if (/This changes/.test(terminal.text())) terminal.press('digitalApps', ON);
}

test('a failure says what to do; r does the rest and nothing twice', async () => {
  place.faults.inject({
    operation: 'CreateLaunchTemplate',
    ...{ status: 403, code: 'UnauthorizedOperation' },
    message:
      'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/jane is not authorized to perform: ec2:CreateLaunchTemplate on resource: arn:aws:ec2:us-east-2:123456789012:launch-template/* because no identity-based policy allows the ec2:CreateLaunchTemplate action.',
  });
  const terminal = place.open([...allBut('key-pair'), '--set', 'key-pair=new'], IN_SHELL);
  const at = stepper(terminal);
  await apply(terminal);
  await at('✖ Launch template failed', keys.down);
  await at('You may not call ec2:CreateLaunchTemplate');
  await at('Ask for ec2:CreateLaunchTemplate; docs/permissions.md has the whole policy.');
  await at('Autoscaling group skipped: needs Launch template');
  const first = place.changes();
  expect(first).toContain('CreateLoadBalancer');
  place.faults.calls.length = 0;
  await at('23 of 26 stand and stay', 'r');
  await terminal.ended;
  // What the first try made is told with the rest.
  expect(terminal.text()).toContain('Done: 24 created, 2 as wanted;');
  expect(terminal.text()).toMatch(/private key .*\/digitalApps\.pem/);
  expect(terminal.text()).toContain('\ncode 0\n');
  expectRestored(terminal);
  expect(new Set(place.changes())).toEqual(
    new Set(['CreateLaunchTemplate', 'CreateAutoScalingGroup']),
  );
});

test('what is refused when trying again ends with 1, for something was made by then', async () => {
  place.faults.inject({ operation: 'CreateCluster', status: 400, code: 'Broken' });
  const terminal = place.open([...allBut(), '--no-wait'], IN_SHELL);
  const at = stepper(terminal);
  await apply(terminal);
  await terminal.shows('✖ ECS cluster failed');
  const { ecs } = awsClients(place.emulator.endpoint);
  await ecs.send(new CreateClusterCommand({ clusterName: 'digitalApps' }));
  await at('stand and stay', 'r');
  await terminal.ended;
  expect(terminal.text()).toContain(
    'digitalApps is there already and was not made by digital-apps.',
  );
  expect(terminal.text()).toContain('\ncode 1\n');
});

test('⏎ leaves after a failure, with the report in the scrollback and exit code 1', async () => {
  place.faults.inject({ operation: 'CreateCluster', status: 400, code: 'Broken', times: 9 });
  const terminal = place.open([...allBut(), '--no-wait'], IN_SHELL);
  const at = stepper(terminal);
  await apply(terminal);
  await at('✖ ECS cluster failed', ON);
  await terminal.ended;
  expect(terminal.text()).toMatch(/Not done: .*failed/);
  expect(terminal.text()).toContain('the same command carries on from here');
  expect(terminal.text()).toContain('\ncode 1\n');
  expectRestored(terminal);
});

test('Ctrl-C once lets finish what is under way, begins nothing more, and the next run does the rest', async () => {
  place.faults.inject({ operation: 'CreateVpc', latency: 1500 });
  const terminal = place.open([...allBut(), '--no-wait'], IN_SHELL);
  const at = stepper(terminal);
  await apply(terminal);
  await at(/[◐◓◑◒] +VPC/, keys.ctrlC);
  await at('Stopping after what is under way');
  await terminal.ended;
  expect(terminal.text()).toContain('\ncode 130\n');
  expect(terminal.text()).toMatch(/Stopped: .*skipped/);
  expectRestored(terminal);
  expect(place.faults.calls.filter(({ ms }) => ms === undefined)).toEqual([]);
  expect(place.faults.calls.find((c) => c.operation === 'CreateVpc')?.status).toBe(200);
  expect(place.changes()).not.toContain('CreateSubnet');

  const next = place.open([...allBut(), '--no-wait']);
  await apply(next);
  expect(await next.ended).toBe(0);
  const { clusters } = await awsClients(place.emulator.endpoint).ecs.send(
    new DescribeClustersCommand({ clusters: ['digitalApps'] }),
  );
  expect(clusters?.[0]?.status).toBe('ACTIVE');
  expect(place.changes().filter((operation) => operation === 'CreateVpc')).toHaveLength(1);
});

test('a signal during a run stops it as Ctrl-C does', async () => {
  place.faults.inject({ operation: 'CreateVpc', latency: 1500 });
  const terminal = place.open([...allBut(), '--no-wait']);
  const at = stepper(terminal);
  await apply(terminal);
  await at(/[◐◓◑◒] +VPC/);
  terminal.kill('SIGTERM');
  expect(await terminal.ended).toBe(130);
  expect(terminal.text()).toMatch(/Stopped: .*skipped/);
  expect(place.faults.calls.filter(({ ms }) => ms === undefined)).toEqual([]);
});

test('Ctrl-C twice leaves at once, and the next run does the rest', async () => {
  place.faults.inject({ operation: 'CreateVpc', latency: 3_000 });
  const terminal = place.open([...allBut(), '--no-wait'], IN_SHELL);
  const at = stepper(terminal);
  await apply(terminal);
  await at(/[◐◓◑◒] +VPC/, keys.ctrlC);
  await at('Stopping after what is under way', keys.ctrlC);
  const asked = performance.now();
  await terminal.ended;
  expect(performance.now() - asked).toBeLessThan(1500);
  expect(terminal.text()).toContain('the same command carries on from here.\ncode 130\n');
  expectRestored(terminal);
  // What was on its way then is carried out all the same.
  await vi.waitFor(() => expect(place.faults.calls.every(({ ms }) => ms)).toBe(true), 5000);

  const next = place.open([...allBut(), '--no-wait']);
  await apply(next);
  expect(await next.ended).toBe(0);
  expect(place.changes().filter((operation) => operation === 'CreateVpc')).toHaveLength(1);
});

test('a resize at any moment leaves a screen as if it had been so from the start', async () => {
  place.faults.inject({ operation: 'CreateVpc', latency: 12_000 });
  const terminal = place.open([...allBut('vpc', 'min'), '--no-wait']);
  const at = stepper(terminal);
  const resized = async () => {
    const before = await still(terminal);
    const shapes = [];
    for (const [columns, rows] of SIZES) {
      terminal.resize(columns, rows);
      shapes.push(await still(terminal));
    }
    expect(shapes.at(-1)).toBe(before);
    for (const [index, [columns, rows]] of SIZES.entries()) {
      const lines = shapes[index]!.split('\n');
      expect(lines.length).toBeLessThan(rows);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      // Nothing of another size is left: one head, one line of keys.
      expect(shapes[index]!.match(/init-cluster/g)).toHaveLength(1);
      expect(shapes[index]!.match(/\? help/g)).toHaveLength(1);
    }
  };
  await at('go on');
  await resized();
  await at('go on', ON);
  await at('at the least?');
  await resized();
  await at('at the least?', ON);
  await at('Which network should the cluster live in?');
  await resized();
  await at('Which network should the cluster live in?', ON);
  await at('to create');
  await resized();
  await at('to create', 'a');
  // All that does not need the network is done.
  await at('13 of 23');
  await resized();
  terminal.press(keys.ctrlC, keys.ctrlC);
  expect(await terminal.ended).toBe(130);
});

const SIZES = [
  [40, 15],
  [120, 40],
  [80, 24],
] as const;

/** The screen once a resize is drawn, without what moves by itself. */
async function still(terminal: Terminal): Promise<string> {
  await new Promise((soon) => setTimeout(soon, 250));
  return terminal
    .text()
    .replace(/[◐◓◑◒]/g, '◐')
    .replace(/ *\b\d+(\.\d)? s\b/g, ' N s')
    .replace(/━*─*( +\d+ of)/, '$1')
    .replace(/ +$/gm, '');
}
