import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Broken } from '../clinic.ts';
import { CLUSTER, SERVICE } from '../names.ts';
import { nothingStays } from './moments.ts';

/** A version of the app that is killed as soon as it runs, again and again, as for its memory. */
export async function deployKilled(clinic: Broken): Promise<void> {
  const { ecs } = clinic.aws;
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: SERVICE }),
  );
  const { family, taskRoleArn, containerDefinitions } = taskDefinition!;
  const command = ['sh', '-c', 'exit 137'];
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family, taskRoleArn },
      containerDefinitions: containerDefinitions!.map((each) => ({ ...each, command })),
    }),
  );
  await ecs.send(
    new UpdateServiceCommand({
      ...{ cluster: CLUSTER, service: SERVICE, taskDefinition: SERVICE },
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    }),
  );
  await nothingStays(clinic);
}
