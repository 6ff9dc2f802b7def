import { expect, test } from 'vitest';
import { appNamesOf, serviceNameOf } from '../../src/tasks/app/names.ts';
import { pick, random, wordOf } from './random.ts';

const named = (service: string) =>
  appNamesOf({ service, namespace: 'digital-apps', travisUser: 'digitalTravis' });

/** What each service takes, as its API reference has it. */
const TAKES = {
  service: /^[A-Za-z0-9_-]{1,255}$/,
  repository: /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
  targetGroup: /^(?=.{1,32}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  configKey: /^[A-Za-z0-9_-]{1,255}\/\.env$/,
  deployUser: /^[A-Za-z0-9+=,.@_-]{1,64}$/,
  alarmTopic: /^[A-Za-z0-9_-]{1,256}$/,
  healthyHostsAlarm: /^[\x21-\x7e]{1,255}$/,
  keyTag: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
};

test('a name that fits everywhere stays as it is', () => {
  expect(named('registry-certs')).toEqual({
    service: 'registry-certs',
    repository: 'digital-apps/registry-certs',
    targetGroup: 'registry-certs',
    configKey: 'registry-certs/.env',
    deployUser: 'digitalTravis-registry-certs',
    keyTag: 'digital-apps:key:digital-apps/registry-certs',
    alarmTopic: 'digital-apps-registry-certs-alarms',
    healthyHostsAlarm: 'digital-apps/registry-certs/healthy-hosts',
    errorsAlarm: 'digital-apps/registry-certs/errors',
    memoryAlarm: 'digital-apps/registry-certs/memory',
  });
});

test('what was derived once is derived to the same for ever', () => {
  expect(serviceNameOf('MyApp.js')).toBe('myapp-js-0f48e001');
  expect(serviceNameOf('...')).toBe('app-ab5df625');
  expect(named('public_notices').targetGroup).toBe('public-notices-f1dbfd4d');
});

test('names that are alike stay apart', () => {
  const long = 'a'.repeat(40);
  const alike = [
    ['a.b', 'a-b', 'a_b', 'a--b', 'a..b', 'A.b', 'a-b-', '-a-b', '.a-b'],
    ['MyApp', 'myapp', 'MYAPP', 'myApp'],
    [`${long}1`, `${long}2`, `${long}-1`, long.repeat(2), long.repeat(2.5)],
    ['.', '..', '...', '-', '_', '__', 'app'],
    ['1', '01', '007-app', '007_app'],
    ['straße', 'strasse', 'stra-e', 'Straße', 'näh', 'nah', '日本', '日木'],
    ['parks', 'parks-staging', 'Parks-staging', 'parks_staging', 'parks.staging'],
  ].flat();
  expectApart(alike);
});

test('a long repository and its staging stay apart, and each is recognisable', () => {
  const repository = 'boston-public-library-event-registration';
  const [production, staging] = [named(repository), named(`${repository}-staging`)];
  expect(production.service).toBe(repository);
  expect(staging.service).toBe(`${repository}-staging`);
  expect(production.targetGroup).toMatch(/^boston-public-library-e-[0-9a-f]{8}$/);
  expectApart([
    repository,
    `${repository}-staging`,
    'Boston',
    `${serviceNameOf('Boston')}-staging`,
  ]);
});

test('the longest prefixes leave names that fit', () => {
  const travisUser = `${'d'.repeat(58)}Travis`;
  const namespace = 'n'.repeat(64);
  const users = ['parks', 'parks-staging'].map(
    (service) => appNamesOf({ service, namespace, travisUser }).deployUser,
  );
  for (const user of users) expect(user).toMatch(TAKES.deployUser);
  expect(users[0]).not.toBe(users[1]);
  const { repository } = appNamesOf({ service: 'x'.repeat(500), namespace, travisUser });
  expect(repository).toMatch(TAKES.repository);
});

test('no two of many random repositories share a name', () => {
  const next = random(20261123);
  const words = ['api', 'App', 'registry', 'certs', 'v2', 'Boston', 'public-notices', '311'];
  const separators = ['-', '_', '.', '--', '', '-.'];
  const suffixes = ['', '', '-staging', '_staging', '.io'];
  const repositories = Array.from({ length: 20_000 }, () => {
    const name =
      next() < 0.3
        ? wordOf(next, 'abcABC019._-', 1 + Math.floor(next() * 100))
        : Array.from({ length: 1 + Math.floor(next() * 9) }, () => pick(next, words)).reduce(
            (all, word) => all + pick(next, separators) + word,
          );
    return (name + pick(next, suffixes)).slice(0, 100);
  });
  expectApart(repositories);
});

/** IAM does not tell capitals from small letters; no two may differ by those alone. */
function expectApart(repositories: string[]): void {
  const different = [...new Set(repositories)];
  const names = different.map((repository) => named(serviceNameOf(repository)));
  for (const key of Object.keys(TAKES) as (keyof typeof TAKES)[]) {
    const wrong = names.filter((each) => !TAKES[key].test(each[key]));
    expect(wrong, key).toEqual([]);
    expect(new Set(names.map((each) => each[key].toLowerCase())).size, key).toBe(different.length);
  }
}
