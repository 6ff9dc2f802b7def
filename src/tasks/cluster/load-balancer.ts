import {
  AddTagsCommand,
  CreateLoadBalancerCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type LoadBalancer,
  ModifyLoadBalancerAttributesCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../aws/absent.ts';
import type { Live } from '../resource.ts';
import { fromTagList, type Tags, tagList } from '../tags.ts';
import { type Place, resource } from './scope.ts';
import { loadBalancerSecurityGroup } from './security-groups.ts';
import { elbLinkedRole } from './service-linked-roles.ts';
import { subnets } from './subnets.ts';
import { internetGateway } from './vpc.ts';

interface LiveLoadBalancer extends Live {
  arn: string;
  dnsName: string;
  vpcId: string;
  scheme: string;
  subnets: string[];
  securityGroups: Set<string>;
  dropsInvalidHeaders: boolean;
}

export const loadBalancer = resource<
  LiveLoadBalancer,
  { subnets: typeof subnets; loadBalancerSecurityGroup: typeof loadBalancerSecurityGroup }
>({
  name: 'Load balancer',
  section: 'EC2 > Load Balancer',
  why: 'Sends each host name to its own app.',
  docs: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html',
  cost: 'per hour and per traffic handled',
  needs: { subnets, loadBalancerSecurityGroup },
  // AWS refuses a public load balancer in a network without a door.
  after: [elbLinkedRole, internetGateway],
  async read(place) {
    const found = await findLoadBalancer(place);
    if (!found) return undefined;
    const LoadBalancerArn = found.LoadBalancerArn!;
    const [tags, { Attributes = [] }] = await Promise.all([
      elbTags(place, LoadBalancerArn),
      place.aws.elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn })),
    ]);
    const dropping = Attributes.find(({ Key }) => Key === DROP_INVALID);
    return { ...liveLoadBalancer(found), tags, dropsInvalidHeaders: dropping?.Value === 'true' };
  },
  wanted: (_env, { subnets, loadBalancerSecurityGroup }) => ({
    scheme: 'internet-facing',
    subnets: subnets.subnets.map(({ id }) => id).sort(),
    securityGroups: new Set([loadBalancerSecurityGroup.id]),
    dropsInvalidHeaders: true,
  }),
  async create({ aws, names, tags }, { subnets, loadBalancerSecurityGroup }) {
    const { LoadBalancers } = await aws.elb.send(
      new CreateLoadBalancerCommand({
        Name: names.loadBalancer,
        Type: 'application',
        Scheme: 'internet-facing',
        Subnets: subnets.subnets.map(({ id }) => id),
        SecurityGroups: [loadBalancerSecurityGroup.id],
        Tags: tagList(tags),
      }),
    );
    return { ...liveLoadBalancer(LoadBalancers![0]!), tags };
  },
  set: {
    async subnets({ env, live, to }) {
      await env.aws.elb.send(new SetSubnetsCommand({ LoadBalancerArn: live.arn, Subnets: to }));
    },
    async securityGroups({ env, live, to }) {
      await env.aws.elb.send(
        new SetSecurityGroupsCommand({
          LoadBalancerArn: live.arn,
          SecurityGroups: [...live.securityGroups.union(to)],
        }),
      );
    },
    async dropsInvalidHeaders({ env, live }) {
      await env.aws.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn: live.arn,
          Attributes: [{ Key: DROP_INVALID, Value: 'true' }],
        }),
      );
    },
  },
  tag: (env, live) => tagElb(env, live.arn),
});

const DROP_INVALID = 'routing.http.drop_invalid_header_fields.enabled';

function liveLoadBalancer(found: LoadBalancer): LiveLoadBalancer {
  return {
    id: found.LoadBalancerName!,
    arn: found.LoadBalancerArn!,
    dnsName: found.DNSName!,
    vpcId: found.VpcId!,
    scheme: found.Scheme!,
    subnets: (found.AvailabilityZones ?? []).map(({ SubnetId }) => SubnetId!).sort(),
    securityGroups: new Set(found.SecurityGroups),
    dropsInvalidHeaders: false,
  };
}

export async function findLoadBalancer({ aws, names }: Place): Promise<LoadBalancer | undefined> {
  const found = await orAbsent(
    aws.elb.send(new DescribeLoadBalancersCommand({ Names: [names.loadBalancer] })),
    /^LoadBalancerNotFound/,
  );
  return found?.LoadBalancers?.[0];
}

/** What CloudWatch calls a load balancer: "app/digitalApps/0123456789abcdef". */
export function balancerDimension(arn: string): string {
  return arn.split(':loadbalancer/')[1]!;
}

/** The tags of anything that has an ARN in Elastic Load Balancing. */
export async function elbTags({ aws }: Place, arn: string): Promise<Tags> {
  const { TagDescriptions } = await aws.elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  return fromTagList(TagDescriptions?.[0]?.Tags);
}

export async function tagElb({ aws, tags }: Place, arn: string): Promise<void> {
  await aws.elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags: tagList(tags) }));
}
