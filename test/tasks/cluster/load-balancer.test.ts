import { request } from 'node:http';
import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, inject, test } from 'vitest';
import { awsClients } from '../../support/clients.ts';

const { endpoint, certificate } = inject('made');
const { ec2, elb } = awsClients(endpoint);
const Filters = [{ Name: 'tag:digital-apps:cluster', Values: ['digitalApps'] }];
const { LoadBalancers = [] } = await elb.send(
  new DescribeLoadBalancersCommand({ Names: ['digitalApps'] }),
);
const LoadBalancerArn = LoadBalancers[0]?.LoadBalancerArn;

describe('load balancer', () => {
  test('is a public one for applications, in all the subnets, in its group', async () => {
    expect(LoadBalancers[0]).toMatchObject({ Type: 'application', Scheme: 'internet-facing' });
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(LoadBalancers[0]?.AvailabilityZones?.map(({ SubnetId }) => SubnetId).sort()).toEqual(
      Subnets.map(({ SubnetId }) => SubnetId).sort(),
    );
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [...Filters, { Name: 'group-name', Values: ['digitalAppsLoadBalancer'] }],
      }),
    );
    expect(LoadBalancers[0]?.SecurityGroups).toEqual([SecurityGroups[0]?.GroupId]);
    const { TagDescriptions } = await elb.send(
      new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn ?? ''] }),
    );
    expect(TagDescriptions?.[0]?.Tags).toContainEqual({
      Key: 'digital-apps:cluster',
      Value: 'digitalApps',
    });
  });

  test('drops invalid headers', async () => {
    const { Attributes } = await elb.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }),
    );
    expect(Attributes).toContainEqual({
      Key: 'routing.http.drop_invalid_header_fields.enabled',
      Value: 'true',
    });
  });

  test('listens on HTTP and HTTPS, with today’s TLS, and says 503', async () => {
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const unavailable = [
      {
        Type: 'fixed-response',
        FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain' },
      },
    ];
    expect(Listeners.sort((a, b) => Number(a.Port) - Number(b.Port))).toMatchObject([
      { Port: 80, Protocol: 'HTTP', DefaultActions: unavailable },
      {
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
        Certificates: [{ CertificateArn: certificate }],
        DefaultActions: unavailable,
      },
    ]);
  });

  test('answers so to whoever asks', async () => {
    const status = await new Promise((resolve, reject) => {
      const host = LoadBalancers[0]?.DNSName;
      request(endpoint, { headers: { host } }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(503);
  });
});
