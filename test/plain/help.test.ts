import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Machine, newMachine } from '../support/program.ts';

let machine: Machine;

beforeAll(async () => {
  machine = await newMachine(undefined);
});
afterAll(() => machine.remove());

test.each([
  [''],
  ['--help'],
  ['init-cluster --help'],
  ['doctor --help'],
  ['status --help'],
  ['cleanup --help'],
  ['sandbox --help'],
  ['sandbox start --help'],
])('digital-apps %s: fits 80 columns and says nothing needless', async (line) => {
  const { stdout, stderr, exitCode } = await machine.run(...line.split(' ').filter(Boolean));
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/^Usage: digital-apps/);
  expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
  expect(stdout).not.toContain('(default');
});

test.each(['--help', 'add-app --help', 'sandbox --help'])(
  'digital-apps %s on a narrow terminal: options and what they do fit it',
  async (line) => {
    const narrow = await newMachine(undefined, { COLUMNS: '40' });
    const { stdout } = await narrow.run(...line.split(' '));
    await narrow.remove();
    const [listed = ''] = stdout.split(/^Examples:/m);
    const wide = listed.split('\n').filter((text) => text.length > 40 && !text.startsWith('Usage'));
    expect(wide).toEqual([]);
  },
);

test('a command that was begun is the one that is meant', async () => {
  expect(await machine.run('sandbox', 'stat')).toMatchObject({
    stderr: 'Unknown command stat.\nDid you mean status?\n',
    exitCode: 2,
  });
  expect((await machine.run('doctr')).stderr).toContain('Did you mean doctor?');
});

test('without a command it prints its help', async () => {
  expect(await machine.run()).toMatchObject({ stdout: (await machine.run('--help')).stdout });
});

test.each(['init-cluster', 'doctor', 'status', 'cleanup', '--help'])(
  '%s teaches by examples',
  async (command) => {
    const { stdout } = await machine.run(command, '--help');
    const examples = stdout.slice(stdout.indexOf('Examples:'));
    expect(examples.match(/^ {2}digital-apps /gm)?.length).toBeGreaterThan(2);
  },
);
