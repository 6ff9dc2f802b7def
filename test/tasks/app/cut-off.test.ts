import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appCertificate } from '../../../src/tasks/app/certificate.ts';
import { hostedZones, hostRecords } from '../../../src/tasks/app/dns.ts';
import { httpsListener, sniCertificate } from '../../../src/tasks/app/https-listener.ts';
import { httpRedirect, httpRule, httpsRule } from '../../../src/tasks/app/rules.ts';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import { certificateIssued, validationRecords } from '../../../src/tasks/app/validation.ts';
import { CHANGING } from '../../e2e/world.ts';
import { type App, type AppWorld, newAppWorld } from './world.ts';

const all = [
  ...[appCertificate, validationRecords, certificateIssued],
  ...[hostedZones, hostRecords],
  ...[targetGroup, httpsListener, sniCertificate, httpsRule, httpRule, httpRedirect],
];
let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
  await world.emulator.settings({ certificate_record_delay: 0, certificate_delay: 0 });
  await world.aws.route53.send(
    new CreateHostedZoneCommand({ Name: 'example.net', CallerReference: 'once' }),
  );
});
afterAll(() => world.stop());

const appNumber = (number: number): App => ({
  service: `app-${number}`,
  answers: { host: [`app-${number}.example.net`], certificate: 'request' },
});

async function censusOf(number: number) {
  const host = `app-${number}.example.net`;
  const { acm, elb } = world.aws;
  const LoadBalancerArn = (await world.env(appNumber(number))).cluster.loadBalancer.arn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const rules = await Promise.all(
    Listeners.map(({ ListenerArn }) =>
      elb.send(new DescribeRulesCommand({ ListenerArn, PageSize: 400 })),
    ),
  );
  const { CertificateSummaryList = [] } = await acm.send(new ListCertificatesCommand({}));
  return {
    certificates: CertificateSummaryList.filter(({ DomainName }) => DomainName === host).length,
    rules: rules.map(
      ({ Rules = [] }) =>
        Rules.filter(({ Conditions }) => Conditions?.[0]?.Values?.includes(host)).length,
    ),
  };
}

test('a run that is cut off after any of its changes is carried on by the next', async () => {
  // The first makes the listener as well.
  expect((await world.run(all, appNumber(0))).errors).toEqual([]);
  let passed = 0;
  for (; ; passed += 1) {
    const app = appNumber(passed + 1);
    world.faults.clear();
    world.faults.inject({
      ...{ operation: CHANGING, skip: passed, times: 999 },
      ...{ status: 403, code: 'AccessDenied', message: 'User: x is not authorized to do this' },
    });
    const cut = await world.run(all, app);
    world.faults.clear();
    if (cut.errors.length === 0) break;
    const { errors } = await world.run(all, app);
    expect(errors, `after ${passed} changes`).toEqual([]);
    expect(await censusOf(passed + 1)).toEqual({ certificates: 1, rules: [1, 1] });
    const again = await world.run(all, app);
    expect(again.plan.steps.every(({ action }) => action === 'keep')).toBe(true);
  }
  expect(passed).toBeGreaterThan(6);
}, 180_000);

test('answers that get lost, whichever, make nothing twice', async () => {
  world.faults.inject({ operation: CHANGING, after: true, reset: true, times: 4 });
  world.faults.inject({ operation: CHANGING, after: true, reset: true, skip: 6, times: 3 });
  const app = appNumber(50);
  expect((await world.run(all, app)).errors).toEqual([]);
  expect(await censusOf(50)).toEqual({ certificates: 1, rules: [1, 1] });
});
