import {
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from './world.ts';

const Filters = [{ Name: 'tag:digital-apps:cluster', Values: ['digitalApps'] }];

/** The ids of what a run has made, looked for in AWS. */
export const found = {
  async vpc({ ec2 }: Clients): Promise<string> {
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters }));
    return Vpcs?.[0]?.VpcId ?? '';
  },

  async subnets({ ec2 }: Clients): Promise<string[]> {
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    return Subnets.map(({ SubnetId }) => SubnetId ?? '').sort();
  },

  async routeTable({ ec2 }: Clients): Promise<string> {
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    return RouteTables?.[0]?.RouteTableId ?? '';
  },

  async deleteRouteTable({ ec2 }: Clients): Promise<void> {
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    for (const { RouteTableAssociationId } of RouteTables?.[0]?.Associations ?? []) {
      const AssociationId = RouteTableAssociationId;
      await ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    }
    const RouteTableId = RouteTables?.[0]?.RouteTableId;
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
  },

  async detachGateway({ ec2 }: Clients): Promise<string | undefined> {
    const { InternetGateways } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
    const InternetGatewayId = InternetGateways?.[0]?.InternetGatewayId;
    const VpcId = InternetGateways?.[0]?.Attachments?.[0]?.VpcId;
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    return InternetGatewayId;
  },

  async deleteGateway(aws: Clients): Promise<void> {
    const InternetGatewayId = await found.detachGateway(aws);
    await aws.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
  },

  async group({ ec2 }: Clients, name: string): Promise<string> {
    const { SecurityGroups } = await ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [...Filters, { Name: 'group-name', Values: [name] }],
      }),
    );
    return SecurityGroups?.[0]?.GroupId ?? '';
  },

  async loadBalancer({ elb }: Clients): Promise<string> {
    const { LoadBalancers } = await elb.send(
      new DescribeLoadBalancersCommand({ Names: ['digitalApps'] }),
    );
    return LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  },

  async listener(aws: Clients, port = 80): Promise<string> {
    const { Listeners = [] } = await aws.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: await found.loadBalancer(aws) }),
    );
    return Listeners.find(({ Port }) => Port === port)?.ListenerArn ?? '';
  },
};
