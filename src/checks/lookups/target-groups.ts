import {
  paginateDescribeTargetGroups,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AppLooking, Looking } from '../check.ts';

/** All of the Region's target groups, four hundred a call. */
export async function targetGroupsOf({ aws }: Looking): Promise<TargetGroup[]> {
  const pages = await Array.fromAsync(
    paginateDescribeTargetGroups({ client: aws.elb, pageSize: 400 }, {}),
  );
  return pages.flatMap(({ TargetGroups = [] }) => TargetGroups);
}

/** The path by which the load balancer sees whether the app is well. */
export async function healthPathOf(looking: AppLooking): Promise<string> {
  const groups = await targetGroupsOf(looking);
  const { targetGroupArn } = looking.app;
  const its = groups.find(({ TargetGroupArn }) => TargetGroupArn === targetGroupArn);
  return its?.HealthCheckPath ?? '/';
}
