import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import wrapAnsi from 'wrap-ansi';
import type { Preflight } from '../../src/aws/preflight.ts';
import type { Where } from '../../src/commands/conversation.ts';
import { appQuestions } from '../../src/questions/app/index.ts';
import { clusterQuestions } from '../../src/questions/cluster/index.ts';
import type { AnyQuestion } from '../../src/questions/question.ts';
import type { Scene } from '../../src/screens/stage.ts';
import { keys } from '../support/keys.ts';
import { openScreen, type Screen } from '../support/screen.ts';
import { doctorPictures } from './doctor-pictures.ts';
import {
  appPlan,
  asking,
  BEGIN,
  type Course,
  changingPlan,
  newPlan,
  proposalOf,
  reportOf,
  runOf,
  sandbox,
  where,
} from './fakes.ts';
import { statusPictures } from './status-pictures.ts';

/** Something to show: a scene, and the keys that lead on from it. */
export interface Picture {
  name: string;
  /** Made anew for each size: it remembers what was typed. */
  scene(): Scene;
  where?: Where;
  remark?: string;
  press?: string[];
  /** How long the run has been under way, in seconds. */
  seconds?: number;
}

const question = (key: string): AnyQuestion => {
  const all = [...clusterQuestions.questions, ...appQuestions.questions];
  const found = all.find((one) => one.key === key);
  if (!found) throw new Error(`there is no question ${key}`);
  return found;
};
const settle = (preflight: Partial<Preflight>): Scene => ({
  ...{ kind: 'settle', answer() {} },
  permissions: Promise.resolve({ denied: [], ...preflight }),
});
const review = (plan = newPlan): Scene => ({
  ...{ kind: 'review', proposal: proposalOf(plan), answer() {} },
});
const run = (seconds: number, course: Course, stopping = false) => ({
  seconds,
  scene: (): Scene => ({
    ...{ kind: 'run', stopping, calls: () => 57 },
    run: () => runOf(newPlan, seconds, course),
  }),
});

const VPCS = Array.from({ length: 12 }, (_, index) => {
  const id = `vpc-0${index.toString(16)}c2f91aa4e1d5b7`;
  const name = ['main', 'legacy', 'city-hall', 'parks and recreation'][index % 4];
  return { value: id, label: `${id}  ${name}  10.${index}.0.0/16` };
});
const ZONES = ['a', 'b', 'c'].map((letter) => ({
  value: `us-east-2${letter}`,
  label: `us-east-2${letter}`,
}));
const TYPES = [
  ['t3.small', '2 vCPU   2 GiB   low price, bursts'],
  ['t3.medium', '2 vCPU   4 GiB   low price, bursts'],
  ['m7i.large', '2 vCPU   8 GiB   middle price, steady'],
].map(([value, about]) => ({ value, label: `${value!.padEnd(12)}${about}` }));
const BEFORE = (['instance-type', 'ami', 'disk-size', 'min'] as const).map((key, index) => ({
  ...{ question: question(key), answer: ['t3.small', 'recommended', 30, 3][index] },
}));

const EARLY: Course = {
  done: ['Config bucket', 'Log group', 'Travis user', 'Task role', 'Service role'],
  running: {
    VPC: [2],
    'Instance role': [1],
    'ECS cluster': [11, 'its service-linked role is being made, usually under a minute'],
  },
};
const MADE = [
  ...['Config bucket', 'Log group', 'VPC', 'Internet gateway', 'Subnets', 'Route table'],
  ...['Load balancer’s group', 'Instances’ group', 'Instance role', 'Instance profile'],
  ...['Service role', 'Task role', 'Service-linked role for ECS'],
  ...['Service-linked role for ElasticLoadBalancing', 'Service-linked role for AutoScaling'],
  ...['Travis user', 'Config-read policy', 'Deploy policy'],
  ...['ECS cluster', 'Key pair'],
];
const LATE: Course = {
  done: [...MADE, 'Launch template', 'Autoscaling group', 'Load balancer', 'HTTP listener'],
  running: {
    'Instances in the cluster': [72, '1 of 2 instances have joined, usually 2–4 min'],
    'Load balancer answers': [95, 'AWS is activating it (provisioning), usually 2–4 min'],
  },
};
const FAILED: Course = {
  done: MADE,
  running: { 'Load balancer': [4] },
  failed: {
    'Launch template': {
      answer:
        'You may not call ec2:CreateLaunchTemplate on arn:aws:ec2:us-east-2:123456789012:launch-template/*: no identity-based policy allows it (request 3f0c1f7e-8c1b-4a5e-9d7d-2b8f0a1c9e55).',
      fix: 'Ask for ec2:CreateLaunchTemplate; docs/permissions.md has the whole policy. Then run again; what stands is kept.',
    },
  },
  skipped: {
    'Autoscaling group': 'needs Launch template',
    'Instances in the cluster': 'needs Autoscaling group',
  },
};
const ALL: Course = { done: newPlan.steps.map(({ resource }) => resource.name) };

const PICTURES: Picture[] = [
  { name: 'settle', scene: () => settle({}) },
  { name: 'settle-sandbox', scene: () => settle({}), where: sandbox },
  {
    name: 'settle-denied',
    scene: () =>
      settle({
        denied: ['iam:PassRole', 'iam:CreateRole', 'ec2:CreateVpc', 'ec2:CreateTags'],
      }),
  },
  { name: 'settle-unknown', scene: () => settle({ unknown: 'You may not do this.' }) },
  {
    name: 'settle-looking',
    scene: () => ({ kind: 'settle', permissions: new Promise(() => {}), answer() {} }),
  },
  { name: 'settle-region', scene: () => settle({}), press: ['r', keys.clear, ...'eu-west-1'] },
  { name: 'settle-region-wrong', scene: () => settle({}), press: ['r', ...'x', keys.enter] },
  { name: 'busy', scene: () => ({ kind: 'busy', sentence: 'Looking at what stands…' }) },
  {
    name: 'typed',
    scene: () =>
      asking(question('cluster-prefix'), {
        preset: 'digitalApps',
        before: [{ question: question('account-prefix'), answer: 'digital' }],
      }),
    remark: 'Your answers of 2026-11-22 17:03 UTC are filled in.',
  },
  {
    name: 'typed-trouble',
    scene: () => asking(question('cluster-prefix')),
    press: [...'my_apps', keys.enter],
  },
  {
    name: 'typed-wide',
    scene: () => asking(question('ssh-cidrs')),
    press: [...'市役所', '👩‍👩‍👧', keys.left, 'x'],
  },
  {
    name: 'number-trouble',
    scene: () =>
      asking(question('desired'), {
        ...{ preset: 2, before: BEFORE },
        trouble: 'min is 3 and desired is 2: min cannot be more than desired.',
      }),
  },
  {
    name: 'list',
    scene: () => asking(question('instance-type'), { choices: TYPES, preset: 't3.medium' }),
  },
  {
    name: 'list-long',
    scene: () =>
      asking(question('vpc'), {
        choices: [{ value: 'new', label: 'Make a new one' }, ...VPCS],
        preset: VPCS[8]!.value,
      }),
  },
  {
    name: 'list-filtered',
    scene: () => asking(question('vpc'), { choices: VPCS, preset: 'new' }),
    press: [...'city'],
  },
  {
    name: 'list-filtered-nothing',
    scene: () => asking(question('vpc'), { choices: VPCS, preset: 'new' }),
    press: [...'zoo'],
  },
  {
    name: 'multi-list',
    scene: () =>
      asking(question('zones'), {
        ...{ choices: ZONES, preset: ['us-east-2a', 'us-east-2b'] },
        before: [
          { question: question('vpc'), answer: 'new' },
          { question: question('vpc-cidr'), answer: '10.20.0.0/16' },
        ],
      }),
    press: [keys.down, keys.down, ' '],
  },
  { name: 'yes-no', scene: () => asking(question('container-insights'), { preset: false }) },
  {
    name: 'secret',
    scene: () => asking(question('travis-token')),
    press: [...'aToken', keys.left],
  },
  { name: 'help', scene: () => asking(question('cluster-prefix')), press: ['?'] },
  { name: 'review', scene: () => review() },
  { name: 'review-open', scene: () => review(), press: [keys.down, keys.down, keys.right] },
  { name: 'review-end', scene: () => review(), press: [keys.end, keys.right] },
  { name: 'review-change', scene: () => review(changingPlan), press: [keys.right] },
  { name: 'review-confirm', scene: () => review(changingPlan), press: ['a', ...'digit'] },
  {
    name: 'review-app',
    scene: () => review(appPlan),
    press: [keys.down, keys.down, keys.down, keys.right],
  },
  { name: 'edit', scene: () => review(), press: ['e', keys.down, keys.down] },
  { name: 'run-start', ...run(0.2, {}) },
  { name: 'run-early', ...run(12, EARLY) },
  { name: 'run-late', ...run(101, LATE) },
  { name: 'run-late-sandbox', ...run(101, LATE), where: sandbox },
  { name: 'run-open', ...run(101, LATE), press: [keys.end, keys.right] },
  { name: 'run-failed', ...run(31, FAILED) },
  { name: 'run-stopping', ...run(12, EARLY, true) },
  { name: 'run-done', ...run(164, ALL) },
  { name: 'end', scene: () => ({ kind: 'end', report: reportOf(newPlan, FAILED), answer() {} }) },
  ...doctorPictures,
  ...statusPictures,
];

const SIZES = [
  [80, 24],
  [120, 40],
  [40, 15],
] as const;

let screen: Screen | undefined;

beforeEach(() => {
  vi.spyOn(performance, 'now').mockReturnValue(BEGIN);
});
afterEach(() => {
  screen?.close();
  vi.restoreAllMocks();
});

async function show(picture: Picture, columns: number, rows: number): Promise<string> {
  const { scene, where: place = where, remark, press = [], seconds = 0 } = picture;
  vi.mocked(performance.now).mockReturnValue(BEGIN + seconds * 1000);
  screen?.close();
  screen = openScreen(columns, rows);
  screen.stage.set({ where: place, remark, scene: scene() });
  await screen.press('', ...press);
  return screen.frame();
}

test.each(PICTURES)('$name', async (picture) => {
  let golden = '';
  for (const [columns, rows] of SIZES) {
    const frame = await show(picture, columns, rows);
    expectToFit(frame, columns, rows);
    golden += `${columns} × ${rows}\n${'─'.repeat(columns)}\n${frame}\n\n`;
  }
  await expect(golden).toMatchFileSnapshot(`golden/${picture.name}.txt`);
});

function expectToFit(frame: string, columns: number, rows: number): void {
  const lines = frame.split('\n');
  expect(lines.length).toBeLessThan(rows);
  // A line that is too wide would be broken.
  const wide = lines.filter(
    (line) => wrapAnsi(line, columns, { hard: true, trim: false }) !== line,
  );
  expect(wide).toEqual([]);
  expect(lines[0]).toMatch(/init-cluster|doctor|status/);
  // At the bottom stands which keys there are.
  expect(lines.at(-1)).toMatch(/\? (help|or any)/);
}

test('the same is shown after any resize as if it had been so from the start', async () => {
  for (const picture of PICTURES.filter(({ name }) =>
    /^(list-long|review-open|run-late)$/.test(name),
  )) {
    const before = await show(picture, 120, 40);
    await screen!.resize(40, 15);
    await screen!.resize(120, 40);
    expect(screen!.frame()).toBe(before);
    await screen!.resize(40, 15);
    expect(screen!.frame()).toBe(await show(picture, 40, 15));
  }
});

test('even a tiny terminal, or one that says it has no size, shows something', async () => {
  for (const picture of PICTURES) {
    const [columns, rows] = [20, 9];
    const frame = await show(picture, columns, rows);
    expect(frame.split('\n').length).toBeLessThan(rows);
  }
});
