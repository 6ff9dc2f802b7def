import { expect, test } from 'vitest';
import { allBut } from '../support/answers.ts';
import { keys } from '../support/keys.ts';
import { ENTER_SCREEN, stepper, usePlace } from './wizard.ts';

const place = usePlace();
const COLOUR = /\[[0-9;]+m/;

test.each<[string, string[], Record<string, string>]>([
  ['--plain', ['--plain'], {}],
  ['TERM=dumb', [], { TERM: 'dumb' }],
  ['ACCESSIBLE=1', [], { ACCESSIBLE: '1' }],
])('%s is asked in plain lines', async (_, args, env) => {
  const terminal = place.open([...allBut('min'), ...args], {
    env: { ...place.machine.env, ...env },
  });
  await terminal.shows('How many instances at the least? (1)');
  expect(terminal.raw).not.toContain(ENTER_SCREEN);
  terminal.press(keys.ctrlC);
  expect(await terminal.ended).toBe(130);
});

test.each<[string, string[], Record<string, string>]>([
  ['CI', [], { CI: 'true' }],
  ['--yes', ['--yes', '--no-wait'], {}],
  ['--dry-run', ['--dry-run'], {}],
])('with %s in a terminal nothing is asked or drawn', async (_, args, env) => {
  const terminal = place.open([...allBut(), ...args], { env: { ...place.machine.env, ...env } });
  expect(await terminal.ended).toBe(env.CI ? 2 : 0);
  expect(terminal.raw).not.toContain(ENTER_SCREEN);
  if (env.CI) expect(terminal.text()).toContain('There is no terminal to ask in.');
});

test('without a terminal it says what to add', async () => {
  const { exitCode, stderr } = await place.machine.run('init-cluster');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is no terminal to ask in.');
});

test.each([
  ['shows colours', {}, true],
  ['with NO_COLOR shows none', { NO_COLOR: '1' }, false],
])('a terminal %s', async (_, env, isColoured) => {
  const terminal = place.open(allBut('instance-type'), {
    env: { ...place.machine.env, ...env },
  });
  const at = stepper(terminal);
  await at('go on', keys.enter);
  await at('Which instance type?', keys.enter);
  await at('to create', keys.right, keys.ctrlC);
  expect(await terminal.ended).toBe(130);
  expect(COLOUR.test(terminal.raw)).toBe(isColoured);
});

test('what is pasted where there is no field is no key', async () => {
  const terminal = place.open(allBut());
  const at = stepper(terminal);
  await at('go on', keys.enter);
  // "a" would apply the plan, and a line break open a row.
  await at('to create', '\x1b[200~a\ra\x1b[201~');
  await at('to create', 'q');
  expect(await terminal.ended).toBe(130);
  expect(place.changes()).toEqual([]);
});

test('help opens on every screen and changes nothing there', async () => {
  const terminal = place.open(allBut('min', 'vpc'));
  const at = stepper(terminal);
  const help = async (screen: string) => {
    await at(screen, '?');
    await at('this page', keys.enter);
    await at(screen);
  };
  await help('go on');
  await at('go on', keys.enter);
  await at('at the least?', keys.clear, '2');
  await help('❯ 2▏');
  await at('❯ 2▏', keys.enter);
  await at('Which network', 'new');
  await help('with “new”');
  await at('with “new”', keys.enter);
  await at('to create', keys.right);
  await help('Keeps the apps’ environment variables, encrypted');
  await at('to create', 'e');
  await help('Which answer?');
  await at('Which answer?', keys.ctrlC);
  expect(await terminal.ended).toBe(130);
});
