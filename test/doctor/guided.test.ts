import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateClusterCommand, DeleteClusterCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type AppWorld, newAppWorld } from '../app/world.ts';
import { expectRestored, IN_SHELL, stepper } from '../guided/wizard.ts';
import { keys } from '../support/keys.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { hasWayOut, loseTheWayOut } from './world.ts';

let world: AppWorld;
let terminal: Terminal | undefined;

beforeAll(async () => {
  world = await newAppWorld();
}, 120_000);
afterEach(() => {
  terminal?.close();
  world.faults.clear();
});
afterAll(() => world.stop());

function open(...args: string[]): Terminal {
  const { env, home } = world.machine;
  terminal = openTerminal(['doctor', '--only', 'network', ...args], {
    ...{ ...IN_SHELL, env, cwd: home, columns: 80, rows: 30 },
  });
  return terminal;
}

test('a finding is looked at, and saved, and what was found stays in the scrollback', async () => {
  const table = await loseTheWayOut(world);
  const doctor = open();
  const at = stepper(doctor);
  await at('root cause', keys.enter);
  await at('Each needs a route for 0.0.0.0/0', 's');
  await at('The report is in doctor-', 'q');
  await doctor.ended;
  expect(doctor.text()).toContain('code 1');
  expectRestored(doctor);
  const left = doctor.text();
  expect(left).toContain('root cause, network.route');
  expect(left).toContain(table);
  const [file = ''] = (await readdir(world.machine.home)).filter((name) => /^doctor-/.test(name));
  expect(await readFile(join(world.machine.home, file), 'utf8')).toContain(table);
});

test('f shows the plan; q leaves it, and a goes ahead and looks again', async () => {
  world.faults.clear();
  const doctor = open();
  const at = stepper(doctor);
  await at('root cause', 'f');
  await at('1 to change', 'q');
  await at('root cause');
  expect(world.changing()).toEqual([]);
  await at(/f fix/, 'f');
  await at('1 to change', 'a');
  await at('Type digitalApps', ...'digitalApps', keys.enter);
  await at('Healthy', 'q');
  await doctor.ended;
  expect(doctor.text()).toContain('code 0');
  expect(await hasWayOut(world)).toBe(true);
  expect(world.changing()).toEqual(['CreateRoute']);
});

test('who watches sees what others do, and w ends it', async () => {
  const doctor = open('--watch');
  const at = stepper(doctor);
  await at('watching: looked at');
  await loseTheWayOut(world);
  await at('root cause', 'w');
  await at(/digitalApps, looked at/);
  doctor.press(keys.ctrlC);
  await doctor.ended;
  expect(doctor.text()).toContain('code 130');
  expectRestored(doctor);
});

test('who ends watching in the middle of a look is not looked for any more', async () => {
  if (await hasWayOut(world)) await loseTheWayOut(world);
  world.faults.clear();
  const doctor = open('--watch');
  await doctor.shows('root cause');
  world.faults.inject({ operation: 'DescribeNetworkAcls', latency: 2_000 });
  const slow = () =>
    world.faults.calls.findLast(({ operation }) => operation === 'DescribeNetworkAcls')!;
  await vi.waitUntil(() => slow().ms === undefined, 15_000);
  const { at } = slow();
  doctor.press('f');
  await doctor.shows('1 to change');
  expect(slow()).toMatchObject({ at, ms: expect.any(Number) });
  // Nothing that the plan is made of was asked for before that.
  const later = world.faults.calls.filter((call) => call.at > at + 1_000);
  expect(later.length).toBeGreaterThan(0);
  expect(Math.min(...later.map((call) => call.at))).toBeGreaterThanOrEqual(at + 2_000);
  doctor.press('q');
  await doctor.shows(/looked at/);
  doctor.press(keys.ctrlC);
  await doctor.ended;
  expectRestored(doctor);
});

test('the board shows what is still looked at, and Ctrl-C leaves it at once', async () => {
  world.faults.inject({ operation: 'DescribeNetworkAcls', latency: 5_000 });
  const doctor = open();
  await doctor.shows(/Network +\d+ of \d+/);
  const begun = performance.now();
  doctor.press(keys.ctrlC);
  await doctor.ended;
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(doctor.text()).toContain('code 130');
  expectRestored(doctor);
});

test('of several clusters one is picked', async () => {
  const tags = [{ key: 'digital-apps:cluster', value: 'other' }];
  await world.aws.ecs.send(new CreateClusterCommand({ clusterName: 'other', tags }));
  const doctor = open();
  const at = stepper(doctor);
  await at('Which cluster is to be looked at?', keys.escape);
  await at('❯ digitalApps', keys.enter);
  await at(/digitalApps, looked at/, 'q');
  await doctor.ended;
  await world.aws.ecs.send(new DeleteClusterCommand({ cluster: 'other' }));
});

const PLAIN: Record<string, string>[] = [{ ACCESSIBLE: '1' }, { TERM: 'dumb' }];

test.each(PLAIN)('with %o it speaks in lines', async (env) => {
  const { machine } = world;
  terminal = openTerminal(['doctor', '--only', 'network.gateway'], {
    ...{ cwd: machine.home, env: { ...machine.env, ...env } },
  });
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toContain('✔ The VPC has an internet gateway');
  expect(terminal.raw).not.toContain('\x1b[?1049h');
});
