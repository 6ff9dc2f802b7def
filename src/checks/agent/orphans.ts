import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { type Check, pass, skip, warn } from '../check.ts';
import { awsCli, count, some } from '../command-lines.ts';
import { registrationsOf } from '../lookups/registrations.ts';

export const orphans: Check = {
  id: 'agent.orphans',
  group: 'Agent',
  title: 'Every registered instance is there, once',
  problem: 'The cluster has registrations that are stale',
  why: 'What is registered and gone counts as room that is not there, and keeps the cluster from being deleted.',
  fix: 'aws ecs deregister-container-instance --force',
  async look(looking) {
    const { all, gone, doubles } = await registrationsOf(looking);
    if (all.length === 0) return skip('no instance is registered in the cluster');
    const forget = (stale: ContainerInstance[]) =>
      awsCli(
        looking,
        'ecs deregister-container-instance --force',
        `--cluster ${looking.names.cluster}`,
        `--container-instance ${stale[0]?.containerInstanceArn?.split('/').at(-1)}`,
      ) + (stale.length > 1 ? ', and so on for each' : '');
    const verdicts = [
      ...(gone.length > 0
        ? [
            warn(
              `${count(gone.length, 'registered instance')} no longer in EC2: ${idsOf(gone)}.`,
              forget(gone),
            ),
          ]
        : []),
      ...(doubles.length > 0
        ? [warn(`Registered twice, of which one is stale: ${idsOf(doubles)}.`, forget(doubles))]
        : []),
    ];
    return verdicts.length > 0 ? verdicts : pass(`All ${all.length} are.`);
  },
};

function idsOf(instances: ContainerInstance[]): string {
  return some(instances.map(({ ec2InstanceId }) => ec2InstanceId!));
}
