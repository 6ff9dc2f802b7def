import { get } from 'node:http';
import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import { makeNetwork } from './fixtures.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;
let dnsName: string;
let arn: string | undefined;
let listener: string | undefined;
let vpc: string;
let group: string;

const fixed = (StatusCode: string, MessageBody: string): Action[] => [
  {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode, MessageBody, ContentType: 'text/plain' },
  },
];

beforeAll(async () => {
  emulator = await startEmulator({ loadBalancerDelay: 0.5 });
  aws = awsClients(emulator.endpoint);
  const network = await makeNetwork(aws);
  ({ vpc, group } = network);
  const { LoadBalancers } = await aws.elb.send(
    new CreateLoadBalancerCommand({
      Name: 'one',
      Subnets: network.subnets,
      SecurityGroups: [network.group],
    }),
  );
  arn = LoadBalancers?.[0]?.LoadBalancerArn;
  dnsName = LoadBalancers?.[0]?.DNSName ?? '';
  const { Listeners } = await aws.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: arn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: fixed('503', 'no app here'),
    }),
  );
  listener = Listeners?.[0]?.ListenerArn;
}, 90_000);
afterAll(() => emulator.stop());

interface Answer {
  status: number | undefined;
  body: string;
  type: string | undefined;
}

/** As a browser would ask, were the load balancer's name to lead here. */
function ask(host: string, path = '/', headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(path, emulator.endpoint);
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers: { host, ...headers } }, async (response) => {
      const body = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode, body, type: response.headers['content-type'] });
    });
    asked.on('error', reject);
  });
}

const rule = (Priority: number, host: string, Actions: Action[]) =>
  aws.elb.send(
    new CreateRuleCommand({
      ListenerArn: listener,
      Priority,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
      Actions,
    }),
  );

test('answers only when it is active, and then with its default action', async () => {
  expect((await ask(dnsName)).status).toBe(502);
  const described = async () => {
    const all = await aws.elb.send(new DescribeLoadBalancersCommand({ Names: ['one'] }));
    return all.LoadBalancers?.[0]?.State?.Code;
  };
  await expect.poll(described).toBe('active');
  const answer = { status: 503, body: 'no app here', type: 'text/plain' };
  expect(await ask(dnsName)).toEqual(answer);
  expect(await ask(`${dnsName}:80`, '/some/page')).toEqual(answer);
});

test('follows the rule of the host with the lowest priority', async () => {
  await rule(20, '*.example.gov', fixed('404', 'any'));
  await rule(3, 'app.example.gov', fixed('200', 'the app'));
  expect((await ask('app.example.gov')).body).toBe('the app');
  expect((await ask('other.example.gov')).body).toBe('any');
  expect((await ask('example.gov')).body).not.toBe('any');
});

test('has nothing to forward to without targets', async () => {
  const { TargetGroups } = await aws.elb.send(
    new CreateTargetGroupCommand({ Name: 'one', Protocol: 'HTTP', Port: 80, VpcId: vpc }),
  );
  await rule(1, 'empty.example.gov', [
    { Type: 'forward', TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn },
  ]);
  expect((await ask('empty.example.gov')).status).toBe(503);
});

test('redirects', async () => {
  await rule(2, 'plain.example.gov', [
    { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } },
  ]);
  expect((await ask('plain.example.gov', '/page')).status).toBe(301);
});

test('does not answer where it does not listen, nor under another name', async () => {
  expect((await ask(dnsName, '/', { 'x-forwarded-proto': 'https' })).status).toBe(502);
  expect((await ask('two-1.us-east-2.elb.amazonaws.com')).status).toBe(502);
});

test('gives no answer when its security group or its network keeps the request away', async () => {
  const rule = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' };
  await aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: group, ...rule }));
  await expect(ask(dnsName)).rejects.toMatchObject({ code: 'ECONNRESET' });
  await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, ...rule }));
  expect((await ask(dnsName)).status).toBe(503);
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { RouteTables } = await aws.ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const { RouteTableId } = RouteTables![0]!;
  await aws.ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }));
  await expect(ask(dnsName)).rejects.toMatchObject({ code: 'ECONNRESET' });
});
