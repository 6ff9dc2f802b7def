import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { Compose } from './compose/read.ts';

interface Place {
  /** What all versions of the task definition are called. */
  family: string;
  taskRoleArn: string;
  /** Where a container writes that says nothing of logging. */
  logs: { group: string; region: string };
}

/**
 * The task definition of a compose file, for containers on the bridge of EC2 instances. It has no
 * execution role: there the instance's own role pulls images and writes logs.
 */
export function taskDefinitionOf(
  { containers, volumes }: Compose,
  { family, taskRoleArn, logs }: Place,
): RegisterTaskDefinitionCommandInput {
  const logConfiguration = {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logs.group,
      'awslogs-region': logs.region,
      'awslogs-stream-prefix': family,
    },
  } as const;
  return {
    family,
    taskRoleArn,
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: containers.map((container) => ({ logConfiguration, ...container })),
    volumes,
  };
}
