import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { allBut } from '../support/answers.ts';
import { awsClients } from '../support/clients.ts';
import { keys } from '../support/keys.ts';
import { expectRestored, IN_SHELL, stepper, usePlace } from './wizard.ts';

const place = usePlace();
const ON = keys.enter;

test('going back and changing an answer, nothing typed is lost; what was answered is offered again', async () => {
  const first = place.open(allBut('cluster-prefix', 'bucket-prefix', 'disk-size', 'min'), IN_SHELL);
  const at = stepper(first);
  await at('go on', ON);
  await at('What is the cluster called?', keys.clear, 'parks', ON);
  await at('unique in the world?', keys.clear, 'bos', keys.escape);
  await at('❯ parks▏', '-2', ON);
  await at('❯ bos▏', ON);
  await at('in GiB?', keys.clear, '50', ON);
  await at('at the least?', keys.clear, '7', keys.shiftTab);
  await at('❯ 50▏', keys.escape);
  await at('❯ bos▏', ON);
  await at('❯ 50▏', '?');
  await at('this page', 'x');
  await at('❯ 50▏', ON);
  // What was typed and not yet taken.
  await at('❯ 7▏', ON);
  await at('min is 7 and max is 4', keys.ctrlC);
  await first.ended;
  expect(first.text()).toContain('nothing was changed.\ncode 130\n');
  expectRestored(first);
  expect(place.changes()).toEqual([]);
  const { Vpcs } = await awsClients(place.emulator.endpoint).ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs).toHaveLength(1);

  const second = place.open(allBut('cluster-prefix', 'bucket-prefix', 'disk-size', 'min'));
  const again = stepper(second);
  await again('go on', ON);
  await again(/Your answers of \d{4}-\d\d-\d\d \d\d:\d\d UTC are filled in\./);
  await again('❯ parks-2▏', ON);
  await again('❯ bos▏', ON);
  await again('❯ 50▏', ON);
  await again('at the least?', keys.ctrlC);
  expect(await second.ended).toBe(130);
});

test('an answer is given again from the review, and the plan follows', async () => {
  const terminal = place.open(allBut('key-pair', 'disk-size'));
  const at = stepper(terminal);
  await at('go on', ON);
  await at('in GiB?', ON);
  await at('Without one there is no SSH', ON);
  await at('24 to create', 'e');
  await at('Which answer?', keys.down, ON);
  await at('Without one there is no SSH', keys.down, ON);
  await at('23 to create', 'e');
  await at('Which answer?', keys.escape);
  await at('23 to create', 'e');
  await at('Which answer?', keys.down, ON);
  // Back from there leads to the plan as it was.
  await at('Without one there is no SSH', keys.escape);
  await at('23 to create', 'q');
  expect(await terminal.ended).toBe(130);
  expect(place.changes()).toEqual([]);
});

const SCENES: [string, string[], (at: ReturnType<typeof stepper>) => Promise<void>][] = [
  ['the first screen', allBut(), (at) => at('go on')],
  [
    'a field',
    allBut('min'),
    async (at) => {
      await at('go on', ON);
      await at('at the least?');
    },
  ],
  [
    'a list',
    allBut('instance-type'),
    async (at) => {
      await at('go on', ON);
      await at('Which instance type?');
    },
  ],
  [
    'the review',
    allBut(),
    async (at) => {
      await at('go on', ON);
      await at('to create');
    },
  ],
];

test.each(SCENES)(
  'Ctrl-C at %s leaves at once and gives the terminal back',
  async (_, args, go) => {
    const terminal = place.open(args, IN_SHELL);
    const at = stepper(terminal);
    await go(at);
    // Help is in the way of nothing.
    await at(/./, '?');
    await at('this page', keys.ctrlC);
    await terminal.ended;
    expect(terminal.text()).toContain('nothing was changed.\ncode 130\n');
    expectRestored(terminal);
    expect(place.changes()).toEqual([]);
  },
);

test.each(['SIGTERM', 'SIGHUP'] as const)('%s gives the terminal back', async (signal) => {
  const terminal = place.open(allBut('min'), {
    shell: `sh -c 'echo $$ >pid; exec "$0" "$@"' "$0" "$@"; echo "code $?"; stty -a`,
  });
  const at = stepper(terminal);
  await at('go on', ON);
  await at('at the least?');
  process.kill(Number(await readFile(join(place.machine.home, 'pid'), 'utf8')), signal);
  await terminal.ended;
  expect(terminal.text()).toContain('nothing was changed.\ncode 130\n');
  expectRestored(terminal);
});
