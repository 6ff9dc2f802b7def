import { expect, test } from 'vitest';
import { initCluster, some } from '../../src/checks/command-lines.ts';
import { namesOf, USUAL_PREFIXES } from '../../src/tasks/cluster/names.ts';

test('the command that puts a cluster right names it where its name is not the usual one', () => {
  const commandFor = (cluster: string) =>
    initCluster({ names: namesOf({ ...USUAL_PREFIXES, cluster }) }, '--replace-instances');
  expect(commandFor('digitalApps')).toBe('digital-apps init-cluster --replace-instances');
  expect(commandFor('parks')).toBe(
    'digital-apps init-cluster --set cluster-prefix=parks --replace-instances',
  );
});

test.each([
  [['a'], 'a'],
  [['a', 'b', 'c', 'd'], 'a, b, c, d'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('of %j is said: %s', (names, said) => {
  expect(some(names)).toBe(said);
});
