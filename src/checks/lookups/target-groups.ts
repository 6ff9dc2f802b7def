import {
  DescribeTargetHealthCommand,
  paginateDescribeTargetGroups,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../aws/absent.ts';
import type { AppLooking, Looking } from '../check.ts';

/** All of the Region's target groups, four hundred a call. */
export async function targetGroupsOf({ aws }: Looking): Promise<TargetGroup[]> {
  const pages = await Array.fromAsync(
    paginateDescribeTargetGroups({ client: aws.elb, pageSize: 400 }, {}),
  );
  return pages.flatMap(({ TargetGroups = [] }) => TargetGroups);
}

/** The targets of one group, with what the load balancer finds; undefined where the group is gone. */
export async function targetsIn(
  { aws }: Looking,
  TargetGroupArn: string,
): Promise<TargetHealthDescription[] | undefined> {
  const found = await orAbsent(
    aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
    /^TargetGroupNotFound/,
  );
  return found && (found.TargetHealthDescriptions ?? []);
}

/** The path by which the load balancer sees whether the app is well. */
export async function healthPathOf(looking: AppLooking): Promise<string> {
  const groups = await targetGroupsOf(looking);
  const { targetGroupArn } = looking.app;
  const its = groups.find(({ TargetGroupArn }) => TargetGroupArn === targetGroupArn);
  return its?.HealthCheckPath ?? '/';
}
