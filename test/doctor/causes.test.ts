import { describe, expect, test } from 'vitest';
import { causesOf, CAUSES as WHAT_FOLLOWS } from '../../src/checks/causes.ts';
import type { Check } from '../../src/checks/check.ts';
import {
  changesSince,
  diagnosisOf,
  exitCodeOf,
  isMendable,
  mendable,
} from '../../src/checks/diagnosis.ts';
import { examination, examine } from '../../src/checks/examine.ts';
import { checksOfApp, checksOfCluster } from '../../src/checks/index.ts';
import { headline } from '../../src/commands/doctor/words.ts';
import { UserError } from '../../src/errors.ts';
import {
  blind,
  broken,
  CAUSES,
  CHECKS,
  check,
  finding,
  healthy,
  twoCauses,
  uncertain,
} from './fakes.ts';

const inWords = (causes: ReturnType<typeof causesOf>) =>
  causes.map(({ finding, follows }) => [
    [finding.check.id, finding.app].filter(Boolean).join(' of '),
    follows.map(({ check, app }) => [check.id, app].filter(Boolean).join(' of ')),
  ]);

test('what follows from something is told with it, through any number of steps', () => {
  expect(inWords(broken.causes)).toEqual([
    [
      'network.route',
      ['instances.joined', 'agent.connected', 'app.tasks of parks', 'traffic.targets of parks'],
    ],
  ]);
});

test('the cause that explains the most comes first', () => {
  const causes = inWords(twoCauses.causes);
  expect(causes.map(([cause]) => cause)).toEqual(['network.route', 'account.quotas']);
});

test('a chain is not broken by what could not be looked at', () => {
  const { route, joined, tasks } = CHECKS;
  const causes = causesOf(
    [
      finding(route, 'fail', [['no route']]),
      finding(joined, 'skip', [['could not look']]),
      finding(tasks, 'fail', [['no task']], 'parks'),
    ],
    CAUSES,
  );
  expect(inWords(causes)).toEqual([['network.route', ['app.tasks of parks']]]);
});

test('a chain is broken by what holds: the cause did not work through it', () => {
  const { route, joined, tasks } = CHECKS;
  const findings = [
    finding(route, 'fail', [['no route']]),
    finding(joined, 'pass', [['2 of 2']]),
    finding(tasks, 'fail', [['out of memory']], 'parks'),
  ];
  expect(inWords(causesOf(findings, CAUSES))).toEqual([
    ['network.route', []],
    ['app.tasks of parks', []],
  ]);
});

test('it is broken for one app, and goes on for another', () => {
  const { route, tasks, targets } = CHECKS;
  const chain = { [route.id]: [tasks.id], [tasks.id]: [targets.id] };
  const findings = [
    finding(route, 'fail', [['no route']]),
    finding(tasks, 'pass', [['2 of 2']], 'parks'),
    finding(targets, 'fail', [['the wrong path']], 'parks'),
    finding(tasks, 'skip', [['could not look']], 'roads'),
    finding(targets, 'fail', [['none']], 'roads'),
  ];
  expect(inWords(causesOf(findings, chain))).toEqual([
    ['network.route', ['traffic.targets of roads']],
    ['traffic.targets of parks', []],
  ]);
});

describe('what is wrong with one instance', () => {
  const { joined: disk, agent, route: log } = CHECKS;
  const chain = { [disk.id]: [log.id, agent.id], [log.id]: [agent.id] };
  const full = finding(disk, 'fail', [['100 %', 'prune', 'i-1']]);
  const lost = (...subjects: string[]) => {
    const verdict = { status: 'fail' as const, evidence: 'not connected', subjects };
    return { ...finding(agent, 'fail', []), verdicts: [verdict] };
  };

  test('explains nothing of another', () => {
    expect(inWords(causesOf([full, lost('i-2')], chain))).toEqual([
      [disk.id, []],
      [agent.id, []],
    ]);
    expect(inWords(causesOf([full, lost('i-1', 'i-2')], chain))).toEqual([[disk.id, [agent.id]]]);
    const target = finding(agent, 'fail', [['timed out', undefined, 'i-2:32768']], 'parks');
    expect(causesOf([full, target], chain)).toHaveLength(2);
  });

  test('explains nothing of one whose check it passes', () => {
    const well = { status: 'pass' as const, evidence: '40 %', subject: 'i-2' };
    const both = { ...full, verdicts: [...full.verdicts, well] };
    expect(inWords(causesOf([both, lost('i-1', 'i-2')], chain))).toEqual([
      [disk.id, []],
      [agent.id, []],
    ]);
  });

  test('leaves nothing out that another cause explains in part', () => {
    const logs = finding(log, 'fail', [
      ['no space left', undefined, 'i-1'],
      ['refused', undefined, 'i-2'],
    ]);
    const causes = inWords(causesOf([full, logs, lost('i-2')], chain));
    expect(causes).toEqual([
      [disk.id, [log.id]],
      [agent.id, []],
    ]);
  });

  test('is of everybody where it does not say of whom', () => {
    const all = finding(disk, 'fail', [['somewhere']]);
    expect(inWords(causesOf([all, lost('i-2')], chain))).toEqual([[disk.id, [agent.id]]]);
  });
});

test('what is wrong with one host explains nothing of another, a certificate for all of them does', () => {
  const { tasks: cover, targets: answers } = CHECKS;
  const chain = { [cover.id]: [answers.id] };
  const silent = finding(answers, 'fail', [['no answer', undefined, 'b.example.gov']], 'parks');
  const of = (host: string) => finding(cover, 'fail', [['none', undefined, host]]);
  expect(causesOf([of('a.example.gov'), silent], chain)).toHaveLength(2);
  expect(causesOf([of('b.example.gov:443'), silent], chain)).toHaveLength(1);
  expect(causesOf([of('*.example.gov'), silent], chain)).toHaveLength(1);
});

test('an app for which there is room does not lack room because another one does', () => {
  const { joined: room, tasks } = CHECKS;
  const noRoom = finding(room, 'fail', [['no room', undefined, 'roads']]);
  const well = { status: 'pass' as const, evidence: 'room', subject: 'parks' };
  const findings = [
    { ...noRoom, verdicts: [...noRoom.verdicts, well] },
    finding(tasks, 'fail', [['crashes']], 'parks'),
    finding(tasks, 'fail', [['none placed']], 'roads'),
  ];
  expect(inWords(causesOf(findings, CAUSES))).toEqual([
    [room.id, ['app.tasks of roads']],
    ['app.tasks of parks', []],
  ]);
});

test('what is wrong with one app explains nothing of another', () => {
  const { tasks, targets } = CHECKS;
  const causes = causesOf(
    [
      finding(tasks, 'fail', [['no task']], 'parks'),
      finding(targets, 'fail', [['none is healthy']], 'parks'),
      finding(targets, 'fail', [['none is healthy']], 'roads'),
    ],
    CAUSES,
  );
  expect(inWords(causes)).toEqual([
    ['app.tasks of parks', ['traffic.targets of parks']],
    ['traffic.targets of roads', []],
  ]);
});

test('of those that explain each other the first is named, unless another explains them', () => {
  const { route, joined, agent } = CHECKS;
  const circle = {
    [route.id]: [joined.id],
    [joined.id]: [agent.id],
    [agent.id]: [joined.id],
  };
  const both = [finding(joined, 'fail', [['none']]), finding(agent, 'fail', [['none']])];
  expect(inWords(causesOf(both, circle))).toEqual([['instances.joined', ['agent.connected']]]);
  const all = [...both, finding(route, 'fail', [['no route']])];
  expect(inWords(causesOf(all, circle))).toEqual([
    ['network.route', ['instances.joined', 'agent.connected']],
  ]);
});

test('what is wrong with an app explains nothing of its cluster', () => {
  const { route, tasks } = CHECKS;
  const findings = [
    finding(route, 'fail', [['no route']]),
    finding(tasks, 'fail', [['no task']], 'parks'),
  ];
  expect(causesOf(findings, { [tasks.id]: [route.id] })).toHaveLength(2);
});

describe('what follows from what, as it is written down,', () => {
  const checks = [...checksOfCluster(async () => ({ steps: [] }) as never), ...checksOfApp];
  const named = (...ids: string[]) =>
    ids.map((id) => {
      const known = checks.find((each) => each.id === id)!;
      const app = checksOfApp.some((each) => each.id === id) ? 'parks' : undefined;
      return finding(known as Check, 'fail', [['…']], app);
    });

  test.each([
    ['app.desired', ['app.alarm', 'traffic.answers']],
    ['roles.service', ['app.events', 'app.deployment', 'app.targets', 'traffic.answers']],
    ['cluster.active', ['agent.log', 'host.agent', 'agent.registered']],
    ['cluster.active', ['host.agent']],
    ['instances.in-service', ['agent.connected']],
    ['host.memory', ['agent.log', 'host.docker', 'agent.connected']],
  ])('%s explains %o', (cause, follows) => {
    const causes = causesOf(named(...follows, cause));
    expect(causes.map(({ finding: { check } }) => check.id)).toEqual([cause]);
  });

  test('names checks that there are, each by an id of its own', () => {
    const known = new Set(checks.map(({ id }) => id));
    expect(known.size).toBe(checks.length);
    const told = Object.entries(WHAT_FOLLOWS).flat(2);
    expect(told.filter((id) => !known.has(id))).toEqual([]);
  });

  test('never comes back to where it began', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (WHAT_FOLLOWS[from] ?? []).some((next) => {
        if (next === to) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, to, seen);
      });
    expect(Object.keys(WHAT_FOLLOWS).filter((id) => reaches(id, id))).toEqual([]);
  });
});

test.each([
  ['healthy', healthy, 0, 0],
  ['with a warning', uncertain, 0, 1],
  ['with findings', broken, 1, 1],
  ['where nothing could be looked at', blind, 2, 2],
] as const)('the exit code %s', (_name, diagnosis, usually, strictly) => {
  expect(exitCodeOf(diagnosis, { strict: false })).toBe(usually);
  expect(exitCodeOf(diagnosis, { strict: true })).toBe(strictly);
});

test('to have nothing to look at is not to be kept from looking', () => {
  const { agent } = CHECKS;
  const none = diagnosisOf([finding(agent, 'skip', [['no instance is unwell']])], broken);
  expect(exitCodeOf(none, { strict: true })).toBe(0);
  expect(headline(none)).toBe('Healthy');
});

test('what this machine knows by itself does not make up for an AWS that tells nothing', () => {
  const git = check('machine.git', 'Machine', 'Git works', 'Git does not work');
  const mostlyBlind = diagnosisOf([...blind.findings, finding(git, 'pass', [['2.51']])], broken);
  expect(exitCodeOf(mostlyBlind, { strict: false })).toBe(2);
  expect(headline(mostlyBlind)).toBe('Nothing could be looked at');
  const partly = diagnosisOf([...blind.findings, ...healthy.findings], broken);
  expect(exitCodeOf(partly, { strict: false })).toBe(0);
  expect(headline(partly)).toBe('Healthy as far as can be seen, 1 check could not look');
});

test('what is wrong with the cluster can be mended, and with the apps it names', () => {
  expect(isMendable(broken)).toBe(true);
  expect(isMendable(uncertain)).toBe(false);
  const { tasks } = CHECKS;
  const ofApp = (app: string, isMendable?: true) =>
    finding({ ...tasks, isMendable }, 'fail', [['no task']], app);
  const both = diagnosisOf([ofApp('parks', true), ofApp('roads'), ofApp('parks', true)], broken);
  expect(isMendable(both)).toBe(true);
  expect(mendable(both)).toEqual({ cluster: false, apps: ['parks'] });
  expect(mendable(broken)).toEqual({ cluster: true, apps: [] });
});

test('a change is another status, or another thing wrong; what is well may say something else', () => {
  const { route, joined, agent } = CHECKS;
  const at = (seen: string, wrong: string, agents: 'pass' | 'fail') =>
    diagnosisOf(
      [
        finding(route, 'pass', [[seen]]),
        finding(joined, 'fail', [[wrong]]),
        finding(agent, agents, [['…']]),
      ],
      broken,
    );
  const before = at('1 call', '0 of 2', 'fail');
  const changes = (...now: Parameters<typeof at>) =>
    changesSince(before, at(...now)).map(({ check }) => check.id);
  expect(changes('2 calls', '0 of 2', 'fail')).toEqual([]);
  expect(changes('1 call', '1 of 2', 'fail')).toEqual(['instances.joined']);
  expect(changes('1 call', '0 of 2', 'pass')).toEqual(['agent.connected']);
});

test('each finding is told as soon as it is there; who cannot look says so', async () => {
  const told: string[] = [];
  const { route, joined, agent, gateway } = CHECKS;
  const throwing = () => {
    throw new Error('a slip of ours');
  };
  const slow = Promise.withResolvers<never>();
  const all = examine(
    [
      examination({ ...route, look: () => slow.promise }, {} as never),
      examination({ ...joined, look: async () => ({ status: 'pass', evidence: '2 of 2' }) }, {
        app: { service: 'parks' },
      } as never),
      examination({ ...agent, look: async () => [] }, {} as never),
      examination({ ...gateway, look: throwing }, {} as never),
    ],
    ({ check, app = '' }) => told.push(`${check.id} ${app}`.trim()),
  );
  await Promise.resolve().then(() => new Promise(setImmediate));
  expect(told.sort()).toEqual(['agent.connected', 'instances.joined parks', 'network.gateway']);
  slow.reject(new UserError('There is no such thing.', 'Make one.'));
  const [first, second, third, fourth] = await all;
  expect(fourth?.verdicts[0]?.evidence).toBe('could not look: Error: a slip of ours.');
  expect(first).toMatchObject({
    status: 'skip',
    isUnable: true,
    verdicts: [{ evidence: 'could not look: There is no such thing.', fix: 'Make one.' }],
  });
  expect(second).toMatchObject({ status: 'pass', app: 'parks' });
  expect(third).toMatchObject({ status: 'skip' });
});
