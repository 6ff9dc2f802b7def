import {
  type ContainerInstance,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  paginateListClusters,
  paginateListContainerInstances,
} from '@aws-sdk/client-ecs';
import { orAbsent } from '../../aws/absent.ts';
import { inBatches } from '../../aws/batches.ts';
import { anew } from '../../aws/sharing.ts';
import { pause } from '../../aws/waiting.ts';
import type { Looking } from '../check.ts';
import { once } from './once.ts';

/** ECS describes this many at a time. */
const AT_ONCE = 100;
/** Until an agent that has lost its connection usually has another. In milliseconds. */
const RECONNECTS = { usual: 5_000, emulated: 250 };
/** The attribute that says what processor an instance has: "x86_64". */
export const ARCHITECTURE = 'ecs.cpu-architecture';
/** As many ids as a filter of ECS may well hold. */
const SOUGHT = 20;

/** "ACTIVE", as ECS calls it; undefined for a cluster that is not there. */
export async function clusterState({ aws, names }: Looking): Promise<string | undefined> {
  const { clusters = [] } = await aws.ecs.send(
    new DescribeClustersCommand({ clusters: [names.cluster], include: ['TAGS', 'SETTINGS'] }),
  );
  return clusters[0]?.status;
}

/** The cluster's container instances, with what their agents say of their health; none without a cluster. */
export function containerInstances(looking: Looking): Promise<ContainerInstance[]> {
  return once(looking, 'container instances', async () => {
    const all = await containerInstancesIn(looking, looking.names.cluster);
    return withReconnected(looking, all);
  });
}

/**
 * Agents lose their connection several times an hour and take it up again, which is no trouble:
 * those that are without are looked at once more. Of more than ECS describes at once, it is.
 * https://aws.amazon.com/blogs/containers/monitoring-the-amazon-ecs-agent/
 */
async function withReconnected(
  { aws, names, signal }: Looking,
  all: ContainerInstance[],
): Promise<ContainerInstance[]> {
  const lost = all.filter(({ agentConnected }) => !agentConnected);
  if (lost.length === 0 || lost.length > AT_ONCE) return all;
  await pause(aws.connection.endpoint ? RECONNECTS.emulated : RECONNECTS.usual, signal);
  const { containerInstances: now = [] } = await aws.ecs.send(
    anew(
      describing(
        names.cluster,
        lost.map(({ containerInstanceArn: arn }) => arn!),
      ),
    ),
  );
  const byArn = new Map(now.map(withoutDetails).map((each) => [each.containerInstanceArn, each]));
  return all.map((each) => byArn.get(each.containerInstanceArn) ?? each);
}

/** The instance behind a registration, by its ARN or the end of it; undefined where it is gone. */
export async function instanceBehind(
  looking: Looking,
  registration: string,
): Promise<string | undefined> {
  const idOf = (arn = '') => arn.split('/').at(-1);
  const all = await containerInstances(looking);
  return all.find((each) => idOf(each.containerInstanceArn) === idOf(registration))?.ec2InstanceId;
}

/** The other clusters of the Region in which those instances are registered, by instance; of many, a few. */
export async function registeredElsewhere(
  looking: Looking,
  ids: string[],
): Promise<Map<string, string>> {
  const sought = ids.slice(0, SOUGHT).map((id) => `'${id}'`);
  const filter = `ec2InstanceId in [${sought.join(', ')}]`;
  const found = await Promise.all(
    (await otherClusters(looking)).map(async (cluster) => {
      const instances = await containerInstancesIn(looking, cluster, filter);
      return instances.map(({ ec2InstanceId }) => [ec2InstanceId!, cluster] as const);
    }),
  );
  return new Map(found.flat().filter(([id]) => ids.includes(id)));
}

async function otherClusters({ aws, names }: Looking): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListClusters({ client: aws.ecs }, {}));
  const arns = pages.flatMap(({ clusterArns = [] }) => clusterArns);
  const described = await Promise.all(
    inBatches(arns, AT_ONCE).map((clusters) =>
      aws.ecs.send(new DescribeClustersCommand({ clusters })),
    ),
  );
  return described
    .flatMap(({ clusters = [] }) => clusters)
    .filter((each) => each.registeredContainerInstancesCount !== 0)
    .map(({ clusterName }) => clusterName!)
    .filter((name) => name !== names.cluster);
}

/** Those of any cluster of the Region. */
export async function containerInstancesIn(
  { aws }: Pick<Looking, 'aws'>,
  cluster: string,
  filter?: string,
): Promise<ContainerInstance[]> {
  const listed = Array.fromAsync(
    paginateListContainerInstances({ client: aws.ecs }, { cluster, filter }),
  );
  const pages = (await orAbsent(listed, /^ClusterNotFound/)) ?? [];
  const arns = pages.flatMap(({ containerInstanceArns = [] }) => containerInstanceArns);
  const described = await Promise.all(
    inBatches(arns, AT_ONCE).map(async (batch) => {
      const answer = await aws.ecs.send(describing(cluster, batch));
      return (answer.containerInstances ?? []).map(withoutDetails);
    }),
  );
  return described.flat();
}

/** Of what an instance can do some fifty attributes tell, of which one is looked at. */
function withoutDetails(instance: ContainerInstance): ContainerInstance {
  const isKept = ({ name }: { name?: string }) => name === ARCHITECTURE;
  return { ...instance, attributes: instance.attributes?.filter(isKept), attachments: undefined };
}

function describing(cluster: string, containerInstances: string[]) {
  return new DescribeContainerInstancesCommand({
    cluster,
    containerInstances,
    include: ['CONTAINER_INSTANCE_HEALTH'],
  });
}
