import type { Faults } from '../faults.ts';
import { lay } from './lay.ts';

/** In seconds since 1970, as ECS writes times. */
export function secondsAgo(seconds: number): number {
  return Date.now() / 1000 - seconds;
}

interface OnTheWire {
  services: { serviceName: string; deployments: object[]; events: object[] }[];
}

interface State {
  running?: number;
  pending?: number;
  desired?: number;
  deployment?: object;
  /** The newest first, each a minute older than the one before. */
  events?: string[];
}

/** What DescribeServices says of a service whose tasks really run. */
export function recordService(
  faults: Faults,
  name: string,
  { running = 1, pending = 0, desired = 1, deployment = {}, events = [] }: State = {},
): void {
  const primary = {
    id: 'ecs-svc/4210000000000000001',
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment ecs-svc/4210000000000000001 completed.',
    failedTasks: 0,
    createdAt: secondsAgo(3600),
    ...deployment,
  };
  const messages = [...events, 'has reached a steady state.'];
  lay<OnTheWire>(faults, 'ecs.DescribeServices', (answer) => ({
    ...answer,
    services: answer.services.map((service) =>
      service.serviceName === name
        ? {
            ...service,
            ...{ runningCount: running, pendingCount: pending, desiredCount: desired },
            deployments: [primary],
            events: messages.map((message, index) => ({
              id: `event-${index}`,
              createdAt: secondsAgo(60 * (index + 1)),
              message: `(service ${name}) ${message}`,
            })),
          }
        : service,
    ),
  }));
}

/** What DescribeServices says of a cluster where all tasks run that are desired. */
export function recordAllRunning(faults: Faults): void {
  lay<{ services: { desiredCount: number; deployments: object[] }[] }>(
    faults,
    'ecs.DescribeServices',
    (answer) => ({
      ...answer,
      services: answer.services.map((service) => ({
        ...service,
        runningCount: service.desiredCount,
        deployments: service.deployments.map((each) => ({ ...each, rolloutState: 'COMPLETED' })),
      })),
    }),
  );
}

interface StoppedTask {
  stopCode: string;
  stoppedReason: string;
  exitCode?: number;
  reason?: string;
  /** Where it ran. */
  containerInstanceArn?: string;
}

/** What ListTasks and DescribeTasks say of tasks that have stopped in the last hour. */
export function recordStoppedTasks(faults: Faults, service: string, stopped: StoppedTask[]): void {
  const arnOf = (index: number) =>
    `arn:aws:ecs:us-east-2:123456789012:task/digitalApps/0000000000000000000000000000000${index}`;
  lay(faults, 'ecs.ListTasks', () => ({ taskArns: stopped.map((_task, index) => arnOf(index)) }));
  lay(faults, 'ecs.DescribeTasks', () => ({
    failures: [],
    tasks: stopped.map(({ exitCode, reason, ...task }, index) => ({
      ...task,
      taskArn: arnOf(index),
      group: `service:${service}`,
      lastStatus: 'STOPPED',
      stoppedAt: secondsAgo(120 * (index + 1)),
      containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode, reason }],
    })),
  }));
}

/** What ListTasks and DescribeTasks say of one task of a service that runs, by its id; times in seconds. */
export function recordRunningTask(
  faults: Faults,
  service: string,
  id: string,
  { revision = 1, ago = 3600, containerInstanceArn = '' } = {},
): void {
  const arnOf = (what: string) => `arn:aws:ecs:us-east-2:123456789012:${what}`;
  const taskArn = arnOf(`task/digitalApps/${id}`);
  const task = {
    ...{ taskArn, containerInstanceArn, lastStatus: 'RUNNING', startedAt: secondsAgo(ago) },
    group: `service:${service}`,
    taskDefinitionArn: arnOf(`task-definition/${service}:${revision}`),
  };
  lay(faults, 'ecs.ListTasks', () => ({ taskArns: [taskArn] }));
  lay(faults, 'ecs.DescribeTasks', () => ({ failures: [], tasks: [task] }));
}
