import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeployReport, Result } from '../../src/commands/deploy/report.ts';
import { exitCodeOf } from '../../src/commands/deploy/report.ts';
import { plainDeploying } from '../../src/plain/deploy.ts';
import { showDeployReport } from '../../src/plain/deploy-report.ts';
import { Page } from '../../src/plain/style.ts';
import { written } from '../support/written.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A deploy in lines, as CI has it. */
function talking() {
  const stream = new PassThrough();
  const page = new Page(stream as unknown as NodeJS.WriteStream);
  const talk = plainDeploying({ page, asks: false, json: false, folds: false });
  return { talk, said: () => stream.read()?.toString() ?? '' };
}

const PROGRESS = {
  ...{ kind: 'progress' as const, desired: 2, running: 1, pending: 1, failed: 0 },
  ...{ healthy: 1, unhealthy: {} },
};

test('a container that takes long to start is told of each minute', () => {
  const { talk, said } = talking();
  talk.begin({ id: 'rollout', title: 'Putting parks:7 into service' });
  for (let seconds = 0; seconds < 605; seconds += 5) {
    talk.news({ ...PROGRESS, seconds });
    vi.advanceTimersByTime(5_000);
  }
  const words = '1 of 2 running, 1 starting, 1 healthy';
  const lines = said().trim().split('\n').slice(1);
  expect(lines).toHaveLength(11);
  expect(lines.every((line: string) => line.endsWith(words))).toBe(true);
  expect(lines[3]).toContain('3 m 0 s');
  talk.close();
});

test('a docker that says nothing is, too; one that talks is not talked over', () => {
  const { talk, said } = talking();
  talk.begin({ id: 'push', title: 'Pushing' });
  for (let lines = 0; lines < 4; lines += 1) {
    talk.line(`layer ${lines}`);
    vi.advanceTimersByTime(50_000);
  }
  expect(said()).toBe('Pushing\n  layer 0\n  layer 1\n  layer 2\n  layer 3\n');
  vi.advanceTimersByTime(70_000);
  expect(said()).toMatch(/^ +3 m 30 s {2}layer 3\n +4 m 30 s {2}layer 3\n$/);
  talk.close();
  vi.advanceTimersByTime(600_000);
  expect(said()).toBe('');
});

const BY = { deploymentId: 'ecs-svc/2', taskDefinition: 'parks:8', image: '42-abc1234' };

test.each<[Result, number, string[]]>([
  [
    { kind: 'lostSight', seconds: 200, error: { answer: 'You may not.', fix: 'Ask for it.' } },
    1,
    [
      'Lost sight of parks:7 after 3 m 20 s, and its deployment goes on at AWS: You may not.',
      '  Ask for it.',
      'Look again: digital-apps status parks --region us-east-2 --watch',
    ],
  ],
  [
    { kind: 'replaced', seconds: 9, by: { ...BY, since: new Date() } },
    0,
    [
      'parks:7 came through, by what ECS has noted; another deployment has begun since: parks:8 (image 42-abc1234), begun just now.',
    ],
  ],
])('what is said at the end: %j', (result, exitCode, lines) => {
  const target = { service: 'parks', cluster: 'digitalApps' };
  const report = {
    region: 'us-east-2',
    sandbox: false,
    result,
    target,
    revision: 'parks:7',
    remarks: [],
    calls: {},
  };
  const said = written((page) => showDeployReport(page, report as unknown as DeployReport));
  expect(said.trim().split('\n')).toEqual(lines);
  expect(exitCodeOf(result)).toBe(exitCode);
});
