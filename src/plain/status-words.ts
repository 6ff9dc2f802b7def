import { ago } from '../checks/app/words.ts';
import { some } from '../checks/command-lines.ts';
import type { AppState, AppStatus, ClusterStatus, Status } from '../status/status.ts';
import { ACCENT, duration, type Format } from './style.ts';

/** In so many words; the best last. */
const STATES: Record<AppState, string> = {
  failed: 'failed',
  down: 'down',
  degraded: 'not well',
  rolledBack: 'rolled back',
  deploying: 'deploying',
  stopped: 'scaled to 0',
  leaving: 'being deleted',
  notDeployed: 'not deployed',
  running: 'running',
};

/** Says the same without colour. */
export const MARKS: Record<AppState, [mark: string, format: Format]> = {
  running: ['✔', ACCENT],
  deploying: ['◐', ACCENT],
  degraded: ['!', 'yellow'],
  rolledBack: ['!', 'yellow'],
  failed: ['✖', 'red'],
  down: ['✖', 'red'],
  stopped: ['–', 'dim'],
  leaving: ['–', 'dim'],
  notDeployed: ['–', 'dim'],
};

/** "5 apps: 1 failed (roads), 1 deploying (permits), 3 running; 23 calls, 0.6 s." */
export function summary(status: Status): string {
  const { apps } = status;
  const parts = Object.entries(STATES).flatMap(([state, words]) => {
    const names = apps.filter((app) => app.state === state).map(({ service }) => service);
    if (names.length === 0) return [];
    return `${names.length} ${words}${state === 'running' ? '' : ` (${some(names)})`}`;
  });
  const words =
    parts.length > 0
      ? `${counted(apps.length, 'app')}: ${parts.join(', ')}`
      : 'No apps yet: digital-apps add-app, in an app’s repository, adds one';
  return `${words}; ${effort(status)}`;
}

/** "23 calls, 0.6 s." */
export function effort({ calls, seconds }: Status): string {
  return `${calls.total} calls, ${duration(seconds)}.`;
}

/** What is known of the cluster, each with what it is. */
export function clusterWords({ cluster, apps }: Status): [fact: string, words: string][] {
  const { name, state, instances, capacity } = cluster;
  const words = [name, stateWords(state), instances && instanceWords(instances)];
  const facts: [string, string][] = [['Cluster', words.filter(Boolean).join(', ')]];
  if (!capacity || capacity.total.cpu === 0) return facts;
  const { free, total } = capacity;
  const cpu = `${number(free.cpu)} of ${number(total.cpu)} CPU units`;
  const memory = `${gib(free.memory)} of ${gib(total.memory)} GiB of memory`;
  const room = roomWords(apps);
  return [
    ...facts,
    ['Free', `${cpu}, ${memory}`],
    ...(room ? [['Room', room] as [string, string]] : []),
  ];
}

function stateWords(state: ClusterStatus['state']): string | undefined {
  if (state === undefined || state === 'ACTIVE') return undefined;
  // What was deleted lingers for a while.
  const isGone = state === 'missing' || state === 'INACTIVE';
  return isGone ? 'which ECS does not have' : `which ECS calls ${state}`;
}

function instanceWords({ ready, desired }: NonNullable<ClusterStatus['instances']>): string {
  const most = Math.max(ready, desired ?? 0);
  const count = counted(most, 'instance');
  return ready < most ? `${ready} of ${count} ready` : count;
}

/** A deployment starts the new task before it stops the old one. */
function roomWords(apps: AppStatus[]): string | undefined {
  const rooms = apps.flatMap(({ room }) => room ?? []);
  if (rooms.length === 0) return undefined;
  const least = Math.min(...rooms);
  const which = apps.length === 1 ? apps[0]!.service : 'any app';
  if (least > 0) return `for ${counted(least, 'more task')} of ${which}`;
  const names = apps.filter(({ room }) => room === 0).map(({ service }) => service);
  return `none for one more task of ${some(names)}`;
}

/** What is to be said of an app beside its numbers; undefined of one that is well. */
export function note({
  state,
  tasks,
  targets,
  rollout,
  alarming = [],
}: AppStatus): string | undefined {
  const { running = 0, desired = 0, pending = 0 } = tasks ?? {};
  switch (state) {
    case 'running':
      return undefined;
    case 'deploying':
      return `${deployment('deploying', rollout)}: ${rollout?.running} of ${rollout?.desired} new${failures(rollout)}`;
    case 'failed':
      return `${deployment('failed to deploy', rollout)}: ${rollout?.reason ?? 'AWS gives no reason'}`;
    case 'down':
      return `down: no task runs${pending > 0 ? `, ${pending} starting` : ''}`;
    case 'rolledBack':
    case 'degraded': {
      const missing = desired - running;
      const sick = targets ? targets.total - targets.healthy : 0;
      const parts = [
        missing > 0 && `${missing} of ${desired} tasks missing`,
        pending > 0 && `${pending} starting`,
        sick > 0 && `${sick} of ${targets?.total} targets unhealthy`,
        rollout?.state === 'rolledBack' &&
          'the last deployment failed, and ECS went back to this one',
        alarming.length > 0 && `in alarm: ${some(alarming)}`,
      ].filter(Boolean);
      return parts.join(', ');
    }
    case 'stopped':
      return 'scaled to 0: no task is to run';
    case 'leaving':
      return 'being deleted: its last tasks are stopping';
    case 'notDeployed':
      return 'not deployed yet';
  }
}

function deployment(verb: string, rollout: AppStatus['rollout']): string {
  return rollout?.version ? `${verb} ${rollout.version}` : verb;
}

function failures(rollout: AppStatus['rollout']): string {
  const failed = rollout?.failed ?? 0;
  return failed > 0 ? `, ${counted(failed, 'task')} failed` : '';
}

/** "2 hours". */
export function age(at: Date | undefined): string {
  return at ? ago(at).replace(/ ago$/, '') : '–';
}

/** "1 task", "3 tasks". */
function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function gib(mebibytes: number): string {
  return (mebibytes / 1024).toFixed(1);
}
