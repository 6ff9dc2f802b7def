import {
  DeleteListenerCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { balancerChecks } from '../../src/checks/balancer.ts';
import { type Looking, warn } from '../../src/checks/check.ts';
import { credentialsChecks } from '../../src/checks/credentials.ts';
import { machineChecks, machineChecksForApps } from '../../src/checks/machine.ts';
import { saidOnce } from '../../src/checks/said-once.ts';
import { httpListener, httpsListener } from '../../src/tasks/cluster/listeners.ts';
import { check, finding } from '../doctor/fakes.ts';
import { lay } from '../support/recorded/lay.ts';
import { type CheckWorld, newCheckWorld, ZONE } from './app-world.ts';

let world: CheckWorld;
beforeAll(async () => {
  world = await newCheckWorld('parks');
}, 120_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

/** The finding of that check in words, with its status. */
async function said(id: string, looking?: Looking): Promise<string> {
  const about = looking ?? (await world.looking());
  const { status, verdicts } = await world.look(balancerChecks, id, about);
  return `${status}: ${verdicts.map(({ evidence, fix }) => `${evidence} → ${fix}`).join(' | ')}`;
}

async function listener(port: number): Promise<string> {
  const { cluster } = await world.env({ service: 'parks' });
  const { Listeners = [] } = await world.aws.elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: cluster.loadBalancer.arn }),
  );
  return Listeners.find(({ Port }) => Port === port)!.ListenerArn!;
}

test('A load balancer, credentials and a clock that are well have no finding', async () => {
  for (const { id } of balancerChecks) expect(`${id} ${await said(id)}`).toMatch(/ pass: /);
  for (const { id } of credentialsChecks) {
    const { status } = await world.look(credentialsChecks, id, await world.looking());
    expect([id, status]).toEqual([id, 'pass']);
  }
});

test.for([
  ['provisioning', /^warn: digitalApps is provisioning\. → Wait/],
  ['active_impaired', /^warn: digitalApps is active impaired\. → Look at it in the console/],
  ['failed', /^fail: digitalApps is failed\. → Look at it in the console/],
] as const)('A load balancer that is %s is found', async ([state, verdict]) => {
  world.faults.inject({
    ...{ operation: 'DescribeLoadBalancers', times: Number.POSITIVE_INFINITY },
    rewrite: (body) => body.replace('<Code>active</Code>', `<Code>${state}</Code>`),
  });
  expect(await said('balancer.state')).toMatch(verdict);
});

test('A load balancer that is gone is the one finding', async () => {
  const looking = await world.looking();
  const gone = { ...looking, names: { ...looking.names, loadBalancer: 'other' } };
  for (const { id } of balancerChecks) {
    const verdict =
      id === 'balancer.state' ? /^fail: There is no load balancer other/ : /^skip: There is no /;
    expect(await said(id, gone), id).toMatch(verdict);
  }
});

test('A load balancer that has hardly room for a rule is found', async () => {
  world.faults.inject({
    operation: 'DescribeAccountLimits',
    rewrite: (body) => body.replaceAll(/<Max>\d+<\/Max>/g, '<Max>2</Max>'),
  });
  expect(await said('balancer.rules')).toMatch(/^warn: 2 of 2 rules are used\. → Ask for more/);
});

test('The root user is warned of', async () => {
  const caller = 'arn:aws:iam::123456789012:root';
  const looking = { ...(await world.looking()), caller };
  const { status } = await world.look(credentialsChecks, 'credentials.identity', looking);
  expect(status).toBe('warn');
});

test('This machine’s tools never fail', async () => {
  const tools = [...machineChecks, ...machineChecksForApps];
  for (const { id } of tools) {
    const { status, verdicts } = await world.look(tools, id, await world.looking());
    expect(['pass', 'warn', 'skip'], verdicts[0]!.evidence).toContain(status);
  }
  const { verdicts } = await world.look(tools, 'machine.git', await world.looking());
  expect(verdicts[0]!.evidence).toMatch(/^git version \d/);
});

test.for([
  ['a day to go', 1, /^fail: The certificate for parks\.springfield\.gov expires in 0 days/],
  ['three weeks', 21, /^warn: .+ expires in 20 days .+RenewalSummary/],
  ['none left', -3, /^fail: .+ has expired/],
] as const)('A certificate with %s is found', async ([, days, verdict]) => {
  lay<{ CertificateSummaryList: object[] }>(world.faults, 'ListCertificates', (answer) => ({
    CertificateSummaryList: answer.CertificateSummaryList.map((each) => ({
      ...each,
      NotAfter: Date.now() / 1000 + days * 86_400 - 60,
    })),
  }));
  expect(await said('balancer.certificate-expiry')).toMatch(verdict);
});

test('A host that no certificate is for is found', async () => {
  const ListenerArn = await listener(443);
  const { Rules = [] } = await world.aws.elb.send(new DescribeRulesCommand({ ListenerArn }));
  const { RuleArn } = Rules.find(({ IsDefault }) => !IsDefault)!;
  const hosts = (...Values: string[]) =>
    world.aws.elb.send(
      new ModifyRuleCommand({
        RuleArn,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values } }],
      }),
    );
  await hosts('pools.example.gov');
  expect(await said('balancer.certificate-cover')).toMatch(
    /^fail: No certificate of the HTTPS listener is for pools\.example\.gov; they are for parks/,
  );
  await hosts(`parks.${ZONE}`);
  expect(await said('balancer.certificate-cover')).toMatch(/^pass/);
});

test('An older TLS policy is found', async () => {
  const ListenerArn = await listener(443);
  const change = (SslPolicy: string) =>
    world.aws.elb.send(new ModifyListenerCommand({ ListenerArn, SslPolicy }));
  await change('ELBSecurityPolicy-2016-08');
  expect(await said('balancer.tls')).toMatch(/^warn: .+ELBSecurityPolicy-2016-08.+modify-listener/);
  await change('ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09');
});

test.each([
  ['ELBSecurityPolicy-2016-08', /^warn: .+ allows TLS 1\.0\./],
  ['ELBSecurityPolicy-TLS13-1-1-2021-06', /^warn: .+ allows TLS 1\.1\./],
  ['ELBSecurityPolicy-TLS13-1-2-2021-06', /^warn: .+ allows old ciphers\./],
  ['ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09', /^warn: .+ allows old ciphers\./],
  ['ELBSecurityPolicy-FS-1-2-Res-2020-10', /^warn: .+ does not know TLS 1\.3\./],
  ['ELBSecurityPolicy-TLS13-1-2-Res-2021-06', /^pass: .+ allows no more than/],
  ['ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09', /^pass: .+ allows no more than/],
  ['ELBSecurityPolicy-TLS13-1-3-2021-06', /^pass: .+ allows no more than/],
  ['ELBSecurityPolicy-TLS13-1-3-PQ-2025-09', /^pass: .+ allows no more than/],
  ['ELBSecurityPolicy-TLS14-2031-01', /^skip: .+ is not known here/],
])('of the TLS policy %s', async (policy, says) => {
  world.faults.inject({
    ...{ operation: 'DescribeListeners', times: Number.POSITIVE_INFINITY },
    rewrite: (body) => body.replaceAll('ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09', policy),
  });
  expect(await said('balancer.tls')).toMatch(says);
});

test('An answer that is not 503 where no host is asked for is found, and none at all', async () => {
  world.faults.inject({ operation: /^unsigned\./, status: 200, times: 2 });
  expect(await said('balancer.answers')).toMatch(/^warn: http:\/\/.+ answers 200 where no app/);
  world.faults.clear();
  world.faults.inject({ operation: /^unsigned\./, reset: true, times: 2 });
  expect(await said('balancer.answers')).toMatch(
    /^fail: .+takes the connection and gives no answer/,
  );
});

test('What it answers says what drift of its default action says, and that it gives none does not', async () => {
  const told = async () => {
    const answers = await world.look(balancerChecks, 'balancer.answers', await world.looking());
    const drifts = [httpListener, httpsListener].map((resource) => ({
      ...warn(`${resource.name} otherwise`),
      part: { resource, field: 'otherwise' },
    }));
    const drift = finding(check('cluster.drift', 'Cluster', 'As made'), 'warn', []);
    return saidOnce([{ ...drift, verdicts: drifts }, answers])
      .flatMap(({ verdicts }) => verdicts)
      .flatMap(({ part }) => part?.resource.name ?? []);
  };
  world.faults.inject({ operation: /^unsigned\./, status: 200, times: 2 });
  expect(await told()).toEqual([]);
  world.faults.clear();
  world.faults.inject({ operation: /^unsigned\./, reset: true, times: 2 });
  expect(await told()).toEqual([httpListener.name, httpsListener.name]);
});

test('A missing HTTPS listener is found where there is a certificate', async () => {
  const looking = await world.looking();
  await world.aws.elb.send(new DeleteListenerCommand({ ListenerArn: await listener(443) }));
  expect(await said('balancer.listeners')).toMatch(/^fail: There is no listener on port 443/);
  await world.aws.elb.send(new DeleteListenerCommand({ ListenerArn: await listener(80) }));
  expect(await said('balancer.listeners', looking)).toMatch(
    /^fail: There is no listener on port 80/,
  );
});
