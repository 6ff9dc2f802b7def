import {
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, inject, test } from 'vitest';
import { awsClients } from '../../support/clients.ts';

const { ec2 } = awsClients(inject('made').endpoint);
const Filters = [{ Name: 'tag:digital-apps:cluster', Values: ['digitalApps'] }];
const TAGS = [
  { Key: 'digital-apps:cluster', Value: 'digitalApps' },
  { Key: 'digital-apps:region', Value: 'us-east-2' },
];

const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters }));
const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
const { InternetGateways = [] } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
const VpcId = Vpcs[0]?.VpcId;

describe('VPC', () => {
  test('is one, in the first range that is free, with DNS', async () => {
    expect(Vpcs.map(({ CidrBlock }) => CidrBlock)).toEqual(['10.20.0.0/16']);
    expect(Vpcs[0]?.Tags).toEqual(
      expect.arrayContaining([...TAGS, { Key: 'Name', Value: 'digitalApps' }]),
    );
    const support = await ec2.send(
      new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' }),
    );
    const hostnames = await ec2.send(
      new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }),
    );
    expect(support.EnableDnsSupport?.Value).toBe(true);
    expect(hostnames.EnableDnsHostnames?.Value).toBe(true);
  });

  test('has one internet gateway', () => {
    expect(InternetGateways.map(({ Attachments }) => Attachments?.[0]?.VpcId)).toEqual([VpcId]);
  });

  test('has two subnets in two zones, whose instances get a public address', () => {
    const found = Subnets.map((s) => [s.AvailabilityZone, s.VpcId, s.MapPublicIpOnLaunch]);
    expect(found.sort()).toEqual([
      ['us-east-2a', VpcId, true],
      ['us-east-2b', VpcId, true],
    ]);
    expect(new Set(Subnets.map(({ CidrBlock }) => CidrBlock)).size).toBe(2);
    expect(Subnets.map(({ CidrBlock }) => CidrBlock)).toContain('10.20.0.0/20');
  });

  test('sends what leaves the subnets to the gateway', async () => {
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    expect(RouteTables).toHaveLength(1);
    const [table] = RouteTables;
    expect(table?.Routes?.find((r) => r.DestinationCidrBlock === '0.0.0.0/0')).toMatchObject({
      GatewayId: InternetGateways[0]?.InternetGatewayId,
      State: 'active',
    });
    const following = table?.Associations?.flatMap(({ SubnetId }) => SubnetId ?? []);
    expect(following?.sort()).toEqual(Subnets.map(({ SubnetId }) => SubnetId).sort());
  });
});

describe('security groups', async () => {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const named = (name: string) => SecurityGroups.find(({ GroupName }) => GroupName === name);
  const balancer = named('digitalAppsLoadBalancer');
  const instances = named('digitalAppsInstances');
  const everywhere = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];

  test('are two, in the VPC, with our tags', () => {
    expect(SecurityGroups).toHaveLength(2);
    expect(SecurityGroups.map((group) => group.VpcId)).toEqual([VpcId, VpcId]);
    for (const { Tags } of SecurityGroups) expect(Tags).toEqual(expect.arrayContaining(TAGS));
  });

  test('let HTTP and HTTPS from anywhere to the load balancer, and nothing else', () => {
    const rules = balancer?.IpPermissions?.map((rule) => ({
      from: rule.FromPort,
      to: rule.ToPort,
      protocol: rule.IpProtocol,
      ranges: rule.IpRanges?.map(({ CidrIp }) => CidrIp),
      others: [rule.Ipv6Ranges, rule.UserIdGroupPairs, rule.PrefixListIds].flatMap((x) => x ?? []),
    }));
    const anywhere = { protocol: 'tcp', ranges: ['0.0.0.0/0'], others: [] };
    expect(rules?.sort((a, b) => Number(a.from) - Number(b.from))).toEqual([
      { from: 80, to: 80, ...anywhere },
      { from: 443, to: 443, ...anywhere },
    ]);
    expect(balancer?.IpPermissionsEgress).toMatchObject(everywhere);
  });

  test('let all TCP from the load balancer to the instances, and SSH from the given range', () => {
    const rules = instances?.IpPermissions?.map((rule) => ({
      ports: [rule.FromPort, rule.ToPort],
      protocol: rule.IpProtocol,
      ranges: rule.IpRanges?.map(({ CidrIp }) => CidrIp),
      groups: rule.UserIdGroupPairs?.map(({ GroupId }) => GroupId),
    }));
    expect(rules?.sort((a, b) => Number(a.ports[0]) - Number(b.ports[0]))).toEqual([
      { ports: [0, 65535], protocol: 'tcp', ranges: [], groups: [balancer?.GroupId] },
      { ports: [22, 22], protocol: 'tcp', ranges: ['203.0.113.0/24'], groups: [] },
    ]);
    expect(instances?.IpPermissionsEgress).toMatchObject(everywhere);
  });
});
