import { ListCertificatesCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  DescribeVpcsCommand,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  type CreateListenerCommandInput,
  CreateLoadBalancerCommand,
  type CreateLoadBalancerCommandInput,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import { makeNetwork, type Network } from './fixtures.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;
let network: Network;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.reset();
  network = await makeNetwork(aws);
});

const balancer = (change: Partial<CreateLoadBalancerCommandInput> = {}) =>
  aws.elb.send(
    new CreateLoadBalancerCommand({
      Name: 'one',
      Subnets: network.subnets,
      SecurityGroups: [network.group],
      Scheme: 'internet-facing',
      ...change,
    }),
  );

describe('EC2', () => {
  test('a dry run makes nothing', async () => {
    const dryRun = new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', DryRun: true });
    await expect(aws.ec2.send(dryRun)).rejects.toMatchObject({ name: 'DryRunOperation' });
    const { Vpcs } = await aws.ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs?.some((vpc) => vpc.CidrBlock === '10.9.0.0/16')).toBe(false);
  });

  test('the default VPC reaches the Internet', async () => {
    const filter = (Name: string, value: string) => ({ Filters: [{ Name, Values: [value] }] });
    const { Vpcs } = await aws.ec2.send(new DescribeVpcsCommand(filter('is-default', 'true')));
    const vpc = Vpcs?.[0]?.VpcId ?? '';
    const { InternetGateways } = await aws.ec2.send(
      new DescribeInternetGatewaysCommand(filter('attachment.vpc-id', vpc)),
    );
    const { RouteTables } = await aws.ec2.send(
      new DescribeRouteTablesCommand(filter('vpc-id', vpc)),
    );
    expect(RouteTables?.[0]?.Routes).toContainEqual(
      expect.objectContaining({
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: InternetGateways?.[0]?.InternetGatewayId,
        State: 'active',
      }),
    );
  });

  test('tells whether public access to VPCs is blocked', async () => {
    const mode = async () => {
      const { VpcBlockPublicAccessOptions: options } = await aws.ec2.send(
        new DescribeVpcBlockPublicAccessOptionsCommand({}),
      );
      return options?.InternetGatewayBlockMode;
    };
    expect(await mode()).toBe('off');
    await emulator.settings({ vpc_block_public_access: 'block-bidirectional' });
    expect(await mode()).toBe('block-bidirectional');
  });

  test('keeps a security group that a load balancer uses', async () => {
    await balancer();
    const remove = new DeleteSecurityGroupCommand({ GroupId: network.group });
    await expect(aws.ec2.send(remove)).rejects.toMatchObject({ name: 'DependencyViolation' });
  });

  test('imports RSA and Ed25519 keys only', async () => {
    const ecdsa =
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg= one';
    const bring = new ImportKeyPairCommand({
      KeyName: 'one',
      PublicKeyMaterial: Buffer.from(ecdsa),
    });
    await expect(aws.ec2.send(bring)).rejects.toMatchObject({ name: 'InvalidKeyPair.Format' });
  });
});

describe('a load balancer', () => {
  test('is provisioning for a while, and makes its service-linked role', async () => {
    const { LoadBalancers } = await balancer();
    expect(LoadBalancers?.[0]?.State?.Code).toBe('provisioning');
    const state = async () => {
      const all = await aws.elb.send(new DescribeLoadBalancersCommand({ Names: ['one'] }));
      return all.LoadBalancers?.[0]?.State?.Code;
    };
    expect(await state()).toBe('provisioning');
    await expect.poll(state).toBe('active');
    const role = new GetRoleCommand({ RoleName: 'AWSServiceRoleForElasticLoadBalancing' });
    await expect(aws.iam.send(role)).resolves.toBeDefined();
  });

  test('asked for again is the same one, and another one is refused', async () => {
    const [first, again] = [await balancer(), await balancer()];
    expect(again.LoadBalancers?.[0]?.LoadBalancerArn).toBe(
      first.LoadBalancers?.[0]?.LoadBalancerArn,
    );
    await expect(balancer({ Scheme: 'internal' })).rejects.toMatchObject({
      name: 'DuplicateLoadBalancerNameException',
    });
  });

  test.each([
    ['one zone', () => ({ Subnets: [network.subnets[0]] }), 'ValidationError'],
    ['an odd name', () => ({ Name: '-one' }), 'ValidationError'],
    ['no such group', () => ({ SecurityGroups: ['sg-0'] }), 'InvalidSecurityGroupException'],
  ])('is refused for %s', async (_title, change, name) => {
    await expect(balancer(change())).rejects.toMatchObject({ name });
  });
});

describe('a listener', () => {
  const listener = (arn: string | undefined, change: Partial<CreateListenerCommandInput> = {}) =>
    aws.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: arn,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
        ...change,
      }),
    );

  test('asked for again is the same one, and another one on its port is refused', async () => {
    const arn = (await balancer()).LoadBalancers?.[0]?.LoadBalancerArn;
    const [first, again] = [await listener(arn), await listener(arn)];
    expect(again.Listeners?.[0]?.ListenerArn).toBe(first.Listeners?.[0]?.ListenerArn);
    const other = listener(arn, {
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    });
    await expect(other).rejects.toMatchObject({ name: 'DuplicateListenerException' });
  });

  test('with HTTPS wants an issued certificate', async () => {
    const arn = (await balancer()).LoadBalancers?.[0]?.LoadBalancerArn;
    const https = (CertificateArn?: string) =>
      listener(arn, {
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: CertificateArn ? [{ CertificateArn }] : [],
      });
    const asked = await aws.acm.send(
      new RequestCertificateCommand({ DomainName: 'a.example.gov' }),
    );
    await expect(https(asked.CertificateArn)).rejects.toMatchObject({
      name: 'UnsupportedCertificate',
    });
    await expect(https()).rejects.toMatchObject({ name: 'CertificateNotFoundException' });
    const list = await aws.acm.send(
      new ListCertificatesCommand({ CertificateStatuses: ['ISSUED'] }),
    );
    await https(list.CertificateSummaryList?.[0]?.CertificateArn);
  });
});

test('a target group asked for again is the same one, and another one is refused', async () => {
  const make = (Port: number) =>
    aws.elb.send(
      new CreateTargetGroupCommand({ Name: 'one', Protocol: 'HTTP', Port, VpcId: network.vpc }),
    );
  const [first, again] = [await make(80), await make(80)];
  expect(again.TargetGroups?.[0]?.TargetGroupArn).toBe(first.TargetGroups?.[0]?.TargetGroupArn);
  await expect(make(81)).rejects.toMatchObject({ name: 'DuplicateTargetGroupNameException' });
});
