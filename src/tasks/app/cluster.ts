import { DescribeClustersCommand, paginateListClusters } from '@aws-sdk/client-ecs';
import { ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { Aws } from '../../aws/clients.ts';
import { UserError } from '../../errors.ts';
import { NO_ENTITY, policyArn } from '../cluster/lib/iam-arns.ts';
import { listenersOf } from '../cluster/listeners.ts';
import { findLoadBalancer } from '../cluster/load-balancer.ts';
import { bucketOf, readPolicy } from '../cluster/policies.ts';
import type { Place } from '../cluster/scope.ts';
import { CLUSTER_TAG } from '../tags.ts';

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
  const [balancer, bucket, user] = await Promise.all([
    findLoadBalancer(place),
    findBucket(place),
    findTravisUser(place),
  ]);
  if (!balancer) throw lacks(names.cluster, 'load balancer');
  const listeners = await listenersOf(place, balancer.LoadBalancerArn!);
  const http = listeners.find(({ Port }) => Port === 80)?.ListenerArn;
  if (!http) throw lacks(names.cluster, 'HTTP listener');
  if (!bucket) throw lacks(names.cluster, 'config-read policy that names a bucket');
  if (!user) throw lacks(names.cluster, 'user that may deploy');
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
    travisUser: user,
    deployPolicy: policyArn(place, names.deployPolicy),
  };
}

/** The bucket that the cluster's config-read policy names. */
export async function findBucket(place: Place): Promise<string | undefined> {
  const policy = await readPolicy(place, policyArn(place, place.names.configReadPolicy));
  return policy && bucketOf(policy);
}

/** The user that may deploy all apps; one that an app has for itself is named after it. */
export async function findTravisUser(place: Place): Promise<string | undefined> {
  const PolicyArn = policyArn(place, place.names.deployPolicy);
  const users = await orAbsent(
    place.aws.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, EntityFilter: 'User' })),
    NO_ENTITY,
  );
  return users?.PolicyUsers?.map(({ UserName }) => UserName!).sort(byLength)[0];
}

function byLength(a: string, b: string): number {
  return a.length - b.length;
}

function lacks(cluster: string, what: string): UserError {
  return new UserError(
    `The cluster ${cluster} has no ${what}.`,
    `Put it right first: npx digital-apps init-cluster --set cluster-prefix=${cluster}.`,
  );
}
