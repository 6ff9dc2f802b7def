import { paginateListClusters, type Service } from '@aws-sdk/client-ecs';
import type { Looking } from '../checks/check.ts';
import { type SeenTask, servicesOf, tasksOf } from '../checks/lookups/services.ts';

/** All services of the Region, whose clusters share task definitions, and all tasks that run or are about to. */
export interface Running {
  services: Service[];
  tasks: SeenTask[];
}

/** Who needs a task definition, by its ARN, and what for. */
export interface DefinitionNeed {
  definition: string;
  why: string;
}

/** Who names an image, as "HOST/NAME:TAG" or by its digest, and what for. */
export interface NamedImage {
  image?: string;
  digest?: string;
  why: string;
}

export async function readRunning(looking: Looking): Promise<Running> {
  const pages = await Array.fromAsync(paginateListClusters({ client: looking.aws.ecs }, {}));
  const clusters = pages.flatMap(({ clusterArns = [] }) => clusterArns.map(nameOf));
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const there = { ...looking, names: { ...looking.names, cluster } };
      return Promise.all([servicesOf(there), tasksOf(there, 'RUNNING')]);
    }),
  );
  return {
    services: found.flatMap(([services]) => [...services.values()]),
    tasks: found.flatMap(([, tasks]) => tasks),
  };
}

/** Every task definition that a service, a deployment of one, or a task runs. */
export function definitionsIn({ services, tasks }: Running, looking: Looking): DefinitionNeed[] {
  const place = (clusterArn = '') =>
    isOfCluster({ clusterArn }, looking) ? '' : ` of the cluster ${nameOf(clusterArn)}`;
  return [
    ...services.flatMap((service) => {
      const { serviceName, clusterArn, taskDefinition, deployments = [], taskSets = [] } = service;
      const why = `in use by the service ${serviceName}${place(clusterArn)}`;
      const all = [{ taskDefinition }, ...deployments, ...taskSets];
      return all.flatMap(({ taskDefinition: definition }) =>
        definition ? [{ definition, why }] : [],
      );
    }),
    ...tasks.map(({ taskDefinitionArn, group = '', clusterArn }) => {
      const service = /^service:(.+)$/.exec(group)?.[1];
      const user = service ? `the service ${service}` : 'a task';
      return { definition: taskDefinitionArn!, why: `in use by ${user}${place(clusterArn)}` };
    }),
  ];
}

/** The images that tasks really run; what a tag names may have been replaced since. */
export function imagesIn({ tasks }: Running): NamedImage[] {
  return tasks.flatMap(({ containers = [] }) =>
    containers.flatMap(({ image, imageDigest: digest }) => {
      const why = 'in use by a task';
      return [...(image ? [{ image, why }] : []), ...(digest ? [{ digest, why }] : [])];
    }),
  );
}

export function isOfCluster(
  { clusterArn = '' }: { clusterArn?: string },
  { names }: Looking,
): boolean {
  return nameOf(clusterArn) === names.cluster;
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1)!;
}
