import { DescribeClustersCommand, paginateListClusters } from '@aws-sdk/client-ecs';
import { GetUserCommand, paginateListEntitiesForPolicy } from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { Aws } from '../../aws/clients.ts';
import { UserError } from '../../errors.ts';
import { NO_ENTITY, policyArn } from '../cluster/lib/iam-arns.ts';
import { listenersOf } from '../cluster/listeners.ts';
import { findLoadBalancer } from '../cluster/load-balancer.ts';
import { bucketOf, readPolicy } from '../cluster/policies.ts';
import type { Place } from '../cluster/scope.ts';
import { APP_TAG, CLUSTER_TAG, fromTagList } from '../tags.ts';

/** What an app is added to: the parts of a cluster that its own parts refer to. */
export interface Cluster {
  name: string;
  vpcId: string;
  loadBalancer: {
    name: string;
    arn: string;
    dnsName: string;
    /** Of its DNS name, for aliases. */
    zoneId: string;
    hasIpv6: boolean;
  };
  httpListener: string;
  /** Absent while the cluster has no certificate. */
  httpsListener?: string;
  bucket: string;
  travisUser: string;
  deployPolicy: string;
}

/** The names of the Region's clusters that were made by digital-apps. */
export async function ourClusters(aws: Aws): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListClusters({ client: aws.ecs }, {}));
  // AWS describes a hundred at a time, as it lists them.
  const described = await Promise.all(
    pages.map(({ clusterArns: clusters = [] }) =>
      clusters.length === 0
        ? undefined
        : aws.ecs.send(new DescribeClustersCommand({ clusters, include: ['TAGS'] })),
    ),
  );
  return described
    .flatMap((page) => page?.clusters ?? [])
    .filter(
      ({ status, tags }) => status === 'ACTIVE' && tags?.some(({ key }) => key === CLUSTER_TAG),
    )
    .map(({ clusterName }) => clusterName!)
    .sort();
}

/**
 * Looks a cluster up, all of its parts at once.
 * @throws UserError naming what it lacks.
 */
export async function findCluster(place: Place): Promise<Cluster> {
  const { names } = place;
  const deployPolicy = policyArn(place, names.deployPolicy);
  const [balancer, bucket, users] = await Promise.all([
    findLoadBalancer(place),
    findBucket(place),
    usersWith(place, deployPolicy),
  ]);
  if (!balancer) throw lacks(names.cluster, 'load balancer');
  const [listeners, travisUsers] = await Promise.all([
    listenersOf(place, balancer.LoadBalancerArn!),
    travisUsersAmong(place, users),
  ]);
  const http = listeners.find(({ Port }) => Port === 80)?.ListenerArn;
  if (!http) throw lacks(names.cluster, 'HTTP listener');
  if (!bucket) throw lacks(names.cluster, 'config-read policy that names a bucket');
  const [travisUser, ...others] = travisUsers;
  if (!travisUser) throw lacks(names.cluster, 'user that Travis CI deploys as');
  if (others.length > 0) throw several(names, travisUsers);
  return {
    name: names.cluster,
    vpcId: balancer.VpcId!,
    loadBalancer: {
      name: balancer.LoadBalancerName!,
      arn: balancer.LoadBalancerArn!,
      dnsName: balancer.DNSName!,
      zoneId: balancer.CanonicalHostedZoneId!,
      hasIpv6: balancer.IpAddressType !== 'ipv4',
    },
    httpListener: http,
    httpsListener: listeners.find(({ Port }) => Port === 443)?.ListenerArn,
    bucket,
    travisUser,
    deployPolicy,
  };
}

/** The bucket that the cluster's config-read policy names. */
export async function findBucket(place: Place): Promise<string | undefined> {
  const policy = await readPolicy(place, policyArn(place, place.names.configReadPolicy));
  return policy && bucketOf(policy);
}

/** The users made for Travis CI that may deploy all apps; one, where all is well. */
export async function findTravisUsers(place: Place): Promise<string[]> {
  const users = await usersWith(place, policyArn(place, place.names.deployPolicy));
  return travisUsersAmong(place, users);
}

/** The names of the users that the policy is attached to. */
async function usersWith({ aws }: Place, PolicyArn: string): Promise<string[]> {
  const input = { PolicyArn, EntityFilter: 'User' as const };
  const pages = await orAbsent(
    Array.fromAsync(paginateListEntitiesForPolicy({ client: aws.iam }, input)),
    NO_ENTITY,
  );
  return (pages ?? []).flatMap(({ PolicyUsers = [] }) =>
    PolicyUsers.map(({ UserName }) => UserName!),
  );
}

/** Those made for Travis CI: an app's own are not among them, nor are people, who may deploy too. */
async function travisUsersAmong({ aws }: Place, users: string[]): Promise<string[]> {
  const denied: Error[] = [];
  const found = await Promise.all(
    users.map(async (UserName) => {
      const call = aws.iam.send(new GetUserCommand({ UserName }));
      const user = await orAbsent(call, NO_ENTITY).catch((error: Error) => {
        // Whoever may look at our users need not see the others.
        if (!/^AccessDenied/.test(error.name)) throw error;
        denied.push(error);
      });
      const tags = fromTagList(user?.User?.Tags);
      return CLUSTER_TAG in tags && !(APP_TAG in tags) ? [UserName] : [];
    }),
  );
  if (found.flat().length === 0 && denied[0]) throw denied[0];
  return found.flat().sort();
}

function several({ cluster, deployPolicy }: Place['names'], users: string[]): UserError {
  return new UserError(
    `The cluster ${cluster} has several users that Travis CI may deploy as: ${users.join(', ')}.`,
    `Detach the policy ${deployPolicy} from all but one, or take the tag ${CLUSTER_TAG} away from them (IAM > Users).`,
  );
}

function lacks(cluster: string, what: string): UserError {
  return new UserError(
    `The cluster ${cluster} has no ${what}.`,
    `Put it right first: npx digital-apps init-cluster --set cluster-prefix=${cluster}.`,
  );
}
