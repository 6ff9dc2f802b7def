import {
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  type IpPermission,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Clients } from '../../app/world.ts';
import { found } from '../../e2e/found.ts';
import type { Breakage } from './breakage.ts';
import { withTemplate } from './template.ts';

const anywhere = [{ CidrIp: '0.0.0.0/0' }];

export const network: Breakage[] = [
  {
    what: 'the route to the internet gateway removed',
    cause: 'network.route',
    follows: ['agent.connected', 'balancer.answers', 'traffic.answers'],
    async happen(clinic) {
      const { ec2 } = clinic.aws;
      const RouteTableId = await found.routeTable(clinic.aws);
      const { RouteTables } = await ec2.send(
        new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }),
      );
      const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
      const { GatewayId } = RouteTables![0]!.Routes!.find(
        (each) => each.DestinationCidrBlock === route.DestinationCidrBlock,
      )!;
      await ec2.send(new DeleteRouteCommand(route));
      clinic.loseAgents();
      clinic.cutOff();
      clinic.silence('all');
      return () => ec2.send(new CreateRouteCommand({ ...route, GatewayId }));
    },
  },
  {
    what: 'the internet gateway detached',
    cause: 'network.gateway',
    follows: ['network.route', 'agent.connected', 'balancer.answers', 'traffic.answers'],
    async happen(clinic) {
      const VpcId = await found.vpc(clinic.aws);
      const InternetGatewayId = await found.detachGateway(clinic.aws);
      clinic.faults.inject({
        ...{ operation: 'DescribeRouteTables', times: Number.POSITIVE_INFINITY },
        rewrite: (body) => body.replaceAll('<state>active</state>', '<state>blackhole</state>'),
      });
      clinic.loseAgents();
      clinic.cutOff();
      clinic.silence('all');
      return () =>
        clinic.aws.ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    },
  },
  {
    what: 'DNS resolution switched off in the VPC',
    cause: 'network.dns',
    follows: ['agent.connected'],
    async happen(clinic) {
      const VpcId = await found.vpc(clinic.aws);
      const set = (Value: boolean) =>
        clinic.aws.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value } }));
      await set(false);
      clinic.loseAgents();
      clinic.cutOff();
      return () => set(true);
    },
  },
  {
    what: 'the instances’ security group closed to the outside',
    cause: 'network.instance-egress',
    follows: ['agent.connected'],
    async happen(clinic) {
      const GroupId = await found.group(clinic.aws, 'digitalAppsInstances');
      const rule = {
        GroupId,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: anywhere }],
      };
      await clinic.aws.ec2.send(new RevokeSecurityGroupEgressCommand(rule));
      clinic.loseAgents();
      clinic.cutOff();
      return () => clinic.aws.ec2.send(new AuthorizeSecurityGroupEgressCommand(rule));
    },
  },
  {
    what: 'the instances’ security group closed to the load balancer',
    cause: 'network.instance-ingress',
    follows: ['app.targets', 'app.running', 'app.events'],
    async happen(clinic) {
      const balancer = await found.group(clinic.aws, 'digitalAppsLoadBalancer');
      const mend = await closed(clinic.aws, 'digitalAppsInstances', [
        { ...tcp(0, 65535), UserIdGroupPairs: [{ GroupId: balancer }] },
      ]);
      clinic.sicken('Target.Timeout', 'Request timed out');
      return mend;
    },
  },
  {
    what: 'the load balancer’s security group closed',
    cause: 'network.load-balancer-ingress',
    follows: ['balancer.answers', 'traffic.answers'],
    async happen(clinic) {
      const mend = await closed(
        clinic.aws,
        'digitalAppsLoadBalancer',
        [80, 443].map((port) => ({ ...tcp(port), IpRanges: anywhere })),
      );
      clinic.silence('all');
      return mend;
    },
  },
  {
    what: 'a launch template that gives no public address, and instances started from it',
    cause: 'network.public-ip',
    follows: ['agent.registered', 'app.events', 'app.running'],
    async happen(clinic) {
      const mend = await withTemplate(clinic.aws, ({ NetworkInterfaces }) => ({
        NetworkInterfaces: NetworkInterfaces?.map((each) => ({
          ...each,
          AssociatePublicIpAddress: false,
        })),
      }));
      clinic.faults.inject({
        ...{ operation: 'DescribeInstances', times: Number.POSITIVE_INFINITY },
        rewrite: (body) => body.replaceAll(/<ipAddress>.*?<\/ipAddress>/g, ''),
      });
      clinic.loseInstances();
      clinic.cutOff();
      return mend;
    },
  },
];

function tcp(FromPort: number, ToPort = FromPort): IpPermission {
  return { IpProtocol: 'tcp', FromPort, ToPort };
}

async function closed(aws: Clients, name: string, IpPermissions: IpPermission[]) {
  const rules = { GroupId: await found.group(aws, name), IpPermissions };
  await aws.ec2.send(new RevokeSecurityGroupIngressCommand(rules));
  return () => aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(rules));
}
