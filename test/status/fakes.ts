import type { AppStatus, Status } from '../../src/status/status.ts';

const MINUTE = 60_000;

function app(service: string, more: Partial<AppStatus> = {}): AppStatus {
  return {
    ...{ service, state: 'running', hosts: [`${service}.example.gov`], version: '118-3f2a91c' },
    ...{ deployedAt: new Date(Date.now() - 130 * MINUTE), alarm: 'OK', room: 5 },
    tasks: { running: 2, desired: 2, pending: 0 },
    targets: { healthy: 2, total: 2 },
    ...more,
  };
}

function status(apps: AppStatus[], more: Partial<Status> = {}): Status {
  return {
    cluster: {
      ...{ name: 'digitalApps', state: 'ACTIVE' },
      instances: { ready: 2, registered: 2, desired: 2 },
      capacity: { free: { cpu: 1536, memory: 2226 }, total: { cpu: 4096, memory: 3826 } },
    },
    ...{ apps, unseen: [], calls: { total: 23, changing: 0 }, seconds: 0.612 },
    at: new Date(2026, 10, 23, 6, 31, 7),
    ...more,
  };
}

const down = { running: 0, desired: 1, pending: 0 };
// Two minutes when rounded, for as long as the tests may take.
const soon = new Date(Date.now() - 1.55 * MINUTE);

/** What came of a deployment that did not come through. */
const unfinished = { version: '41-bb01b77', running: 2, desired: 3, failed: 0 };

const permits = app('permits', {
  ...{ state: 'deploying', version: '41-bb01b77', deployedAt: soon, alarm: 'no data' },
  tasks: { running: 3, desired: 3, pending: 1 },
  rollout: { state: 'underWay', ...unfinished },
});

export const well = status([app('parks'), app('roads', { alarm: 'none' })]);

/** An app in each state. */
export const mixed = status(
  [
    app('boards-and-commissions', {
      ...{ state: 'degraded', alarm: 'ALARM', alarming: ['boards-errors'] },
      tasks: { running: 1, desired: 2, pending: 1 },
      targets: { healthy: 0, total: 1 },
    }),
    app('cemeteries', { state: 'stopped', tasks: { running: 0, desired: 0, pending: 0 } }),
    app('elections', { state: 'rolledBack', rollout: { state: 'rolledBack', ...unfinished } }),
    app('library', {
      ...{ state: 'notDeployed', version: undefined, deployedAt: undefined, alarm: 'none' },
      ...{ tasks: undefined, targets: undefined, room: undefined },
    }),
    app('licences', { state: 'leaving', tasks: { running: 1, desired: 0, pending: 0 } }),
    app('parks'),
    permits,
    app('roads', {
      ...{ state: 'failed', alarm: 'ALARM', tasks: down, targets: undefined },
      rollout: {
        ...{ state: 'failed', ...unfinished, running: 0, failed: 3 },
        reason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
      alarming: ['roads-healthy-hosts'],
    }),
    app('taxes', { state: 'down', tasks: down, targets: undefined, room: 0 }),
    app('worker', { hosts: [], targets: undefined, alarm: 'none' }),
  ],
  {
    cluster: {
      ...well.cluster,
      instances: { ready: 1, registered: 2, desired: 2 },
    },
  },
);

/** What stands there has no room. */
export const long = status([
  app('boards-and-commissions-of-the-city', {
    version: 'sprint-2026-11-fix-forms-and-more-3f2a91c',
    hosts: ['boards-and-commissions.springfield.example.gov', 'boards.example.gov'],
  }),
]);

export const one = status([
  {
    ...permits,
    events: [
      {
        at: soon,
        message:
          'registered 1 targets in (target-group arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/permits/6d0ecf831eec9f09)',
      },
      { at: soon, message: 'has started 1 tasks: (task 0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f).' },
      { at: new Date(Date.now() - 300 * MINUTE), message: 'has reached a steady state.' },
    ],
  },
]);

export const empty = status([]);

/** The ECS cluster is gone, and nobody may look at the alarms. */
export const blind = status([app('parks', { alarm: undefined })], {
  cluster: {
    name: 'digitalApps',
    state: 'missing',
    instances: { ready: 0, registered: 0, desired: 2 },
  },
  unseen: [
    'Could not look at the alarms: You may not call cloudwatch:DescribeAlarms: no identity-based policy allows it.',
  ],
});
