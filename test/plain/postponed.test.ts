import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { summary } from '../../src/commands/plan-words.ts';
import { showPlan } from '../../src/plain/plan.ts';
import { ProgressLines } from '../../src/plain/progress.ts';
import { Page } from '../../src/plain/style.ts';
import { planLines } from '../../src/screens/plan-lines.ts';
import { linesOf } from '../../src/screens/run-lines.ts';
import { beginRun, fold } from '../../src/screens/run-state.ts';
import { type Progress, run } from '../../src/tasks/graph.ts';
import { plan, thing } from '../tasks/fakes.ts';

const planned = await plan([
  thing('kept', { read: async () => ({ id: 'here' }) }),
  thing('rule', { postponed: () => 'waits until the certificate is issued' }),
]);

function page() {
  const stream = new PassThrough();
  return {
    page: new Page(stream as unknown as NodeJS.WriteStream),
    said: () => `${stream.read()}`,
  };
}

test('the plan counts and names what is left for later, with the reason', () => {
  const { page: to, said } = page();
  showPlan(to, { plan: planned, inShort: [], answered: [], name: 'parks' }, true);
  expect(summary(planned)).toBe('1 left for later, 1 as wanted');
  expect(said()).toMatch(/later +rule +waits until the certificate is issued/);
});

test('the review lists it before what is as wanted', () => {
  const lines = planLines(planned, new Set(), 80).map(({ text }) => text);
  expect(lines).toEqual(['IAM > Roles', 'rule', 'As wanted', 'kept']);
});

test('the run says it was skipped, and why', async () => {
  const { page: to, said } = page();
  const lines = new ProgressLines(to);
  const told: Progress[] = [];
  await run(planned, (progress) => told.push(progress));
  for (const progress of told) lines.show(progress);
  expect(said()).toMatch(/skipped +rule +waits until the certificate is issued/);
  const state = told.reduce((before, progress) => fold(before, progress, 0), beginRun(planned, 0));
  expect(linesOf(state, 0)).toMatchObject([{ mark: '–', text: '1 skipped' }]);
});
