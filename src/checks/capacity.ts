import type { ContainerInstance, Service } from '@aws-sdk/client-ecs';
import { type Check, fail, type Looking, pass, skip, type Verdict, warn } from './check.ts';
import { awsCli, initCluster, some } from './command-lines.ts';
import { alarmsNamed, alarmWords, isGoingOff } from './lookups/alarms.ts';
import { containerInstances } from './lookups/container-instances.ts';
import { groupOf } from './lookups/group.ts';
import {
  fits,
  needsOf,
  openInstances,
  type Resources,
  registered,
  remaining,
  roomFor,
} from './lookups/room.ts';
import { runningOf, servicesOf } from './lookups/services.ts';
import { BUSY, type Usage, usageOf } from './lookups/usage.ts';

const task: Check = {
  id: 'capacity.task',
  group: 'Instances',
  title: 'There is room for one more task of each app',
  problem: 'There is no room for a further task of an app',
  why: 'A deployment starts the new task before it stops the old one.',
  fix: 'Add an instance, take a bigger type, or ask for less in the task definition.',
  async look(looking) {
    const [services, instances] = await Promise.all([
      servicesOf(looking),
      containerInstances(looking),
    ]);
    const running = [...services.values()].filter(
      ({ status, desiredCount, launchType }) =>
        status === 'ACTIVE' && desiredCount && launchType !== 'FARGATE',
    );
    if (running.length === 0) return skip('no app runs yet');
    const open = openInstances(instances);
    if (open.length === 0) return skip('no instance takes tasks');
    return Promise.all(running.map((service) => roomForOneMore(looking, service, open)));
  },
};

async function roomForOneMore(
  looking: Looking,
  service: Service,
  instances: ContainerInstance[],
): Promise<Verdict> {
  const name = service.serviceName!;
  const running = await runningOf(looking, service);
  if (!running) return { ...skip(`${name}: its task definition is gone`), subject: name };
  const asked = needsOf(running);
  const needs = `${asked.cpu} CPU units and ${asked.memory} MiB`;
  if (roomFor(asked, instances) > 0) return pass(`An instance has room for its ${needs}.`, name);
  if (!instances.map(registered).some((whole) => fits(asked, whole))) {
    const whole = biggest(instances.map(registered));
    return fail(
      `The task of ${name} asks for ${needs}; an instance has ${whole.cpu} CPU units and ${whole.memory} MiB in all.`,
      `Ask for less in its docker-compose.yml, or take a bigger type: ${initCluster(looking, '--set instance-type=TYPE', '--replace-instances')}`,
      name,
    );
  }
  const most = biggest(instances.map(remaining));
  const { runningCount = 0, desiredCount = 0 } = service;
  const lacks = runningCount < desiredCount;
  return (lacks ? fail : warn)(
    `No instance has room for ${lacks ? 'the' : 'one more'} task of ${name}, which asks for ${needs}; the most there is: ${most.cpu} CPU units and ${most.memory} MiB.`,
    await oneMore(looking),
    name,
  );
}

function biggest(all: Resources[]): Resources {
  return all.reduce((a, b) => (b.memory > a.memory ? b : a));
}

/** The line that adds an instance; where the group is at its most, that which raises it first. */
async function oneMore(looking: Looking): Promise<string> {
  const { DesiredCapacity = 0, MaxSize = 0 } = (await groupOf(looking)) ?? {};
  const more = DesiredCapacity + 1;
  const add = awsCli(
    looking,
    'autoscaling set-desired-capacity',
    `--auto-scaling-group-name ${looking.names.autoscalingGroup}`,
    `--desired-capacity ${more}`,
  );
  return more > MaxSize ? `${initCluster(looking, `--set max=${more}`)}, then ${add}` : add;
}

const cpu: Check = {
  id: 'capacity.cpu',
  group: 'Instances',
  title: 'The CPU has room',
  problem: 'The CPU is busy, or nearly all reserved',
  why: 'Apps answer slowly on a busy CPU; what is all reserved takes no further task.',
  fix: 'Add an instance, take a bigger type, or ask for less in the task definitions.',
  async look(looking) {
    const usage = await usageOf(looking);
    const verdict = await judged(looking, usage, 'CPU');
    const busy = [...usage.instances].filter(([, percent]) => percent > BUSY);
    if (busy.length === 0) return verdict;
    const named = busy
      .sort(([, a], [, b]) => b - a)
      .map(([id, percent]) => `${id} at ${Math.round(percent)} %`);
    const verdicts = [
      warn(`Busy instances in the last half hour: ${some(named)}.`, await oneMore(looking)),
    ];
    return verdict.status === 'warn' ? [verdict, ...verdicts] : verdicts;
  },
};

const memory: Check = {
  id: 'capacity.memory',
  group: 'Instances',
  title: 'The memory has room',
  problem: 'The memory is nearly all used or reserved',
  why: 'What is all reserved takes no further task; what is used up gets containers killed.',
  fix: 'Add an instance, take a bigger type, or ask for less in the task definitions.',
  look: async (looking) => judged(looking, await usageOf(looking), 'Memory'),
};

async function judged(looking: Looking, usage: Usage, of: 'CPU' | 'Memory'): Promise<Verdict> {
  const values = [
    ['reserved', usage.cluster.get(`${of}Reservation`)],
    ['used', usage.cluster.get(`${of}Utilization`)],
  ] as const;
  const known = values.flatMap(([word, value]) =>
    value === undefined ? [] : { word, percent: Math.round(value) },
  );
  if (known.length === 0) return skip('CloudWatch has no data of the last half hour');
  const seen = `${known.map(({ word, percent }) => `${percent} % ${word}`).join(', ')} in the last half hour${usage.age}.`;
  if (known.every(({ percent }) => percent <= BUSY)) return pass(seen);
  return warn(seen, await oneMore(looking));
}

const alarms: Check = {
  id: 'capacity.alarms',
  group: 'Instances',
  title: 'No alarm of the instances is going off',
  problem: 'An alarm of the instances is going off',
  why: 'They have been short of CPU or memory for a quarter of an hour.',
  fix: 'Add an instance, take a bigger type, or ask for less in the task definitions.',
  async look(looking) {
    const { instanceCpuAlarm, instanceMemoryAlarm } = looking.names;
    const found = await alarmsNamed(looking, [instanceCpuAlarm, instanceMemoryAlarm]);
    if (found.length === 0) return skip('there is none: add-app makes them where it is told to');
    const loud = found.filter(isGoingOff);
    if (loud.length === 0) return pass('None is.');
    const more = await oneMore(looking);
    return loud.map((alarm) => warn(alarmWords(alarm), more, alarm.AlarmName));
  },
};

export const capacityChecks: Check[] = [task, cpu, memory, alarms];
