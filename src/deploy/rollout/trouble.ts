import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type ContainerDefinition, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { explain } from '../../aws/errors.ts';
import { explainReason } from '../../checks/signatures/read.ts';
import { isPassing, meaningOf } from '../../checks/signatures/target-reasons.ts';
import { masked } from '../../mask.ts';
import type { FailedTask, Log, Trouble } from './outcome.ts';
import type { Look, Rollout } from './rollout.ts';

/** Of a container's log. */
const LINES = 20;
const LONGEST_LINE = 500;
/** Of those that ended last, so many are asked for what they wrote. */
const ASKED = 3;

type Cause = Pick<Trouble, 'cause' | 'fix'>;

/** Why a deployment has not come through, with what its containers said last. */
export async function troubleOf(
  aws: Aws,
  rollout: Rollout,
  look: Look | undefined,
): Promise<Trouble> {
  const { failed: tasks, placed } = rollout;
  const log = await lastLog(aws, placed.taskDefinitionArn, tasks);
  return { ...causeOf(rollout, look), tasks, log };
}

/** What is known best: of the last task that failed, of the load balancer, of what ECS has noted. */
function causeOf({ failed, events }: Rollout, look: Look | undefined): Cause {
  if (!look) return { cause: 'The service was deleted meanwhile.' };
  const messages = events.map(({ message }) => message ?? '').toReversed();
  const unhealthy = messages.filter((message) => / is unhealthy in /.test(message));
  const latest = failed.at(-1);
  const explained = latest?.cause ? { cause: latest.cause, fix: latest.fix } : undefined;
  const sick = look.health.find((each) => each.State !== 'healthy' && !isPassing(each));
  const known =
    (latest?.unhealthy ? undefined : explained) ??
    explainReason(unhealthy.join('\n')) ??
    (sick && meaningAsCause(sick)) ??
    explained ??
    explainReason(messages.join('\n'));
  if (known) return known;
  if (latest) return { cause: `Its tasks stop: ${latest.reason}` };
  const { pendingCount = 0, runningCount = 0, rolloutStateReason } = look.ours ?? {};
  if (look.health.length > 0 || runningCount > 0) {
    return {
      cause: 'Its containers run, and the load balancer has not found them well yet.',
      fix: 'Look at the target group’s health check: how often it asks, and how often it must be answered.',
    };
  }
  if (pendingCount > 0) return { cause: 'Its tasks are still starting.' };
  if (messages.length > 0) return { cause: rolloutStateReason ?? messages[0]! };
  return {
    cause: 'ECS has started no task, and says nothing of why.',
    fix: 'See whether the cluster has instances: digital-apps doctor',
  };
}

function meaningAsCause(sick: Parameters<typeof meaningOf>[0]): Cause {
  const { says, fix } = meaningOf(sick);
  return { cause: says, fix };
}

async function lastLog(aws: Aws, taskDefinition: string, tasks: FailedTask[]): Promise<Log> {
  const ran = tasks.filter(({ hasRun }) => hasRun).slice(-ASKED);
  if (ran.length === 0) return { missing: 'No container that ran has failed.' };
  try {
    const found = await aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const containers = found.taskDefinition?.containerDefinitions ?? [];
    let log: Log = { missing: 'The container has written nothing.' };
    for (const task of ran.toReversed()) {
      const container = containers.find(({ name }) => name === task.container);
      log = await logOf(aws, container, task);
      if ('lines' in log) break;
    }
    return log;
  } catch (error) {
    const { answer, fix } = explain(error);
    return { missing: `The container’s log cannot be read. ${answer}${fix ? ` ${fix}` : ''}` };
  }
}

async function logOf(
  aws: Aws,
  container: ContainerDefinition | undefined,
  { id }: FailedTask,
): Promise<Log> {
  const { logDriver, options = {} } = container?.logConfiguration ?? {};
  const prefix = options['awslogs-stream-prefix'];
  if (logDriver !== 'awslogs' || !prefix) {
    return {
      missing: `The container does not log to CloudWatch, but by ${logDriver ?? 'Docker itself'}: look there.`,
    };
  }
  const logGroupName = options['awslogs-group'];
  const logStreamName = `${prefix}/${container!.name}/${id}`;
  const region = options['awslogs-region'];
  if (region && region !== aws.connection.region) {
    return { missing: `The container logs in ${region}: ${logStreamName} of ${logGroupName}.` };
  }
  const { events = [] } = await aws.logs
    .send(new GetLogEventsCommand({ logGroupName, logStreamName, limit: LINES }))
    .catch(unlessMissing);
  if (events.length === 0) {
    return { missing: `The container has written nothing to ${logStreamName} of ${logGroupName}.` };
  }
  return { stream: logStreamName, lines: events.map(({ message = '' }) => shown(message)) };
}

function unlessMissing(error: Error): { events?: { message?: string }[] } {
  if (error.name === 'ResourceNotFoundException') return {};
  throw error;
}

function shown(message: string): string {
  const line = masked(message.trimEnd());
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
}
