import { expect, test } from 'vitest';
import { checksOfApp, checksOfCluster } from '../../src/checks/index.ts';
import { titleOf } from '../../src/commands/doctor/words.ts';
import { CHECKS } from './fakes.ts';

const ALL = [...checksOfCluster(async () => ({ steps: [] }) as never), ...checksOfApp];

test.each(ALL)('$id says in a line what is wrong where it does not hold', ({ title, problem }) => {
  expect(problem).not.toBe(title);
  expect(problem).toMatch(/[^.!?]$/);
  // With mark, indent and the name of an app, it has room in 80 columns.
  expect(problem.length).toBeLessThanOrEqual(60);
});

test('no two problems are told alike', () => {
  const problems = ALL.map(({ problem }) => problem);
  expect(new Set(problems).size).toBe(problems.length);
});

test.each([
  ['pass', 'The subnets have a way out'],
  ['skip', 'The subnets have a way out'],
  ['warn', 'Subnets have no way out'],
  ['fail', 'Subnets have no way out'],
] as const)('what came of a check is told as what holds: %s', (status, says) => {
  const { route } = CHECKS;
  expect(titleOf({ check: route, status })).toBe(says);
  expect(titleOf({ check: route, status, app: 'parks' })).toBe(`${says} (parks)`);
});
