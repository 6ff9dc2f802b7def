import { expect, test } from 'vitest';
import { isSelected, type Selection, wordsOf } from '../../src/checks/select.ts';
import { UserError } from '../../src/errors.ts';
import { check } from './fakes.ts';

const CHECKS = [
  check('network.route', 'Network', 'The subnets have a way out'),
  check('network.routes', 'Network', 'Another one'),
  check('balancer.answers', 'Load balancer', 'It answers'),
  check('machine.clock', 'Machine', 'The clock is right'),
];

const selected = (selection: Selection) =>
  CHECKS.filter((one) => isSelected(one, selection)).map(({ id }) => id);

test.each<[Selection, string[]]>([
  [{}, ['network.route', 'network.routes', 'balancer.answers', 'machine.clock']],
  [{ only: ['network'] }, ['network.route', 'network.routes']],
  [{ only: ['network.route'] }, ['network.route']],
  [{ only: ['Load balancer'] }, ['balancer.answers']],
  [{ only: ['load-balancer', 'machine.clock'] }, ['balancer.answers', 'machine.clock']],
  [{ only: ['balancer'] }, ['balancer.answers']],
  [{ skip: ['NETWORK', 'machine'] }, ['balancer.answers']],
  [{ only: ['network'], skip: ['network.routes'] }, ['network.route']],
])('%o', (selection, ids) => {
  expect(selected(selection)).toEqual(ids);
});

test('words are split at commas and may be repeated', () => {
  expect(wordsOf('--only', ['network, machine', 'balancer.answers'], CHECKS)).toEqual([
    ...['network', 'machine', 'balancer.answers'],
  ]);
});

test.each([
  ['netwrok', 'Did you mean network?'],
  ['network.rout', 'Did you mean network.route?'],
  ['load-balencer', 'Did you mean load-balancer?'],
  ['xyzzy', 'The groups are network, load-balancer, machine; docs/checks.md lists all.'],
  ['', 'The groups are network, load-balancer, machine; docs/checks.md lists all.'],
])('“%s” means nothing: %s', (word, fix) => {
  const give = () => wordsOf('--skip', [word], CHECKS);
  expect(give).toThrow(UserError);
  expect(give).toThrow(expect.objectContaining({ fix }));
});
