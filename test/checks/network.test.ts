import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  AssociateRouteTableCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateVersionCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  DeleteNetworkAclEntryCommand,
  DeleteRouteCommand,
  DeleteSubnetCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  type IpPermission,
  ModifyVpcAttributeCommand,
  ReplaceNetworkAclAssociationCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { networkChecks } from '../../src/checks/network.ts';
import { network as alterations } from '../e2e/alterations/network.ts';
import { found } from '../e2e/found.ts';
import { makeNetwork } from '../sandbox/fixtures.ts';
import { amiss, type ClusterWorld, newClusterWorld, seen } from './cluster-world.ts';

let world: ClusterWorld;
beforeAll(async () => {
  world = await newClusterWorld();
}, 120_000);
afterAll(() => world?.stop());

const look = async () => amiss(await world.pass(networkChecks));
const anywhere = [{ CidrIp: '0.0.0.0/0' }];
const tcp = (FromPort: number, ToPort = FromPort): IpPermission => ({
  ...{ IpProtocol: 'tcp', FromPort, ToPort },
});

async function alter(what: string) {
  await alterations.find((alteration) => alteration.what === what)!.alter(world.aws);
}

test('a healthy network passes every check', async () => {
  const findings = await world.pass(networkChecks);
  expect(amiss(findings)).toEqual([]);
  expect(findings.map(({ status }) => status)).toEqual(networkChecks.map(() => 'pass'));
});

test('the ways out: no route, another’s table, no gateway, a dead one', async () => {
  const [first, second] = await found.subnets(world.aws);
  await alter('a subnet taken from the route table');
  expect(await look()).toEqual([
    expect.stringMatching(
      /^network.route fail rtb-\w+ of subnet-\w+ does not send 0.0.0.0\/0 to an internet gateway\.$/,
    ),
  ]);
  await alter('the way out removed from the route table');
  const routes = await look();
  expect(routes).toHaveLength(2);
  expect(routes.join()).toContain(first);
  expect(routes.join()).toContain(second);
  await alter('internet gateway detached');
  expect(await look()).toContainEqual(
    expect.stringMatching(/^network.gateway fail vpc-\w+ has no internet gateway\.$/),
  );
  await world.mend();
  expect(await look()).toEqual([]);

  const rewritten = async (rewrite: (body: string) => string) => {
    world.faults.inject({ operation: 'DescribeRouteTables', times: 9, rewrite });
    const [finding] = (await world.pass(networkChecks)).filter(({ status }) => status === 'fail');
    world.faults.clear();
    return finding?.verdicts[0];
  };
  const gone = await rewritten((body) =>
    body.replaceAll('<state>active</state>', '<state>blackhole</state>'),
  );
  expect(gone?.evidence).toMatch(/sends 0.0.0.0\/0 to igw-\w+, which is gone \(blackhole\)\.$/);
  expect(gone?.fix).toBe('digital-apps init-cluster --region us-east-2');
  const nat = await rewritten((body) =>
    body.replace(/<gatewayId>igw-\w+<\/gatewayId>/g, '<natGatewayId>nat-0a1b</natGatewayId>'),
  );
  expect(nat?.evidence).toMatch(/to an internet gateway, but to nat-0a1b\.$/);
});

test('the subnets of group and load balancer', async () => {
  const { autoScaling, ec2 } = world.aws;
  const [first, second] = await found.subnets(world.aws);
  const VpcId = await found.vpc(world.aws);
  const move = (...ids: (string | undefined)[]) =>
    autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'digitalApps',
        VPCZoneIdentifier: ids.join(),
      }),
    );
  await move(first);
  expect(await look()).toEqual([
    expect.stringMatching(
      /^network.subnets warn All instances start in one zone \(us-east-2[ab]\)/,
    ),
  ]);
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId, CidrBlock: '10.20.240.0/20', AvailabilityZone: 'us-east-2c' }),
  );
  await move(first, Subnet?.SubnetId);
  expect(await look()).toContain(
    'network.subnets fail Instances start in us-east-2c, where the load balancer is not: they get no traffic.',
  );
  await ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }));
  expect(await look()).toContain(
    `network.subnets fail The autoscaling group starts instances in ${Subnet?.SubnetId}, which ${VpcId} does not have.`,
  );
  await move(first, second);
  expect(await look()).toEqual([]);
});

test('names that are not resolved, and a Region that blocks', async () => {
  const VpcId = await found.vpc(world.aws);
  const set = (Value: boolean) =>
    world.aws.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value } }));
  await set(false);
  await alter('DNS hostnames turned off');
  await world.settings({ vpc_block_public_access: 'block-ingress' });
  expect(await look()).toEqual([
    `network.dns fail ${VpcId} resolves no names (DNS resolution is off): the agent cannot find AWS.`,
    `network.dns warn ${VpcId} gives instances no names (DNS hostnames is off).`,
    `network.block-public-access fail VPC Block Public Access is block-ingress, and ${VpcId} is not excluded from it.`,
  ]);
  await world.settings({ vpc_block_public_access: 'off' });
  await world.mend();
});

test('the rules of a network ACL are taken in their order', async () => {
  const { ec2 } = world.aws;
  const Filters = [{ Name: 'vpc-id', Values: [await found.vpc(world.aws)] }];
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
  const { NetworkAclId } = NetworkAcls![0]!;
  const deny = (RuleNumber: number, from: number, to: number, other = {}) =>
    ec2.send(
      new CreateNetworkAclEntryCommand({
        ...{ NetworkAclId, RuleNumber, RuleAction: 'deny', Protocol: '6', Egress: false },
        ...{ CidrBlock: '0.0.0.0/0', PortRange: { From: from, To: to }, ...other },
      }),
    );
  await deny(10, 0, 65535, { CidrBlock: '203.0.113.7/32' });
  await deny(20, 3389, 3389);
  await deny(200, 80, 80);
  expect(await look()).toEqual([]);

  await deny(30, 32768, 40000);
  await deny(40, 443, 443, { Egress: true });
  expect(await look()).toEqual([
    expect.stringMatching(
      /^network.acl fail acl-\w+ of subnet-\w+, subnet-\w+ refuses answers from AWS.*: rule 30 denies tcp 32768\.$/,
    ),
    expect.stringMatching(/ refuses calls to AWS \(tcp 443 out\): rule 40 denies tcp 443\.$/),
  ]);
  const remove = (RuleNumber: number, Egress = false) =>
    ec2.send(new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber, Egress }));
  await Promise.all([remove(30), remove(40, true), remove(200)]);
  await remove(100);
  expect((await look())[0]).toMatch(
    /refuses visitors \(tcp 80 in\): no rule allows it, and the last denies tcp 80\.$/,
  );
  const [acl] = (await world.pass(networkChecks)).filter(({ check }) => check.id === 'network.acl');
  expect(acl?.verdicts[0]?.fix).toBe(
    `aws ec2 create-network-acl-entry --network-acl-id ${NetworkAclId} --ingress --rule-number 9 --protocol tcp --port-range From=80,To=80 --cidr-block 0.0.0.0/0 --rule-action allow --region us-east-2`,
  );
  await ec2.send(
    new CreateNetworkAclEntryCommand({
      ...{ NetworkAclId, RuleNumber: 100, RuleAction: 'allow', Protocol: '-1' },
      ...{ CidrBlock: '0.0.0.0/0', Egress: false },
    }),
  );
  expect(await look()).toEqual([]);
});

test('a security group that lets in the ports that Linux gives out, and no higher ones', async () => {
  const { ec2 } = world.aws;
  const instances = await found.group(world.aws, 'digitalAppsInstances');
  const balancer = await found.group(world.aws, 'digitalAppsLoadBalancer');
  const from = (first: number, last: number) => ({
    GroupId: instances,
    IpPermissions: [{ ...tcp(first, last), UserIdGroupPairs: [{ GroupId: balancer }] }],
  });
  await ec2.send(new RevokeSecurityGroupIngressCommand(from(0, 65535)));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand(from(32768, 60999)));
  expect(await look()).toEqual([
    expect.stringMatching(
      `^network.instance-ingress warn ${instances} of i-.* lets the load balancer \\(${balancer}\\) in on 32768-60999, not up to 65535\\.$`,
    ),
  ]);
  await world.mend();
  await ec2.send(new RevokeSecurityGroupIngressCommand(from(32768, 60999)));
  expect(await look()).toEqual([]);
});

test('each network ACL is asked for what goes through its subnets alone', async () => {
  const { ec2, autoScaling } = world.aws;
  const VpcId = await found.vpc(world.aws);
  const own = await found.subnets(world.aws);
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
  );
  const ofOurs = RouteTables!.find(({ Associations = [] }) =>
    Associations.some(({ SubnetId }) => SubnetId === own[0]),
  );
  const apart: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        ...{ VpcId, CidrBlock: `10.20.${224 + 16 * index}.0/20` },
        AvailabilityZone: `us-east-2${zone}`,
      }),
    );
    const { SubnetId } = Subnet!;
    apart.push(SubnetId!);
    await ec2.send(
      new AssociateRouteTableCommand({ SubnetId, RouteTableId: ofOurs!.RouteTableId }),
    );
  }
  const move = (ids: string[]) =>
    autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName: 'digitalApps', VPCZoneIdentifier: ids.join() },
      }),
    );
  await move(apart);
  const { NetworkAcl } = await ec2.send(new CreateNetworkAclCommand({ VpcId }));
  const { NetworkAclId } = NetworkAcl!;
  const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({}));
  const associations = NetworkAcls.flatMap(({ Associations = [] }) => Associations);
  for (const id of apart) {
    const { NetworkAclAssociationId: AssociationId } = associations.find(
      ({ SubnetId }) => SubnetId === id,
    )!;
    await ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
  }
  const allow = (RuleNumber: number, Egress: boolean, From: number, To: number, cidr: string) =>
    ec2.send(
      new CreateNetworkAclEntryCommand({
        ...{ NetworkAclId, RuleNumber, Egress, RuleAction: 'allow', Protocol: '6' },
        ...{ CidrBlock: cidr, PortRange: { From, To } },
      }),
    );
  await allow(100, false, 32768, 65535, '0.0.0.0/0');
  await allow(100, true, 443, 443, '0.0.0.0/0');
  await allow(110, true, 1024, 65535, '10.20.0.0/16');
  expect((await look()).filter((finding) => finding.startsWith('network.acl'))).toEqual([]);

  await ec2.send(
    new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber: 100, Egress: false }),
  );
  expect((await look()).filter((finding) => finding.startsWith('network.acl'))).toEqual([
    expect.stringMatching(
      `^network.acl fail ${NetworkAclId} of ${apart.join(', ')} refuses answers from AWS`,
    ),
  ]);
  await move(own);
  for (const SubnetId of apart) await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  expect(await look()).toEqual([]);
});

test('security groups that let too little through', async () => {
  const { ec2 } = world.aws;
  const instances = await found.group(world.aws, 'digitalAppsInstances');
  const balancer = await found.group(world.aws, 'digitalAppsLoadBalancer');
  const fromBalancer = { UserIdGroupPairs: [{ GroupId: balancer }] };
  await alter('instances not let out any more');
  await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: instances,
      IpPermissions: [{ ...tcp(0, 65535), ...fromBalancer }],
    }),
  );
  // As somebody would who has read of another range.
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: instances,
      IpPermissions: [{ ...tcp(49153, 65535), ...fromBalancer }],
    }),
  );
  await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: balancer,
      IpPermissions: [{ ...tcp(80), IpRanges: anywhere }],
    }),
  );
  await alter('HTTPS not let in any more');
  expect(await look()).toEqual([
    expect.stringMatching(
      `^network.instance-egress fail ${instances} of i-\\w+, i-\\w+ lets nothing out on 443\\.$`,
    ),
    expect.stringMatching(
      `^network.instance-ingress fail ${instances} of i-.* does not let the load balancer \\(${balancer}\\) in on 32768-60999\\.$`,
    ),
    `network.load-balancer-ingress fail ${balancer} lets nobody in on 80.`,
  ]);

  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: instances,
      // The load balancer's subnets lie in it; with the rule above, all ports are let in.
      IpPermissions: [{ ...tcp(32768, 49152), IpRanges: [{ CidrIp: '10.20.0.0/16' }] }],
    }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: balancer,
      IpPermissions: [{ ...tcp(80), IpRanges: [{ CidrIp: '198.51.100.0/24' }] }],
    }),
  );
  await ec2.send(
    new RevokeSecurityGroupEgressCommand({
      GroupId: balancer,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: anywhere }],
    }),
  );
  expect((await look()).slice(1)).toEqual([
    expect.stringMatching(
      `^network.instance-ingress fail ${balancer} of the load balancer does not let it out to i-.* on 32768-60999\\.$`,
    ),
    `network.load-balancer-ingress warn ${balancer} lets 198.51.100.0/24 in on 80, and nobody else.`,
  ]);
  await world.mend();
  expect(await look()).toEqual([]);
});

test('instances without a public address', async () => {
  world.faults.inject({
    operation: 'DescribeInstances',
    rewrite: (body) => body.replace(/<ipAddress>.*?<\/ipAddress>/, ''),
  });
  expect(await look()).toEqual([
    expect.stringMatching(
      /^network.public-ip fail 1 of 2 instances have no public address: i-\w+\.$/,
    ),
  ]);
  const { ec2, autoScaling } = world.aws;
  const { LaunchTemplateVersion } = await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateName: 'digitalApps',
      LaunchTemplateData: {
        NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false }],
      },
    }),
  );
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: 'digitalApps',
      LaunchTemplate: {
        LaunchTemplateName: 'digitalApps',
        Version: String(LaunchTemplateVersion?.VersionNumber),
      },
    }),
  );
  const found = await look();
  expect(found).toContain(
    'network.public-ip fail The launch template gives instances no public address.',
  );
  // A template that names no security group gives instances the VPC's default one.
  expect(found).toContainEqual(
    expect.stringMatching(
      /^network.instance-ingress fail sg-\w+ of new instances does not let the load balancer/,
    ),
  );
  expect(found.filter((finding) => finding.startsWith('network.instance-egress'))).toEqual([]);
  await world.mend();
  expect(seen(await world.pass(networkChecks))['network.public-ip']).toMatch(/^pass/);
});

test('a template whose security group is gone', async () => {
  world.faults.inject({
    ...{ operation: 'DescribeLaunchTemplateVersions', times: Number.POSITIVE_INFINITY },
    rewrite: (body) => body.replaceAll(/<groupId>sg-\w+</g, '<groupId>sg-0gone<'),
  });
  const gone = 'The security group of new instances is gone: sg-0gone.';
  expect((await look()).filter((finding) => finding.includes('new instances'))).toEqual([
    `network.instance-egress fail ${gone}`,
    `network.instance-ingress fail ${gone}`,
  ]);
  world.faults.clear();
});

test('a VPC whose subnets are gone has none to look at', async () => {
  world.faults.inject({
    ...{ operation: 'DescribeSubnets', times: Number.POSITIVE_INFINITY },
    rewrite: (body) => body.replace(/<subnetSet>.*<\/subnetSet>/s, '<subnetSet/>'),
  });
  const { 'network.route': route, 'network.acl': acl } = seen(await world.pass(networkChecks));
  expect([route, acl]).toEqual(Array(2).fill('skip: none of the cluster’s subnets is there'));
  world.faults.clear();
});

test('a cluster in somebody’s own VPC is mended by hand', async () => {
  const { ec2 } = world.aws;
  const { vpc, gateway } = await publicNetwork();
  await world.mend('--set', 'cluster-prefix=parks', '--set', `vpc=${vpc}`);
  const ofParks = () => world.pass(networkChecks, 'parks');
  expect(amiss(await ofParks())).toEqual([]);

  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const { RouteTableId } = RouteTables![0]!;
  await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }));
  const [routing] = (await ofParks()).filter(({ status }) => status === 'fail');
  expect(routing?.check.id).toBe('network.route');
  expect(routing?.verdicts.map(({ fix }) => fix)).toEqual(
    Array.from(
      { length: 2 },
      () =>
        `aws ec2 create-route --route-table-id ${RouteTableId} --destination-cidr-block 0.0.0.0/0 --gateway-id ${gateway} --region us-east-2`,
    ),
  );
});

async function publicNetwork() {
  const { vpc } = await makeNetwork(world.aws);
  const Filters = [{ Name: 'attachment.vpc-id', Values: [vpc] }];
  const { InternetGateways } = await world.aws.ec2.send(
    new DescribeInternetGatewaysCommand({ Filters }),
  );
  return { vpc, gateway: InternetGateways![0]!.InternetGatewayId! };
}
