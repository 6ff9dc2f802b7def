import { expect, test } from 'vitest';
import { awsCli, initCluster, some, whereverCopied } from '../../src/checks/command-lines.ts';
import { namesOf, USUAL_PREFIXES } from '../../src/tasks/cluster/names.ts';

test('the command that puts a cluster right names it where its name is not the usual one', () => {
  const commandFor = (cluster: string) =>
    initCluster({ names: namesOf({ ...USUAL_PREFIXES, cluster }) }, '--replace-instances');
  expect(commandFor('digitalApps')).toBe('digital-apps init-cluster --replace-instances');
  expect(commandFor('parks')).toBe(
    'digital-apps init-cluster --set cluster-prefix=parks --replace-instances',
  );
});

test('what is advised works wherever it is copied to', () => {
  const at = (cluster: string, connection: object) => ({
    names: namesOf({ ...USUAL_PREFIXES, cluster }),
    region: 'us-west-2',
    aws: { connection } as never,
  });
  const replace = 'Run digital-apps init-cluster --replace-instances: it replaces them.';
  expect(whereverCopied(replace, at('digitalApps', {}))).toBe(
    'Run digital-apps init-cluster --region us-west-2 --replace-instances: it replaces them.',
  );
  expect(whereverCopied(replace, at('parks', { profile: 'city' }))).toBe(
    'Run digital-apps init-cluster --set cluster-prefix=parks --region us-west-2 --profile city --replace-instances: it replaces them.',
  );
  const parks = { ...at('parks', { isSandbox: true }), app: { service: 'permits' } };
  const own = `${initCluster(parks)}, or digital-apps deploy permits`;
  expect(whereverCopied(own, parks)).toBe(
    'digital-apps init-cluster --set cluster-prefix=parks --sandbox, or digital-apps deploy permits --sandbox',
  );
  expect(whereverCopied(whereverCopied(own, parks), parks)).toBe(whereverCopied(own, parks));
});

test('what is advised in the sandbox stays there: elsewhere there may be a cluster of that name', () => {
  const endpoint = 'http://127.0.0.1:45678';
  const inSandbox = {
    names: namesOf({ ...USUAL_PREFIXES }),
    region: 'us-east-2',
    aws: { connection: { isSandbox: true, endpoint } },
  };
  const scale = awsCli(
    inSandbox as never,
    'autoscaling set-desired-capacity',
    '--desired-capacity 1',
  );
  const advice = `${scale}; or aws ec2 describe-vpcs; sign in with aws sso login. AWS may take long.`;
  const cli =
    'AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox aws --endpoint-url http://127.0.0.1:45678';
  const copied = whereverCopied(advice, inSandbox);
  expect(copied).toBe(
    `${cli} autoscaling set-desired-capacity --desired-capacity 1 --region us-east-2; or ${cli} ec2 describe-vpcs; sign in with aws sso login. AWS may take long.`,
  );
  expect(whereverCopied(copied, inSandbox)).toBe(copied);
});

test.each([
  [['a'], 'a'],
  [['a', 'b', 'c', 'd'], 'a, b, c, d'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('of %j is said: %s', (names, said) => {
  expect(some(names)).toBe(said);
});
