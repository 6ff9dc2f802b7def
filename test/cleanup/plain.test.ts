import { expect, test } from 'vitest';
import type { Definitions } from '../../src/cleanup/definitions.ts';
import type { Histories } from '../../src/cleanup/history.ts';
import { decideImages, type Image } from '../../src/cleanup/images.ts';
import type { CleanupPlan } from '../../src/cleanup/plan.ts';
import type { Repository } from '../../src/cleanup/repository.ts';
import { decideRevisions } from '../../src/cleanup/revisions.ts';
import type { CleanupReport } from '../../src/commands/cleanup-talk.ts';
import { showCleanup, showCleanupReport } from '../../src/plain/cleanup-lines.ts';
import { ranges, space } from '../../src/plain/cleanup-words.ts';
import { onTerminals } from '../support/written.ts';

const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

function image(revision: number): Image {
  return {
    digest: `sha256:${revision.toString(16).padStart(64, '0')}`,
    tags: [`${revision}-3f2a91c`],
    ...{ pushedAt: revision, bytes: 143_000_000, parts: [] },
  };
}

function repository(name: string, images: Image[]): Repository {
  return { name, images, live: {} as Repository['live'] };
}

const permits = repository('digital-apps/permits', upTo(1000, 3000).map(image));
const roads = repository('digital-apps/roads', upTo(1, 3).map(image));

function planOf(left: string[] = []): CleanupPlan {
  const uses = [
    { revision: 2400, why: 'in use by the service permits' },
    { revision: 2995, why: 'in use by a task' },
    { revision: 1200, why: 'in use by the service permits of the cluster staging' },
  ];
  const needs = [1199, 1200, 2399, 2400].map((revision) => ({
    ...{ tag: `${revision}-3f2a91c`, why: `named by permits:${revision}` },
  }));
  return {
    keep: 10,
    state: {
      apps: [
        {
          app: 'permits',
          family: { name: 'permits', active: upTo(1, 3000) },
          ...{ repository: permits, left: [] },
        },
        { app: 'roads', family: { name: 'roads', active: [1, 2, 3] }, repository: roads, left: [] },
        { app: 'pool', left },
      ],
      ...{ definitions: {} as Definitions, histories: {} as Histories },
    },
    decisions: {
      revisions: new Map([
        ['permits', decideRevisions(upTo(1, 3000), uses, 10)],
        ['roads', decideRevisions([1, 2, 3], [], 10)],
      ]),
      images: new Map([
        [permits.name, decideImages(permits.images, needs, 10)],
        [roads.name, decideImages(roads.images, [], 10)],
      ]),
    },
    lifecycles: new Map([
      [permits.name, { set: 100 }],
      [
        roads.name,
        {
          says: 'digital-apps/roads: its lifecycle rule “Mine” for all images was not made here and was left alone.',
        },
      ],
    ]),
    unused: [
      {
        kind: 'target group',
        says: 'Target group pool: no service uses it. pool is not deployed yet, or not any more.',
      },
    ],
  };
}

const LEFT =
  'The image repository digital-apps/pool was not made for this app by digital-apps and is left alone.';

test('what will go is told with why it may, and what stays with who needs it', async () => {
  const plan = planOf([LEFT]);
  const text = onTerminals((page) =>
    showCleanup(page, { cluster: 'digitalApps', plan, seconds: 3278 }),
  );
  await expect(text).toMatchFileSnapshot('golden/review.txt');
});

const report: CleanupReport = {
  ...{ command: 'cleanup', account: '123456789012', caller: '::::user/jane', region: 'us-east-2' },
  ...{ sandbox: false, cluster: 'digitalApps', plan: planOf(), dryRun: false, interrupted: false },
  ...{ calls: { total: 3820, changing: 3014 }, seconds: 3290, log: '~/cleanup.jsonl' },
  outcomes: [
    {
      app: 'permits',
      deregistered: upTo(1, 1198),
      deleted: upTo(1000, 1198).map(image),
      ...{ ruleSet: 100, errors: [] },
      spared: [{ what: 'task definition permits:7', why: 'in use by the service permits' }],
    },
  ],
};

const failed: CleanupReport = {
  ...report,
  outcomes: [
    {
      ...report.outcomes[0]!,
      deleted: [],
      errors: [
        {
          answer: 'You may not call ecr:BatchDeleteImage: no identity-based policy allows it.',
          fix: 'Ask for ecr:BatchDeleteImage; docs/permissions.md has the whole policy. Then run again; what stands is kept.',
        },
      ],
    },
  ],
};

test.each(
  Object.entries({
    done: report,
    failed,
    stopped: { ...report, interrupted: true },
    dry: { ...report, dryRun: true, outcomes: [] },
  }),
)('how it ended, in plain lines: %s', async (name, ended) => {
  const text = onTerminals((page) => showCleanupReport(page, ended));
  await expect(text).toMatchFileSnapshot(`golden/report-${name}.txt`);
});

test('numbers in a row are told by the first and the last; of many stretches the first', () => {
  expect(ranges([3, 1, 2, 5, 8, 9])).toBe('1–3, 5, 8–9');
  expect(ranges([1, 3, 5, 7, 9, 11, 13, 14])).toBe('1, 3, 5, 7, 9, 11, 2 more');
  expect([space(41_150_000_000), space(12_400_000), space(900)]).toEqual([
    ...['41.1 GB', '12 MB', 'less than 1 MB'],
  ]);
});
