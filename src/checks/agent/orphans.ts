import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { type Check, pass, skip, warn } from '../check.ts';
import { awsCli, count, some } from '../command-lines.ts';
import { containerInstances } from '../lookups/container-instances.ts';
import { groupInstances, instancesOf } from '../lookups/instances.ts';

export const orphans: Check = {
  id: 'agent.orphans',
  group: 'Agent',
  title: 'Every registered instance is there, once',
  why: 'What is registered and gone counts as room that is not there, and keeps the cluster from being deleted.',
  fix: 'aws ecs deregister-container-instance --force',
  async look(looking) {
    const all = (await containerInstances(looking)).filter(({ ec2InstanceId }) => ec2InstanceId);
    if (all.length === 0) return skip('no instance is registered in the cluster');
    const known = await groupInstances(looking);
    const strange = all.map(({ ec2InstanceId }) => ec2InstanceId!).filter((id) => !known.has(id));
    const others = await instancesOf(looking, strange);
    const isThere = (id: string) => known.has(id) || others.has(id);
    const gone = all.filter(({ ec2InstanceId }) => !isThere(ec2InstanceId!));
    const doubles = all.filter(
      (each) =>
        isThere(each.ec2InstanceId!) &&
        !each.agentConnected &&
        all.some((other) => other !== each && other.ec2InstanceId === each.ec2InstanceId),
    );
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
