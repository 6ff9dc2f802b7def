import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { type Machine, newMachine } from '../support/program.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { normal } from './normal.ts';

let emulator: Emulator;
let faults: Faults;
let machine: Machine;
let terminal: Terminal | undefined;

beforeAll(async () => {
  emulator = await startEmulator();
  faults = await startFaults(emulator.endpoint);
});
beforeEach(async () => {
  await emulator.reset();
  faults.clear();
  machine = await newMachine(faults.endpoint);
});
afterEach(async () => {
  terminal?.close();
  await machine.remove();
});
afterAll(async () => {
  await faults.stop();
  await emulator.stop();
});

const ESCAPE = '\x1b';

/** All that an unattended run shows on a terminal of so many columns, line by line. */
async function shown(columns: number, env: Record<string, string> = {}): Promise<string> {
  terminal = openTerminal(['init-cluster', '--yes'], {
    ...{ columns, rows: 50, cwd: machine.home },
    env: { ...machine.env, ...env },
  });
  await terminal.ended;
  return terminal.raw.replaceAll('\r\n', '\n');
}

test.each([80, 40, 120])(
  'at %i columns no line is wider, but for what cannot be broken',
  async (columns) => {
    faults.inject({
      operation: 'CreateLogGroup',
      status: 400,
      code: 'LimitExceededException',
      message: 'You have reached the maximum number of log groups for this account',
    });
    const lines = stripVTControlCharacters(await shown(columns)).split('\n');
    const wider = lines.filter((line) => line.length > columns);
    expect(wider.filter((line) => / /.test(line.trim()))).toEqual([]);
    expect(lines.every((line) => line === line.trimEnd())).toBe(true);
  },
);

test('a terminal is shown colours, NO_COLOR none, and neither moves about', async () => {
  const coloured = await shown(80);
  expect(coloured).toContain(`${ESCAPE}[36mcreate`);
  const codes = coloured.split(ESCAPE).slice(1);
  expect(codes.filter((code) => !/^\[\d+m/.test(code))).toEqual([]);
  expect(await shown(80, { NO_COLOR: '1' })).not.toContain(ESCAPE);
});

test('what goes into a pipe has no escape sequence and no broken sentence', async () => {
  const { stdout, stderr } = await machine.run('init-cluster', '--yes');
  expect(stdout + stderr).not.toContain(ESCAPE);
  expect(stdout).toContain(
    'Route table               Sends what leaves the subnets to the internet gateway; without it no instance can join the cluster.\n',
  );
  const asJson = await machine.run('init-cluster', '--yes', '--json');
  expect(asJson.stdout + asJson.stderr).not.toContain(ESCAPE);
  expect(asJson.stderr).toMatch(/^All \d+ are as wanted: there is nothing to change\.$/m);
  expect(asJson.json.resources.every(({ action }) => action === 'keep')).toBe(true);
});

test('a failure is told where it happens, and at the end with what to do about it', async () => {
  faults.inject({
    operation: 'CreateCluster',
    ...{ status: 400, code: 'AccessDeniedException', times: 20 },
    message:
      'User: arn:aws:iam::123456789012:user/jane is not authorized to perform: ecs:CreateCluster on resource: arn:aws:ecs:us-east-2:123456789012:cluster/digitalApps because no identity-based policy allows the ecs:CreateCluster action',
  });
  const text = stripVTControlCharacters(await shown(80));
  expect(await terminal?.ended).toBe(1);
  const lines = text.slice(text.search(/^created /m), text.indexOf('\nNot done: '));
  const failed =
    lines
      .match(/^(failed|skipped).*(\n {2,}.*)*/gm)
      ?.sort()
      .join('\n') ?? '';
  const report = text.slice(text.indexOf('Not done: '));
  await expect(normal(`${failed}\n\n${report}`, machine)).toMatchFileSnapshot('golden/failure.txt');
});
