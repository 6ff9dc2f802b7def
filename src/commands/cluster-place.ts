import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { explain } from '../aws/errors.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { askWhich } from '../questions/alone.ts';
import type { Ask } from '../questions/gather.ts';
import type { AnyQuestion } from '../questions/question.ts';
import { findBucket, findTravisUsers, ourClusters } from '../tasks/app/cluster.ts';
import { namesOf, USUAL_PREFIXES } from '../tasks/cluster/names.ts';
import type { Place } from '../tasks/cluster/scope.ts';
import { CLUSTER_TAG, ourTags } from '../tasks/tags.ts';
import { noCluster } from './app-place.ts';
import type { Session } from './session.ts';

/**
 * Which cluster is meant: the one that was named, the only one there is, or the one that is picked.
 * @throws UserError where none is there, or nobody says which.
 */
export async function whichCluster(
  session: Session,
  named: string | undefined,
  ask: Ask | undefined,
): Promise<string> {
  const { aws, region } = session;
  const clusters = await orUnable(() => ourClusters(aws));
  if (named !== undefined && clusters.includes(named)) return named;
  if (named === undefined && clusters.length === 1) return clusters[0]!;
  if (named === undefined && clusters.length > 1) {
    if (ask) return askWhich(ask, CLUSTER, clusters);
    throw new UserError(
      `There are several clusters in ${region}: ${clusters.join(', ')}.`,
      `Say which one, like --cluster ${clusters[0]}.`,
    );
  }
  // Where the ECS cluster itself is gone, its network still tells of it.
  const remains = await orUnable(() => clustersByNetwork(aws));
  const found = remains.filter((name) => named === undefined || name === named);
  if (found.length === 1) return found[0]!;
  const all = [...new Set([...clusters, ...remains])].sort();
  if (named === undefined || all.length === 0) throw noCluster(session);
  const near = nearest(named, all);
  throw new UserError(
    `There is no cluster ${named} made by digital-apps in ${region}.`,
    near ? `Did you mean ${near}?` : `There is ${all.join(', ')}.`,
  );
}

const CLUSTER: AnyQuestion = {
  key: 'cluster',
  page: 'Cluster',
  ask: 'Which cluster is to be looked at?',
  why: 'These are the clusters of this account and Region that digital-apps has made.',
  kind: 'text',
  parse: (input) => input,
  usual: 'the only one there is',
  default: () => '',
};

async function clustersByNetwork({ ec2 }: Aws): Promise<string[]> {
  const { Tags = [] } = await ec2.send(
    new DescribeTagsCommand({
      Filters: [
        { Name: 'key', Values: [CLUSTER_TAG] },
        { Name: 'resource-type', Values: ['vpc', 'security-group', 'launch-template'] },
      ],
    }),
  );
  return [...new Set(Tags.map(({ Value }) => Value!))].sort();
}

/** Where the cluster's parts are looked for by what follows from its name. Asks AWS nothing. */
export function usualPlace({ aws, identity, region }: Session, cluster: string): Place {
  const names = namesOf({ ...USUAL_PREFIXES, cluster });
  return {
    ...{ ...identity, aws, region, names, tags: ourTags(cluster, region) },
    rename: '--cluster NAME',
  };
}

/** The same by what stands; what tells a name may itself be gone, and then the guide's holds. */
export async function placeOf(session: Session, cluster: string): Promise<Place> {
  const place = usualPlace(session, cluster);
  const { names } = place;
  const or = async (found: Promise<string | undefined>, usual: string) =>
    (await found.catch(() => undefined)) ?? usual;
  const [bucket, travisUser] = await Promise.all([
    or(findBucket(place), names.bucket),
    or(
      findTravisUsers(place).then(([user]) => user),
      names.travisUser,
    ),
  ]);
  return { ...place, names: { ...names, bucket, travisUser } };
}

/**
 * Of the cluster's apps those that are to be looked at.
 * @throws UserError where there is none of that name.
 */
export function whichApps<A extends { service: string }>(
  apps: A[],
  named: string,
  cluster: string,
): A[] {
  const found = apps.filter(({ service }) => service === named);
  if (found.length > 0) return found;
  const services = apps.map(({ service }) => service);
  const near = nearest(named, services);
  const there = services.length > 0 ? `There is ${services.join(', ')}.` : 'It has none yet.';
  throw new UserError(
    `The cluster ${cluster} has no app ${named}.`,
    near ? `Did you mean ${near}?` : `${there} Add one in its repository: digital-apps add-app.`,
  );
}

/**
 * For what must be known before anything can be looked at.
 * @throws UserError
 */
export async function orUnable<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { answer, fix } = explain(error);
    throw new UserError(`Could not look: ${answer}`, fix);
  }
}
