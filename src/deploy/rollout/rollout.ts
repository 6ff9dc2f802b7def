import {
  type Deployment,
  DescribeContainerInstancesCommand,
  type DesiredStatus,
  type Service,
  type ServiceEvent,
  type Task,
} from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { inBatches } from '../../aws/batches.ts';
import type { Aws } from '../../aws/clients.ts';
import { primaryOf } from '../../checks/lookups/services.ts';
import {
  explainStop,
  failedContainer,
  reasonOf,
  stoppedByItself,
  stoppedByLoadBalancer,
} from '../../checks/signatures/stopped-tasks.ts';
import type { Target } from '../target.ts';
import { describeService, describeTasks } from './describe.ts';
import type { FailedTask } from './outcome.ts';
import type { Placed } from './placed.ts';

/** A service and one of its deployments, as they are at a moment. */
export interface Look {
  service: Service;
  primary?: Deployment;
  /** The deployment that is watched; undefined once ECS shows it no more. */
  ours?: Deployment;
  /** What the load balancer finds of its running tasks, one each. */
  health: TargetHealth[];
  /** Since the last look, the oldest first. */
  events: ServiceEvent[];
  failed: FailedTask[];
}

/**
 * Looks at a deployment again and again. A look takes two calls, and some more when something has
 * changed.
 */
export class Rollout {
  /** All that ECS has noted since it began, the oldest first. */
  readonly events: ServiceEvent[] = [];
  /** All of its tasks that failed, in the order in which they stopped. */
  readonly failed: FailedTask[] = [];
  /** How many of these a look has told of. */
  private told = 0;
  private tasks: Task[] = [];
  private state = '';
  private readonly stopped = new Set<string>();
  /** EC2's ids of container instances. */
  private readonly instances = new Map<string, string>();
  /** How many looks have found it given up by ECS. */
  givenUp = 0;
  private readonly aws: Aws;
  private readonly target: Target;
  readonly placed: Placed;

  constructor(aws: Aws, target: Target, placed: Placed) {
    this.aws = aws;
    this.target = target;
    this.placed = placed;
  }

  /**
   * Undefined once there is no such service.
   * @throws AWS's errors as they are; what that look has missed, the next one tells.
   */
  async look(): Promise<Look | undefined> {
    const service = await describeService(this.aws, this.target);
    if (service?.status !== 'ACTIVE') return undefined;
    const ours = service.deployments?.find(({ id }) => id === this.placed.deploymentId);
    await this.follow(service, ours);
    const health = await this.health();
    const failed = this.failed.slice(this.told);
    this.told = this.failed.length;
    if (ours?.rolloutState === 'FAILED') this.givenUp += 1;
    const events = this.newEvents(service);
    return { service, primary: primaryOf(service), ours, health, events, failed };
  }

  private newEvents({ events = [] }: Service): ServiceEvent[] {
    const known = new Set(this.events.map(({ id }) => id));
    const fresh = events
      .filter(({ id, createdAt }) => !known.has(id) && createdAt! >= this.placed.since)
      // Those of one moment come the newest first, too.
      .toReversed()
      .sort((a, b) => Number(a.createdAt) - Number(b.createdAt));
    this.events.push(...fresh);
    return fresh;
  }

  /** Asks for the tasks where something has happened to them. */
  private async follow(service: Service, ours: Deployment | undefined): Promise<void> {
    const { runningCount = 0, pendingCount, failedTasks } = ours ?? {};
    const state = JSON.stringify([runningCount, pendingCount, failedTasks, service.events?.[0]]);
    if (state === this.state && this.tasks.length >= runningCount) return;
    const [tasks] = await Promise.all([this.list('RUNNING'), this.noteFailed()]);
    this.tasks = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    await this.findInstances();
    this.state = state;
  }

  private async noteFailed(): Promise<void> {
    const stopped = (await this.list('STOPPED')).filter(
      ({ lastStatus }) => lastStatus === 'STOPPED',
    );
    for (const { taskArn } of stopped) this.stopped.add(taskArn!);
    const failed = stopped
      .filter((task) => stoppedByItself(task) || stoppedByLoadBalancer(task))
      .sort((a, b) => Number(a.stoppedAt ?? 0) - Number(b.stoppedAt ?? 0))
      .map(failedTask);
    this.failed.push(...failed);
  }

  /** Its tasks that ECS wants to run, or wants to stop and that are not known to have stopped. */
  private list(desiredStatus: DesiredStatus): Promise<Task[]> {
    const { deploymentId } = this.placed;
    return describeTasks(this.aws, this.target, deploymentId, desiredStatus, this.stopped);
  }

  private async findInstances(): Promise<void> {
    const arns = this.tasks.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []);
    const unknown = [...new Set(arns)].filter((arn) => !this.instances.has(arn));
    const { cluster } = this.target;
    const described = await Promise.all(
      inBatches(unknown, 100).map((containerInstances) =>
        this.aws.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
      ),
    );
    const containerInstances = described.flatMap((each) => each.containerInstances ?? []);
    for (const { containerInstanceArn, ec2InstanceId } of containerInstances) {
      this.instances.set(containerInstanceArn!, ec2InstanceId!);
    }
  }

  private async health(): Promise<TargetHealth[]> {
    const { TargetHealthDescriptions = [] } = await this.aws.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: this.target.targetGroupArn }),
    );
    const known = new Map(
      TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
        `${Target?.Id}:${Target?.Port}`,
        TargetHealth,
      ]),
    );
    return this.tasks.map((task) => known.get(this.targetOf(task)) ?? NOT_REGISTERED);
  }

  /** As the load balancer knows a task: by its instance, and its port there. */
  private targetOf({ containerInstanceArn = '', containers = [] }: Task): string {
    const container = containers.find(({ name }) => name === this.placed.container);
    const binding = container?.networkBindings?.find(
      ({ containerPort }) => containerPort === this.placed.port,
    );
    return `${this.instances.get(containerInstanceArn)}:${binding?.hostPort}`;
  }
}

const NOT_REGISTERED: TargetHealth = { State: 'unused', Reason: 'Elb.RegistrationInProgress' };

function failedTask(task: Task): FailedTask {
  const { name, exitCode } = failedContainer(task) ?? {};
  return {
    id: task.taskArn!.split('/').at(-1)!,
    ...{ container: name, exitCode, reason: reasonOf(task) },
    ...{ hasRun: task.startedAt !== undefined, unhealthy: stoppedByLoadBalancer(task) },
    ...explainStop(task),
  };
}
