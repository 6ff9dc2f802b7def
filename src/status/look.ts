import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Service, ServiceEvent } from '@aws-sdk/client-ecs';
import { hostsOf, type RoutedApp, routedApps } from '../checks/app/apps.ts';
import type { Looking } from '../checks/check.ts';
import { allAlarms, isOnService, isOnTargets } from '../checks/lookups/alarms.ts';
import { rulesBy } from '../checks/lookups/balancer.ts';
import { roomFor } from '../checks/lookups/room.ts';
import { runsAsDesired, servicesOf, tasksOf } from '../checks/lookups/services.ts';
import type { ListenerRule } from '../tasks/app/lib/listener-rules.ts';
import { appStatus } from './app.ts';
import { clusterStatus } from './cluster.ts';
import { seeing } from './seen.ts';
import type { AppStatus, Status } from './status.ts';
import { targetsOf } from './targets.ts';
import { versionsOf } from './versions.ts';

type Named = { service: string };

/**
 * Looks at a cluster and its apps. What it may not look at it names, and does without.
 * @param choose which of the apps are meant; all without.
 */
export async function look(
  looking: Looking,
  choose?: (apps: Named[]) => Named[],
): Promise<Pick<Status, 'cluster' | 'apps' | 'unseen'>> {
  const unseen: string[] = [];
  const seen = seeing(unseen);
  const [services, routing, tasks = [], alarms, { cluster, open }] = await Promise.all([
    servicesOf(looking),
    seen('what the load balancer sends where', routingOf(looking)),
    seen('the tasks', tasksOf(looking, 'RUNNING')),
    seen('the alarms', allAlarms(looking)),
    clusterStatus(looking, seen),
  ]);
  const all = namesOf([...services.keys()], routing);
  const apps = (choose?.(all) ?? all).map(({ service }): Known => {
    const found = services.get(service);
    const targetGroupArn =
      found?.loadBalancers?.[0]?.targetGroupArn ??
      routing?.apps.find((app) => app.service === service)?.targetGroupArn;
    const its = alarms?.filter(
      (alarm) =>
        isOnService(alarm, cluster.name, service) ||
        (targetGroupArn && isOnTargets(alarm, targetGroupArn)),
    );
    return { service, found, targetGroupArn, ...(its && alarmOf(its)) };
  });
  const deployed = apps.flatMap(({ found }) => found ?? []);
  const served = apps.flatMap(({ service, found, targetGroupArn, alarm }) => {
    if (!found?.runningCount || !targetGroupArn) return [];
    return { service, targetGroupArn, isWell: runsAsDesired(found) && alarm !== 'ALARM' };
  });
  const [versions, targets] = await Promise.all([
    versionsOf(looking, deployed, tasks, seen),
    targetsOf(looking, served, seen),
  ]);
  return {
    cluster,
    unseen,
    apps: apps.map(({ service, found, targetGroupArn, alarm, alarming }) => {
      const { needs, ...version } = found ? versions(found) : {};
      const status = appStatus(found, {
        ...{ ...version, service, alarm, alarming },
        hosts: routing ? hostsOf(routing.rules, service, targetGroupArn) : [],
        targets: targets.get(service),
        // Where a task does not say what it takes, nobody can tell.
        room: needs?.memory && open ? roomFor(needs, open) : undefined,
      });
      return choose ? { ...status, events: eventsOf(found?.events) } : status;
    }),
  };
}

type Known = Pick<AppStatus, 'service' | 'alarm' | 'alarming'> & {
  found?: Service;
  targetGroupArn?: string;
};

interface Routing {
  apps: RoutedApp[];
  rules: ListenerRule[];
}

async function routingOf(looking: Looking): Promise<Routing> {
  const [apps, { all: rules }] = await Promise.all([routedApps(looking), rulesBy(looking)]);
  return { apps, rules };
}

/** Those that were added, and those that run without. */
function namesOf(services: string[], routing?: Routing): Named[] {
  const added = routing?.apps.map(({ service }) => service) ?? [];
  return [...new Set([...services, ...added])].sort().map((service) => ({ service }));
}

/** Of several the worst. */
function alarmOf(alarms: MetricAlarm[]): Pick<AppStatus, 'alarm' | 'alarming'> {
  const states = alarms.map(({ StateValue }) => StateValue);
  const alarming = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
  if (alarming.length > 0) {
    return { alarm: 'ALARM', alarming: alarming.map(({ AlarmName }) => AlarmName!) };
  }
  if (states.includes('OK')) return { alarm: 'OK' };
  return { alarm: states.length > 0 ? 'no data' : 'none' };
}

/** So many of the last. */
const EVENTS = 5;

/** What every event begins with says nothing. */
function eventsOf(events: ServiceEvent[] = []): AppStatus['events'] {
  return events
    .toSorted((a, b) => Number(b.createdAt ?? 0) - Number(a.createdAt ?? 0))
    .slice(0, EVENTS)
    .map(({ createdAt, message = '' }) => ({
      at: createdAt,
      message: message.replace(/^\(service [^)]+\) /, ''),
    }));
}
