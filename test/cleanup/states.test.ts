import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Aws } from '../../src/aws/clients.ts';
import { Journal } from '../../src/aws/journal.ts';
import type { Looking } from '../../src/checks/check.ts';
import { carryOut } from '../../src/cleanup/carry-out.ts';
import { deleteImages } from '../../src/cleanup/delete-images.ts';
import { deregister, LIMIT, paceFor, recently, secondsFor } from '../../src/cleanup/deregister.ts';
import type { AppOutcome } from '../../src/cleanup/outcome.ts';
import { planCleanup, revisionsAgain } from '../../src/cleanup/plan.ts';
import { Pace } from '../../src/pace.ts';
import { appNamesOf } from '../../src/tasks/app/names.ts';
import { namesOf, USUAL_PREFIXES } from '../../src/tasks/cluster/names.ts';
import { appTags, ourTags, tagList } from '../../src/tasks/tags.ts';
import { random } from '../inputs/random.ts';
import { REGION } from '../support/clients.ts';
import { happen, randomRegion, upTo } from './random-region.ts';
import { ACCOUNT, type Manifest, type Region, serveRegion } from './region.ts';
import { watchOver } from './watch.ts';

const STATES = 20;

const names = namesOf(USUAL_PREFIXES);
const tags = ourTags(names.cluster, REGION);
const namespace = names.repositoryNamespace;
const app = {
  service: 'permits',
  names: appNamesOf({ service: 'permits', namespace, travisUser: names.travisUser }),
  hosts: [],
};

let served: Awaited<ReturnType<typeof serveRegion>>;
let looking: Looking;
let directory: string;

beforeAll(async () => {
  served = await serveRegion(tagList(appTags(tags, 'permits')));
  directory = await mkdtemp(join(tmpdir(), 'digital-apps-cleanup-'));
  const { signal } = new AbortController();
  const aws = new Aws({
    ...{ region: REGION, endpoint: served.endpoint, signal },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    journal: new Journal(join(directory, 'journal')),
  });
  looking = {
    ...{ aws, region: REGION, account: ACCOUNT, caller: '', partition: 'aws', names, tags },
    ...{ rename: '', deep: false, signal },
  };
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await served.stop();
  await rm(directory, { recursive: true });
});

function nothingYet(): AppOutcome {
  return { app: 'permits', deregistered: [], deleted: [], spared: [], errors: [] };
}

test.each([1, 2])(
  'whatever stands, and whatever others do meanwhile, nothing goes that is in use or may be gone back to (seed %i)',
  async (seed) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const next = random(seed);
    let [moment, gone, spared] = [1, 0, 0];
    for (let state = 0; state < STATES; state += 1) {
      const region = randomRegion(next);
      const keep = 1 + upTo(next, 4);
      const { watcher, wrong } = watchOver(region, keep, () => {
        if (next() < 0.5) return;
        moment += 1;
        happen(next, region, moment);
        // Longer ago than what it may still take for true.
        vi.advanceTimersByTime(3000);
      });
      served.show(region, watcher, 1 + upTo(next, 6));
      const plan = await planCleanup(looking, [app], keep);
      const [{ family, repository } = {}] = plan.state.apps;
      const outcome = nothingYet();
      const together = {
        pace: paceFor(looking),
        now: recently(() => revisionsAgain(looking, plan)),
      };
      const parts = [
        () => deleteImages(looking, plan, repository!, outcome, () => {}),
        () => deregister(looking, plan, family!, outcome, together, () => {}),
      ];
      // One after the other, so that nothing happens in the midst of a look.
      for (const part of next() < 0.5 ? parts : parts.reverse()) await part();
      expect(wrong, `state ${state}`).toEqual([]);
      expect(outcome.errors).toEqual([]);
      gone += outcome.deregistered.length + outcome.deleted.length;
      spared += outcome.spared.length;
    }
    // Enough to tell something.
    expect(gone).toBeGreaterThan(STATES);
    expect(spared).toBeGreaterThan(STATES / 4);
  },
);

test('at the pace that is AWS’s, what came into use during a wait is seen', async () => {
  const all = Array.from({ length: 15 }, (_, index) => index + 1);
  const image = 'nginx:1';
  const region: Region = {
    ...{ clusters: ['digitalApps'], tasks: [], manifests: [], repository: 'digital-apps/permits' },
    families: new Map([['permits', all.map((revision) => ({ revision, isActive: true, image }))]]),
    services: [
      {
        ...{ name: 'permits', cluster: 'digitalApps', history: [] },
        deployments: [{ id: 'first', definition: 'permits:15', updatedAt: 1 }],
      },
    ],
  };
  const times: number[] = [];
  served.show(
    region,
    {
      deregisters: () => times.push(performance.now()),
      deletes() {},
      done() {
        if (times.length < LIMIT.calls) return;
        region.services[0]!.deployments[0] = { id: 'back', definition: 'permits:12', updatedAt: 2 };
      },
    },
    100,
  );
  const plan = await planCleanup(looking, [app], 1);
  expect(plan.decisions.revisions.get('permits')?.remove).toEqual(all.slice(0, 13));
  const connection = { ...looking.aws.connection, endpoint: undefined };
  expect(secondsFor(new Aws(connection), plan)).toBeCloseTo(3.3);
  const outcome = nothingYet();
  const together = {
    pace: new Pace(LIMIT, looking.signal),
    now: recently(() => revisionsAgain(looking, plan)),
  };
  await deregister(looking, plan, plan.state.apps[0]!.family!, outcome, together, () => {});
  expect(outcome.deregistered).toEqual([...all.slice(0, 10), 13]);
  expect(outcome.spared).toEqual([
    { what: 'task definition permits:11', why: 'to go back to from 12' },
    { what: 'task definition permits:12', why: 'in use by the service permits' },
  ]);
  expect(times[10]! - times[0]!).toBeGreaterThanOrEqual(LIMIT.within);
});

test('of 3,000 revisions and 2,502 manifests all goes but what is needed, though AWS throttles', async () => {
  const numbers = Array.from({ length: 3000 }, (_, index) => index + 1);
  const name = `${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/digital-apps/permits`;
  const image = (digest: string, revision: number, parts: string[] = []): Manifest => ({
    ...{ digest, parts, pushedAt: 1_700_000_000 + revision },
    tags: parts.length > 0 ? [`${revision}-abc`] : [],
  });
  const region: Region = {
    ...{ clusters: ['digitalApps'], tasks: [], repository: 'digital-apps/permits' },
    families: new Map([
      [
        'permits',
        numbers.map((revision) => ({ revision, isActive: true, image: `${name}:${revision}-abc` })),
      ],
    ]),
    services: [
      {
        ...{ name: 'permits', cluster: 'digitalApps', history: [] },
        deployments: [{ id: 'first', definition: 'permits:2400', updatedAt: 1 }],
      },
    ],
    manifests: numbers.slice(-834).flatMap((revision) => {
      const parts = [`sha256:${revision}-amd64`, `sha256:${revision}-arm64`];
      return [
        ...parts.map((part) => image(part, revision)),
        image(`sha256:${revision}`, revision, parts),
      ];
    }),
  };
  const { watcher, wrong } = watchOver(region, 10, () => {});
  served.show(region, watcher, 100);
  const next = random(7);
  served.throttle(() => next() < 0.01);
  const plan = await planCleanup(looking, [app], 10);
  const [outcome] = await carryOut(looking, plan, () => {});
  served.throttle(() => false);
  expect(served.throttled()).toBeGreaterThan(20);
  expect(outcome).toMatchObject({ errors: [], spared: [] });
  expect(wrong).toEqual([]);
  const kept = [2399, 2400, ...numbers.slice(-10)];
  const active = region.families.get('permits')!.filter(({ isActive }) => isActive);
  expect(active.map(({ revision }) => revision)).toEqual(kept);
  expect(region.manifests.flatMap((each) => each.tags)).toEqual(kept.map((each) => `${each}-abc`));
  expect(region.manifests).toHaveLength(3 * kept.length);
}, 120_000);
