import type { Service } from '@aws-sdk/client-ecs';
import type { Looking } from '../checks/check.ts';
import { needsOf, type Resources } from '../checks/lookups/room.ts';
import { FEW, groupOfTasks, type SeenTask, taskDefinitionOf } from '../checks/lookups/services.ts';
import type { Seen } from './seen.ts';

/** What a service runs; what is absent is not known. */
interface Version {
  /** The tag of the image that runs. */
  running?: string;
  /** That of the last deployment, which may not run yet. */
  deployed?: string;
  /** That of a task which the last deployment is to replace. */
  replaced?: string;
  /** What one more of its tasks asks for. */
  needs?: Resources;
}

/**
 * What each service runs. The tasks tell it; of those that have none yet a few are asked for their
 * task definitions, which is a call each.
 */
export async function versionsOf(
  looking: Looking,
  services: Service[],
  tasks: SeenTask[],
  seen: Seen,
): Promise<(service: Service) => Version> {
  const byGroup = Map.groupBy(tasks, ({ group }) => group);
  const tasksOf = ({ serviceName = '' }: Service) => byGroup.get(groupOfTasks(serviceName)) ?? [];
  const untold = services.filter((service) => !ofLast(service, tasksOf(service))).slice(0, FEW);
  const asking = untold.map(
    async (service) => [service, await taskDefinitionOf(looking, service)] as const,
  );
  const definitions = new Map(await seen('the task definitions', Promise.all(asking)));
  return (service) => {
    const all = tasksOf(service);
    const running = all.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const definition = definitions.get(service);
    const last =
      ofLast(service, all) ??
      (definition && { ...definition, containers: definition.containerDefinitions });
    return {
      running: tagIn(service, ofLast(service, running) ?? running[0]),
      deployed: tagIn(service, last),
      replaced: tagIn(
        service,
        running.find(({ taskDefinitionArn }) => taskDefinitionArn !== service.taskDefinition),
      ),
      needs: last && needsOf(last),
    };
  };
}

/** One of the tasks that are of the last deployment. */
function ofLast({ taskDefinition }: Service, tasks: SeenTask[]): SeenTask | undefined {
  return tasks.find(({ taskDefinitionArn }) => taskDefinitionArn === taskDefinition);
}

/** Of the container that gets the requests, where there are several. */
function tagIn(
  { loadBalancers = [] }: Service,
  { containers = [] }: { containers?: { name?: string; image?: string }[] } = {},
): string | undefined {
  const served = containers.find(({ name }) => name === loadBalancers[0]?.containerName);
  const { image } = served ?? containers[0] ?? {};
  return image && tagOf(image);
}

/** "118-3f2a91c" of "…/parks:118-3f2a91c"; of an image that is named by its digest, the start of that. */
export function tagOf(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = /:([^:/]+)$/.exec(name)?.[1];
  return tag ?? digest?.replace(/^sha256:/, '').slice(0, 12) ?? 'latest';
}
