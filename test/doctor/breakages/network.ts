import {
  DeleteRouteCommand,
  type IpPermission,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Clients } from '../../app/world.ts';
import { found } from '../../e2e/found.ts';
import type { Breakage } from './breakage.ts';
import { agentsLost, instancesReplaced } from './moments.ts';
import { sick } from './recorded.ts';
import { withTemplate } from './template.ts';

const anywhere = [{ CidrIp: '0.0.0.0/0' }];

export const network: Breakage[] = [
  {
    what: 'the route to the internet gateway removed',
    cause: 'network.route',
    follows: ['agent.connected', 'balancer.answers', 'traffic.answers'],
    async happen(clinic) {
      const RouteTableId = await found.routeTable(clinic.aws);
      await clinic.aws.ec2.send(
        new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }),
      );
      await agentsLost(clinic);
    },
  },
  {
    what: 'the internet gateway detached',
    cause: 'network.gateway',
    follows: ['network.route', 'agent.connected', 'balancer.answers', 'traffic.answers'],
    async happen(clinic) {
      await found.detachGateway(clinic.aws);
      await agentsLost(clinic);
    },
  },
  {
    what: 'DNS resolution switched off in the VPC',
    cause: 'network.dns',
    follows: ['agent.connected'],
    async happen(clinic) {
      const VpcId = await found.vpc(clinic.aws);
      await clinic.aws.ec2.send(
        new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value: false } }),
      );
      await agentsLost(clinic);
    },
  },
  {
    what: 'the instances’ security group closed to the outside',
    cause: 'network.instance-egress',
    follows: ['agent.connected'],
    async happen(clinic) {
      const GroupId = await found.group(clinic.aws, 'digitalAppsInstances');
      const IpPermissions = [{ IpProtocol: '-1', IpRanges: anywhere }];
      await clinic.aws.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
      await agentsLost(clinic);
    },
  },
  {
    what: 'the instances’ security group closed to the load balancer',
    cause: 'network.instance-ingress',
    follows: ['app.targets', 'app.running', 'app.events'],
    async happen({ aws }) {
      const balancer = await found.group(aws, 'digitalAppsLoadBalancer');
      await close(aws, 'digitalAppsInstances', [
        { ...tcp(0, 65535), UserIdGroupPairs: [{ GroupId: balancer }] },
      ]);
    },
    recorded: [sick('Target.Timeout', 'Request timed out')],
  },
  {
    what: 'the load balancer’s security group closed',
    cause: 'network.load-balancer-ingress',
    follows: ['balancer.answers', 'traffic.answers'],
    happen: ({ aws }) =>
      close(
        aws,
        'digitalAppsLoadBalancer',
        [80, 443].map((port) => ({ ...tcp(port), IpRanges: anywhere })),
      ),
  },
  {
    what: 'a launch template that gives no public address, and instances started from it',
    cause: 'network.public-ip',
    follows: ['agent.registered', 'app.events', 'app.running'],
    async happen(clinic) {
      await withTemplate(clinic.aws, ({ NetworkInterfaces }) => ({
        NetworkInterfaces: NetworkInterfaces?.map((each) => ({
          ...each,
          AssociatePublicIpAddress: false,
        })),
      }));
      await instancesReplaced(clinic);
    },
  },
];

function tcp(FromPort: number, ToPort = FromPort): IpPermission {
  return { IpProtocol: 'tcp', FromPort, ToPort };
}

async function close(aws: Clients, name: string, IpPermissions: IpPermission[]): Promise<void> {
  const GroupId = await found.group(aws, name);
  await aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}
