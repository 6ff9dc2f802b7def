import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plainDeploying } from '../../src/plain/deploy.ts';
import { Page } from '../../src/plain/style.ts';

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
