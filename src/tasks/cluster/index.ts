import type { AnyResource } from '../resource.ts';
import { autoscalingGroup } from './autoscaling-group.ts';
import { bucket } from './bucket.ts';
import { ecsCluster } from './ecs-cluster.ts';
import { instanceProfile } from './instance-profile.ts';
import { instanceRefresh } from './instance-refresh.ts';
import { keyPair, sshAgentKey } from './key-pair.ts';
import { launchTemplate } from './launch-template.ts';
import { httpListener, httpsListener } from './listeners.ts';
import { loadBalancer } from './load-balancer.ts';
import { logGroup } from './log-group.ts';
import { configReadPolicy, deployPolicy } from './policies.ts';
import { instanceRole, serviceRole, taskRole } from './roles.ts';
import { routeTable } from './route-table.ts';
import { instanceSecurityGroup, loadBalancerSecurityGroup } from './security-groups.ts';
import { autoScalingLinkedRole, ecsLinkedRole, elbLinkedRole } from './service-linked-roles.ts';
import { subnets } from './subnets.ts';
import { travisUser } from './travis-user.ts';
import { instancesJoined, loadBalancerAnswers } from './verification.ts';
import { internetGateway, vpc } from './vpc.ts';

/** The guide's One-time Setup, in its order. */
export const clusterResources: AnyResource[] = [
  bucket,
  logGroup,
  vpc,
  internetGateway,
  subnets,
  routeTable,
  loadBalancerSecurityGroup,
  instanceSecurityGroup,
  instanceRole,
  instanceProfile,
  serviceRole,
  taskRole,
  ecsLinkedRole,
  elbLinkedRole,
  autoScalingLinkedRole,
  travisUser,
  configReadPolicy,
  deployPolicy,
  ecsCluster,
  keyPair,
  sshAgentKey,
  launchTemplate,
  autoscalingGroup,
  instanceRefresh,
  loadBalancer,
  httpListener,
  httpsListener,
  instancesJoined,
  loadBalancerAnswers,
];
