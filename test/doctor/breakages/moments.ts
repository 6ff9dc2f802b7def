import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
  type Service,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { Clients } from '../../app/world.ts';
import { until } from '../../support/until.ts';
import type { Broken } from '../clinic.ts';
import { CLUSTER, SERVICE } from '../names.ts';

const cluster = CLUSTER;

type InAws = { aws: Clients };

export async function serviceNow({ aws }: InAws): Promise<Service> {
  const { services } = await aws.ecs.send(
    new DescribeServicesCommand({ cluster, services: [SERVICE] }),
  );
  return services![0]!;
}

export async function registered({ aws }: InAws): Promise<ContainerInstance[]> {
  const { containerInstanceArns: containerInstances = [] } = await aws.ecs.send(
    new ListContainerInstancesCommand({ cluster }),
  );
  if (containerInstances.length === 0) return [];
  const asked = new DescribeContainerInstancesCommand({ cluster, containerInstances });
  return (await aws.ecs.send(asked)).containerInstances!;
}

/** Until ECS has noticed that the agents are gone: what runs goes on. */
export async function agentsLost(clinic: InAws): Promise<void> {
  const isLost = async () =>
    (await registered(clinic)).every(({ agentConnected }) => !agentConnected);
  await until(isLost);
}

/** The group's instances are terminated, and what it starts instead does not join. */
export async function instancesReplaced(clinic: InAws): Promise<void> {
  const { autoScaling, ec2 } = clinic.aws;
  const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  const InstanceIds = AutoScalingGroups![0]!.Instances!.map(({ InstanceId }) => InstanceId!);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  await nothingPlaced(clinic);
}

/** Until nothing runs, and ECS has said that it has no place for it. */
export async function nothingPlaced(clinic: InAws): Promise<void> {
  await until(async () => {
    const { runningCount, events = [] } = await serviceNow(clinic);
    return runningCount === 0 && /unable to place a task/.test(events[0]?.message ?? '');
  });
}

/** The app's task is stopped, as with its host; and no other comes to stay. */
export async function notStartedAgain(clinic: Broken): Promise<void> {
  const running = new ListTasksCommand({ cluster, serviceName: SERVICE });
  const { taskArns = [] } = await clinic.aws.ecs.send(running);
  await Promise.all(
    taskArns.map((task) => clinic.aws.ecs.send(new StopTaskCommand({ cluster, task }))),
  );
  await nothingStays(clinic);
}

/** Until ECS has given up hope, and a moment when none of the tasks that it goes on to start is up. */
export async function nothingStays({ aws, emulator }: Broken): Promise<void> {
  await until(async () => {
    await emulator.settings({ services: false });
    const { runningCount, events = [] } = await serviceNow({ aws });
    const hasGivenUp = events.some(({ message }) => /unable to consistently/.test(message ?? ''));
    if (runningCount === 0 && hasGivenUp) return true;
    await emulator.settings({ services: true });
    return false;
  });
}
