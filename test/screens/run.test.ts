import { describe, expect, test } from 'vitest';
import { remaining } from '../../src/screens/estimate.ts';
import { hintLine } from '../../src/screens/hints.ts';
import { progressLine } from '../../src/screens/progress-line.ts';
import { prose } from '../../src/screens/prose.ts';
import { linesOf } from '../../src/screens/run-lines.ts';
import { beginRun, bySection, isDone } from '../../src/screens/run-state.ts';
import { BEGIN, type Course, newPlan, runOf } from './fakes.ts';

const at = (seconds: number) => BEGIN + seconds * 1000;
const shown = (course: Course, seconds = 10) =>
  linesOf(runOf(newPlan, seconds, course), at(seconds)).map(
    ({ mark, indent, name, text }) => `${indent ? '  ' : ''}${mark} ${name}: ${text}`,
  );

describe('the state of a run', () => {
  test('begins with every resource waiting, in the guide’s order', () => {
    const state = beginRun(newPlan, BEGIN);
    expect(state.rows).toHaveLength(newPlan.steps.length);
    expect(state.rows.some(isDone)).toBe(false);
    expect(bySection(state).map(({ section }) => section)).toEqual([
      ...new Set(newPlan.steps.map(({ resource }) => resource.section)),
    ]);
  });

  test('follows one resource from start to end and leaves the others alone', () => {
    const of = (course: Course) =>
      runOf(newPlan, 5, course).rows.find(({ resource }) => resource.name === 'VPC');
    expect(of({ running: { VPC: [3] } })).toMatchObject({ state: 'running', since: at(2) });
    expect(of({ running: { VPC: [3, 'AWS is slow'] } })).toMatchObject({ text: 'AWS is slow' });
    const done = of({ done: ['VPC'] });
    expect(done).toMatchObject({ state: 'create', result: { outcome: 'create' } });
    expect(done?.text).toBeUndefined();
    expect(of({ done: ['Subnets'] })).toMatchObject({ state: 'waiting' });
  });
});

describe('the lines of a run', () => {
  test('are one a section before anything has begun, saying what holds it up', () => {
    const lines = shown({});
    expect(lines).toHaveLength(13);
    expect(lines).toContain('○ VPC > Virtual Private Cloud (VPC): waits');
    expect(lines).toContain('○ EC2 > Autoscaling Group: waits for Launch template');
  });

  test('open where something happens, and fold again when it is over', () => {
    expect(shown({ running: { VPC: [1, 'soon there'] } })).toEqual(
      expect.arrayContaining([
        '◦ VPC > Virtual Private Cloud (VPC): 0 of 4',
        '  ◐ VPC: soon there',
        '  ○ Subnets: waits',
      ]),
    );
    const network = ['VPC', 'Internet gateway', 'Subnets', 'Route table'];
    const lines = shown({ done: network });
    expect(lines).toContain('✔ VPC > Virtual Private Cloud (VPC): 4 created');
    // Of what held others up, what is not there yet is named.
    expect(lines.join()).not.toContain('Subnets');
    expect(lines).toContain('○ EC2 > Load Balancer: waits for Load balancer’s group');
  });

  test('keep a failure open, and count what was skipped', () => {
    const lines = shown({
      failed: { 'Launch template': { answer: 'No.' } },
      skipped: { 'Autoscaling group': 'needs Launch template' },
    });
    expect(lines).toContain('◦ EC2 > Launch Template: 0 of 1');
    expect(lines).toContain('  ✖ Launch template: No.');
    expect(lines).toContain('– EC2 > Autoscaling Group: 1 skipped');
  });
});

describe('the estimate', () => {
  const left = (seconds: number, course: Course) =>
    remaining(runOf(newPlan, seconds, course), at(seconds));
  const names = newPlan.steps.map(({ resource }) => resource.name);
  const allBut = (...open: string[]) => names.filter((name) => !open.includes(name));

  test('is the longest chain, shrinks as it goes, and ends at nothing', () => {
    const whole = left(0, {})!;
    expect(whole).toBeGreaterThan(180);
    expect(whole).toBeLessThan(400);
    const last = 'Instances in the cluster';
    const begun = left(60, { done: allBut(last), running: { [last]: [60] } })!;
    expect(begun).toBe(120);
    expect(left(70, { done: names })).toBe(0);
  });

  test('says nothing once something takes longer than it ever does', () => {
    const last = 'Instances in the cluster';
    expect(left(300, { done: allBut(last), running: { [last]: [300] } })).toBeUndefined();
  });

  test('is on the last line for AWS, and never guessed for an emulator', () => {
    const line = (isReal: boolean) =>
      progressLine({ run: runOf(newPlan, 0, {}), calls: 3, now: at(5), width: 78, isReal });
    expect(line(true)).toMatch(/─ {3}0 of 26 {3}3 calls {3}about \d min left$/);
    expect(line(false)).toMatch(/3 calls {3}5\.0 s$/);
    const narrow = progressLine({
      ...{ run: runOf(newPlan, 0, {}), calls: 3, now: at(5), width: 30, isReal: false },
    });
    expect(narrow).toBe('0 of 26   3 calls   5.0 s');
  });
});

test.each([
  [70, 'a apply   ^C leave, nothing done   → open   e edit an answer   ? help'],
  [60, 'a apply   ^C leave   → open   e edit   ? help'],
  [40, 'a apply  ^C leave  → open  ? help'],
  [30, 'a apply  ^C leave  ? help'],
  [5, '? help'],
])('keys in %i columns: %s', (width, line) => {
  const hints = [
    ['a', 'apply'],
    ['^C', 'leave, nothing done', 'leave'],
    ['→', 'open'],
    ['e', 'edit an answer', 'edit'],
  ] as const;
  expect(hintLine([...hints], width)).toBe(line);
});

test('text is broken between words, keeps its indentation, and cuts only what has no blank', () => {
  expect(prose('one two three', 10)).toEqual(['one two', 'three']);
  expect(prose('    one two three', 14)).toEqual(['    one two', '    three']);
  expect(prose('abcdefghijklmno', 10)).toEqual(['abcdefghij', 'klmno']);
  expect(prose('', 10)).toEqual(['']);
});
