import type { Service } from '@aws-sdk/client-ecs';
import { masked } from '../../mask.ts';
import { type AppLooking, type Check, fail, pass, skip, type Verdict, warn } from '../check.ts';
import { awsCli, count } from '../command-lines.ts';
import { rolloutOf } from '../lookups/rollout.ts';
import {
  anyServiceOf,
  isSteady,
  NOT_DEPLOYED,
  primaryOf,
  runsAsDesired,
  serviceOf,
} from '../lookups/services.ts';
import { explainReason } from '../signatures/read.ts';
import { housekeepingChecks } from './housekeeping.ts';
import { imageChecks } from './image.ts';
import { monitoringChecks } from './monitoring.ts';
import { targetChecks } from './targets.ts';
import { taskChecks } from './tasks.ts';
import { adviceOn, ago, consoleOf, deploy, tailLogs } from './words.ts';

const group = 'App';

/** In minutes: a deployment that takes longer will hardly come to an end. */
const USUAL_DEPLOYMENT = 15;

export const serviceChecks: Check<AppLooking>[] = [
  {
    id: 'app.service',
    ...{ group, title: 'The app is deployed' },
    problem: 'The app is not deployed',
    why: 'The service keeps the app’s containers running.',
    fix: 'Deploy the app.',
    async look(looking) {
      const { app, names } = looking;
      const service = await anyServiceOf(looking);
      if (service?.status === 'ACTIVE') return pass(`The service ${app.service} is active.`);
      if (service?.status === 'DRAINING') {
        return fail(
          `The service ${app.service} was deleted, and its last tasks are stopping.`,
          `Wait until they have stopped, then: ${deploy(looking)}`,
        );
      }
      return warn(
        `The cluster ${names.cluster} has no service ${app.service}: the app is not deployed yet.`,
        deploy(looking),
      );
    },
  },
  {
    id: 'app.desired',
    ...{ group, title: 'At least one container is desired' },
    problem: 'No container is desired',
    why: 'A service that is scaled to 0 answers nobody, and each deploy leaves it so.',
    fix: 'Set the service’s desired count to 1 or more.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      const { desiredCount: desired = 0 } = service;
      if (desired > 0) return pass(`${count(desired, 'container')} desired.`);
      return fail(
        `Somebody has scaled the service ${looking.app.service} to 0.`,
        awsCli(
          looking,
          'ecs update-service',
          `--cluster ${looking.names.cluster}`,
          `--service ${looking.app.names.service}`,
          '--desired-count 1',
        ),
      );
    },
  },
  {
    id: 'app.running',
    ...{ group, title: 'As many containers run as are desired' },
    problem: 'Too few of the app’s containers run',
    why: 'Where none runs, the load balancer has nobody to send requests to.',
    fix: 'The service’s events and stopped tasks say what keeps them from running.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      const { runningCount: running = 0, desiredCount: desired = 0, pendingCount = 0 } = service;
      if (desired === 0) return skip('No container is desired.');
      const evidence = `${running} of ${desired} tasks run${pendingCount ? `, ${pendingCount} are starting` : ''}.`;
      if (running >= desired) return pass(evidence);
      return (isUnderWay(service) ? warn : fail)(evidence, consoleOf(looking));
    },
  },
  {
    id: 'app.deployment',
    ...{ group, title: 'The last deployment came through' },
    problem: 'The last deployment has not come through',
    why: 'Where it did not, the app is still the one before.',
    fix: 'Mend what the events and the stopped tasks say, then deploy again.',
    async look(looking) {
      const service = await serviceOf(looking);
      return service ? deployment(service, looking) : NOT_DEPLOYED;
    },
  },
  {
    id: 'app.events',
    ...{ group, title: 'ECS reports no trouble' },
    problem: 'ECS reports trouble',
    why: 'ECS notes with each attempt to start or replace a task why it failed.',
    fix: 'Follow what the event says.',
    async look(looking) {
      const service = await serviceOf(looking);
      return service ? events(service, looking) : NOT_DEPLOYED;
    },
  },
  ...taskChecks,
  ...imageChecks,
  ...targetChecks,
  ...monitoringChecks,
  ...housekeepingChecks,
];

function isUnderWay(service: Service): boolean {
  const primary = primaryOf(service);
  return (
    primary?.rolloutState === 'IN_PROGRESS' &&
    !primary.failedTasks &&
    minutesSince(primary.createdAt) < USUAL_DEPLOYMENT
  );
}

function deployment(service: Service, looking: AppLooking): Verdict {
  const rollout = rolloutOf(service);
  if (!rollout) return warn('The service has no deployment.', deploy(looking));
  const { id, failedTasks = 0, createdAt, rolloutStateReason } = rollout.deployment;
  if (rollout.state === 'failed') {
    return fail(
      `The deployment ${id} failed: ${rolloutStateReason ?? 'AWS gives no reason'}`,
      `See why its tasks stopped, then ${deploy(looking)}`,
    );
  }
  if (rollout.state === 'rolledBack') {
    return fail(
      `The last deployment failed, and ECS went back to the one before (${ago(rollout.rollback?.createdAt)}).`,
      `See what the app said: ${tailLogs(looking)}; mend it, then ${deploy(looking)}`,
    );
  }
  if (rollout.state === 'done') return pass(rolloutStateReason ?? `Deployed ${ago(createdAt)}.`);
  const evidence = `A deployment began ${ago(createdAt)} and is under way${failedTasks ? `; ${failedTasks} of its tasks failed` : ''}.`;
  if (failedTasks > 0) return fail(evidence, `See what the app said: ${tailLogs(looking)}`);
  return isUnderWay(service) ? pass(evidence) : warn(evidence, consoleOf(looking));
}

async function events(service: Service, looking: AppLooking): Promise<Verdict | Verdict[]> {
  const all = (service.events ?? []).toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt));
  const steady = all.findIndex(({ message }) => isSteady(message));
  const recent = steady < 0 ? all : all.slice(0, steady);
  const found = new Map<string, Verdict>();
  for (const { message = '', createdAt } of recent) {
    const explained = explainReason(message);
    if (!explained || found.has(explained.cause)) continue;
    const evidence = `${explained.cause} ECS said ${ago(createdAt)}: ${masked(message)}`;
    const [, registration] = /\(container-instance ([\w-]+)\)/.exec(message) ?? [];
    const fix = await adviceOn(looking, explained.fix, registration);
    // What went wrong since, and came right again, is told all the same.
    const say = runsAsDesired(service) ? warn : fail;
    found.set(explained.cause, say(evidence, fix));
  }
  if (found.size > 0) return [...found.values()];
  return pass(all[0]?.message ?? `No events yet; see ${consoleOf(looking)}`);
}

function minutesSince(at: Date | undefined): number {
  return (Date.now() - Number(at ?? 0)) / 60_000;
}
