import {
  type NetworkAcl,
  paginateDescribeNetworkAcls,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describeGroup } from '../../tasks/cluster/autoscaling-group.ts';
import { type Network, readNetwork } from '../../tasks/cluster/lib/network.ts';
import { listenersOf } from '../../tasks/cluster/listeners.ts';
import { findLoadBalancer } from '../../tasks/cluster/load-balancer.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { instanceSecurityGroup } from '../../tasks/cluster/security-groups.ts';
import { vpc } from '../../tasks/cluster/vpc.ts';
import { CLUSTER_TAG } from '../../tasks/tags.ts';
import { liveOf } from './live.ts';

/** The VPC that the cluster lives in, and the subnets of it that the cluster uses. */
export interface ClusterNetwork extends Network {
  vpcId: string;
  /** Whether init-cluster made it, and so can mend it. */
  isOurs: boolean;
  loadBalancer?: LoadBalancer;
  /** The ports that the load balancer listens on. */
  ports: number[];
  /** Where the autoscaling group starts instances. */
  instanceSubnets: string[];
  /** Where the load balancer is. */
  balancerSubnets: string[];
  used: Subnet[];
}

/** Found by the load balancer, else by what carries the cluster's tag; undefined where nothing of it stands. */
export async function clusterNetwork(place: Place): Promise<ClusterNetwork | undefined> {
  const [loadBalancer, group, instancesGroup, ours] = await Promise.all([
    findLoadBalancer(place),
    describeGroup(place),
    liveOf(instanceSecurityGroup, place),
    liveOf(vpc, place),
  ]);
  const vpcId = loadBalancer?.VpcId ?? instancesGroup?.vpcId ?? ours?.id;
  if (!vpcId) return undefined;
  const [network, listeners] = await Promise.all([
    readNetwork(place.aws, vpcId),
    loadBalancer ? listenersOf(place, loadBalancer.LoadBalancerArn!) : [],
  ]);
  const instanceSubnets = (group?.VPCZoneIdentifier ?? '').split(',').filter(Boolean);
  const balancerSubnets = (loadBalancer?.AvailabilityZones ?? []).map(({ SubnetId }) => SubnetId!);
  const ids = [...instanceSubnets, ...balancerSubnets];
  return {
    ...network,
    ...{ vpcId, loadBalancer, instanceSubnets, balancerSubnets },
    isOurs: vpcId === ours?.id,
    ports: listeners.map(({ Port }) => Port!),
    used: network.subnets.filter((subnet) => isUsed(subnet, ids, place)),
  };
}

/** Without a load balancer and a group, those that init-cluster made for them. */
function isUsed({ SubnetId, Tags = [] }: Subnet, ids: string[], { names }: Place): boolean {
  if (ids.length > 0) return ids.includes(SubnetId!);
  return Tags.some(({ Key, Value }) => Key === CLUSTER_TAG && Value === names.cluster);
}

export async function networkAcls({ aws }: Place, vpcId: string): Promise<NetworkAcl[]> {
  const input = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] };
  const pages = await Array.fromAsync(paginateDescribeNetworkAcls({ client: aws.ec2 }, input));
  return pages.flatMap(({ NetworkAcls = [] }) => NetworkAcls);
}

/** All of the VPC's security groups, by id. */
export async function groupsOf({ aws }: Place, vpcId: string): Promise<Map<string, SecurityGroup>> {
  const input = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] };
  const pages = await Array.fromAsync(paginateDescribeSecurityGroups({ client: aws.ec2 }, input));
  const groups = pages.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
  return new Map(groups.map((group) => [group.GroupId!, group]));
}
