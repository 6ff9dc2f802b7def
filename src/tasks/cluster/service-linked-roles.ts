import { CreateServiceLinkedRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { NO_ENTITY } from './lib/iam-arns.ts';
import { resource } from './scope.ts';

export const ecsLinkedRole = serviceLinkedRole('ECS', 'ecs.amazonaws.com');
export const elbLinkedRole = serviceLinkedRole(
  'ElasticLoadBalancing',
  'elasticloadbalancing.amazonaws.com',
);
export const autoScalingLinkedRole = serviceLinkedRole('AutoScaling', 'autoscaling.amazonaws.com');

export const linkedRoles = [ecsLinkedRole, elbLinkedRole, autoScalingLinkedRole];

/** The account's own, one for each service; it has no tags of ours, and stays when a cluster goes. */
function serviceLinkedRole(suffix: string, service: string) {
  const RoleName = `AWSServiceRoleFor${suffix}`;
  return resource<Live, NoNeeds>({
    name: `Service-linked role for ${suffix}`,
    section: 'IAM > Roles',
    why: `Lets ${service} act for you; AWS makes it with the first use, but not for everyone.`,
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html',
    needs: {},
    async read({ aws }) {
      const found = await orAbsent(aws.iam.send(new GetRoleCommand({ RoleName })), NO_ENTITY);
      return found && { id: RoleName };
    },
    wanted: () => ({}),
    async create({ aws }) {
      try {
        await aws.iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
      } catch (error) {
        if (!/has been taken in this account/.test((error as Error).message)) throw error;
      }
      return { id: RoleName };
    },
    set: {},
  });
}
