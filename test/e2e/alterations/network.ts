import {
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { found } from '../found.ts';
import type { Alteration } from './alteration.ts';

export const network: Alteration[] = [
  {
    what: 'DNS hostnames turned off',
    alter: async (aws) =>
      aws.ec2.send(
        new ModifyVpcAttributeCommand({
          VpcId: await found.vpc(aws),
          EnableDnsHostnames: { Value: false },
        }),
      ),
    outcomes: { VPC: 'change' },
  },
  {
    what: 'a subnet gives no public address',
    alter: async (aws) =>
      aws.ec2.send(
        new ModifySubnetAttributeCommand({
          SubnetId: (await found.subnets(aws))[0],
          MapPublicIpOnLaunch: { Value: false },
        }),
      ),
    outcomes: { Subnets: 'change' },
  },
  {
    what: 'the way out removed from the route table',
    alter: async (aws) =>
      aws.ec2.send(
        new DeleteRouteCommand({
          RouteTableId: await found.routeTable(aws),
          DestinationCidrBlock: '0.0.0.0/0',
        }),
      ),
    outcomes: { 'Route table': 'change' },
  },
  {
    what: 'a subnet taken from the route table',
    async alter(aws) {
      const { RouteTables } = await aws.ec2.send(
        new DescribeRouteTablesCommand({ RouteTableIds: [await found.routeTable(aws)] }),
      );
      const AssociationId = RouteTables?.[0]?.Associations?.[0]?.RouteTableAssociationId;
      await aws.ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    },
    outcomes: { 'Route table': 'change' },
  },
  {
    what: 'route table deleted',
    alter: found.deleteRouteTable,
    outcomes: { 'Route table': 'create' },
  },
  {
    what: 'internet gateway detached',
    alter: (aws) => found.detachGateway(aws),
    // What leads to it is a black hole then.
    outcomes: { 'Internet gateway': 'change', 'Route table': 'change' },
  },
  {
    what: 'internet gateway deleted',
    alter: found.deleteGateway,
    outcomes: { 'Internet gateway': 'create', 'Route table': 'change' },
  },
  {
    what: 'HTTPS not let in any more',
    alter: async (aws) =>
      aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: await found.group(aws, 'digitalAppsLoadBalancer'),
          IpPermissions: [
            {
              ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
              IpRanges: [{ CidrIp: '0.0.0.0/0' }],
            },
          ],
        }),
      ),
    outcomes: { 'Load balancer’s group': 'change' },
  },
  {
    what: 'instances not let out any more',
    alter: async (aws) =>
      aws.ec2.send(
        new RevokeSecurityGroupEgressCommand({
          GroupId: await found.group(aws, 'digitalAppsInstances'),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        }),
      ),
    outcomes: { 'Instances’ group': 'change' },
  },
];
