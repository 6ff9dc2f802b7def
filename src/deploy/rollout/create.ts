import { CreateServiceCommand, type CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import type { Aws } from '../../aws/clients.ts';
import { appTags, ourTags } from '../../tasks/tags.ts';
import type { Target } from '../target.ts';
import { behind, type Placed, placed, type Release } from './placed.ts';

/** In seconds: how long the load balancer may find a new container unwell. */
const GRACE = 120;

/** Makes the service, without a role or tags where AWS refuses these. */
export async function create(aws: Aws, target: Target, release: Release): Promise<Placed> {
  const remarks: string[] = [];
  let input = inputFor(target, release);
  for (;;) {
    try {
      const { service } = await aws.ecs.send(new CreateServiceCommand(input));
      return { ...placed('created', service!, release), remarks };
    } catch (error) {
      const less = withLess(input, error as Error);
      if (!less) throw error;
      input = less.input;
      remarks.push(less.remark);
    }
  }
}

function inputFor(target: Target, release: Release): CreateServiceCommandInput {
  const { cluster, region, service, serviceRoleArn } = target;
  const tags = appTags(ourTags(cluster, region), service);
  return {
    ...{ cluster, serviceName: service, taskDefinition: release.taskDefinitionArn },
    desiredCount: 1,
    launchType: 'EC2',
    loadBalancers: [behind(target, release)],
    role: serviceRoleArn,
    healthCheckGracePeriodSeconds: GRACE,
    deploymentConfiguration: {
      // Ports are dynamic: the new container starts beside the old one, even on a single instance.
      ...{ minimumHealthyPercent: 100, maximumPercent: 200 },
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    placementStrategy: [
      { type: 'spread', field: 'attribute:ecs.availability-zone' },
      { type: 'spread', field: 'instanceId' },
    ],
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    propagateTags: 'SERVICE',
  };
}

/** The same without what AWS has just refused, where a service can do without it. */
function withLess(
  input: CreateServiceCommandInput,
  { message }: Error,
): { input: CreateServiceCommandInput; remark: string } | undefined {
  const { role, tags, propagateTags: _, ...rest } = input;
  if (role && REFUSED_ROLE.test(message)) {
    return {
      input: { ...input, role: undefined },
      remark: `AWS does not take the role ${role} here, so that the service uses the account’s own for ECS.`,
    };
  }
  if (tags && /ecs:TagResource/.test(message)) {
    return {
      input: { ...rest, role },
      remark:
        'The service has no tags, as you may not call ecs:TagResource: digital-apps init-cluster brings the deploy policy up to date.',
    };
  }
  return undefined;
}

const REFUSED_ROLE =
  /cannot specify an IAM role for services that require a service linked role|ECS service role being passed has the proper permissions/i;
