import {
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm';
import {
  DeleteListenerCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appCertificate } from '../../../src/tasks/app/certificate.ts';
import { hostedZones, hostRecords } from '../../../src/tasks/app/dns.ts';
import { httpsListener, sniCertificate } from '../../../src/tasks/app/https-listener.ts';
import { certificatesCovering } from '../../../src/tasks/app/lib/certificates.ts';
import { pendingDns } from '../../../src/tasks/app/pending-dns.ts';
import { httpRedirect, httpRule, httpsRule } from '../../../src/tasks/app/rules.ts';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import { certificateIssued, validationRecords } from '../../../src/tasks/app/validation.ts';
import { presets } from '../../support/faults.ts';
import { newMachine } from '../../support/program.ts';
import { type App, type AppWorld, newAppWorld } from './world.ts';

const all = [
  ...[appCertificate, validationRecords, certificateIssued],
  ...[hostedZones, hostRecords],
  ...[targetGroup, httpsListener, sniCertificate, httpsRule, httpRule, httpRedirect],
];
let world: AppWorld;
let LoadBalancerArn: string;

beforeAll(async () => {
  world = await newAppWorld();
  LoadBalancerArn = (await world.env({ service: 'any' })).cluster.loadBalancer.arn;
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.faults.clear();
  await world.emulator.settings({ issue_certificates: false });
  const { ListenerArn } = (await listener()) ?? {};
  if (ListenerArn) await world.aws.elb.send(new DeleteListenerCommand({ ListenerArn }));
});

const asking = (service: string, domain: string, more = {}): App => ({
  service,
  answers: { host: [`${service}.${domain}`], certificate: 'request', ...more },
});

async function listener() {
  const { Listeners } = await world.aws.elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Listeners?.find(({ Port }) => Port === 443);
}

/** The certificates of the HTTPS listener, the default one first. */
async function served(): Promise<string[]> {
  const { ListenerArn } = (await listener())!;
  const { Certificates = [] } = await world.aws.elb.send(
    new DescribeListenerCertificatesCommand({ ListenerArn }),
  );
  return Certificates.sort((a, b) => Number(b.IsDefault) - Number(a.IsDefault)).map(
    ({ CertificateArn }) => CertificateArn!,
  );
}

async function actionOn(port: number, host: string) {
  const { Listeners = [] } = await world.aws.elb.send(
    new DescribeListenersCommand({ LoadBalancerArn }),
  );
  const { ListenerArn } = Listeners.find(({ Port }) => Port === port) ?? {};
  const { Rules = [] } = await world.aws.elb.send(new DescribeRulesCommand({ ListenerArn }));
  return Rules.find(({ Conditions }) => Conditions?.[0]?.Values?.includes(host))?.Actions?.[0];
}

async function certificatesFor(domain: string) {
  const { CertificateSummaryList = [] } = await world.aws.acm.send(new ListCertificatesCommand({}));
  return CertificateSummaryList.filter(({ DomainName }) => DomainName === domain);
}

async function newZone(Name: string): Promise<string> {
  const { HostedZone } = await world.aws.route53.send(
    new CreateHostedZoneCommand({ Name, CallerReference: `${Name} ${Math.random()}` }),
  );
  return HostedZone!.Id!.split('/').at(-1)!;
}

async function recordsIn(HostedZoneId: string): Promise<string[]> {
  const { ResourceRecordSets = [] } = await world.aws.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId }),
  );
  return ResourceRecordSets.filter(({ Type }) => Type === 'CNAME').map(
    ({ Name, ResourceRecords }) => `${Name} ${ResourceRecords?.[0]?.Value}`,
  );
}

async function issuedByAws(): Promise<string> {
  const [found] = await certificatesFor('*.example.gov');
  return found!.CertificateArn!;
}

describe('where others keep the zone', () => {
  test('HTTPS is left for later, what to ask for is said, and nothing has failed', async () => {
    const app = asking('parks', 'example.org');
    const ran = await world.run(all, app);
    expect(ran.outcomes).toEqual({
      ...{
        Certificate: 'create',
        'Validation records': 'keep',
        'Issue of the certificate': 'keep',
      },
      ...{ 'Hosted zone': 'keep', 'DNS records': 'keep', 'Target group': 'create' },
      ...{ 'HTTPS listener': 'skipped', 'Certificate at the listener': 'skipped' },
      ...{ 'HTTPS rule': 'skipped', 'HTTP rule': 'create' },
    });
    expect([ran.errors, ran.attention]).toEqual([[], []]);
    expect(await listener()).toBeUndefined();
    expect(await actionOn(80, 'parks.example.org')).toMatchObject({ Type: 'forward' });
    const { cluster } = await world.env(app);
    expect(pendingDns({ cluster }, ran.lives)).toEqual([
      {
        name: expect.stringMatching(/^_[0-9a-f]+\.parks\.example\.org$/),
        type: 'CNAME',
        value: expect.stringMatching(/^_.+\.acm-validations\.aws$/),
        why: expect.stringContaining('proves'),
      },
      {
        ...{ name: 'parks.example.org', type: 'CNAME', value: cluster.loadBalancer.dnsName },
        why: expect.stringContaining('browsers'),
      },
    ]);
  });

  test('the plan says so beforehand, and the next run changes nothing', async () => {
    const app = asking('pools', 'example.org');
    const planned = (await world.plan(all, app)).steps.filter(({ postponed }) => postponed);
    expect(planned.map(({ resource }) => resource.name)).toEqual([
      ...['HTTPS listener', 'Certificate at the listener', 'HTTPS rule'],
    ]);
    await world.run(all, app);
    world.faults.clear();
    const again = await world.run(all, app);
    expect(again.plan.steps.every(({ action }) => action === 'keep')).toBe(true);
    expect(world.faults.calls.filter(({ changing }) => changing)).toEqual([]);
  });

  test('once it is issued the listener is made with it, as the cluster’s, and HTTP leads to HTTPS', async () => {
    const app = asking('roads', 'example.org', { 'https-only': true });
    const { lives } = await world.run(all, app);
    await world.emulator.settings({ issue_certificates: true });
    const { outcomes, errors } = await world.run(all, app);
    expect(errors).toEqual([]);
    expect(outcomes).toMatchObject({
      ...{ Certificate: 'keep', 'HTTPS listener': 'create', 'HTTPS rule': 'create' },
      'HTTP rule': 'change',
    });
    const { id } = lives.get(appCertificate)!;
    expect(await served()).toEqual([id]);
    const { ListenerArn = '' } = (await listener())!;
    const { TagDescriptions } = await world.aws.elb.send(
      new DescribeTagsCommand({ ResourceArns: [ListenerArn] }),
    );
    expect(TagDescriptions?.[0]?.Tags?.map(({ Key }) => Key).sort()).toEqual([
      ...['digital-apps:cluster', 'digital-apps:region'],
    ]);
    expect(await actionOn(443, 'roads.example.org')).toMatchObject({ Type: 'forward' });
    expect(await actionOn(80, 'roads.example.org')).toMatchObject({
      Type: 'redirect',
      RedirectConfig: {
        ...{ Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
        ...{ Host: '#{host}', Path: '/#{path}', Query: '#{query}' },
      },
    });
    const again = await world.run(all, app);
    expect(again.plan.steps.every(({ action }) => action === 'keep')).toBe(true);
  });

  test('a name of two labels is asked for as an ALIAS', async () => {
    const app = asking('apex', 'example.org', { host: ['example.org'] });
    const { lives } = await world.run([hostedZones, hostRecords], app);
    const { cluster } = await world.env(app);
    expect(pendingDns({ cluster }, lives)).toMatchObject([
      { name: 'example.org', type: 'ALIAS or ANAME' },
    ]);
  });
});

describe('where the zone is ours', () => {
  test('one run requests, proves and waits, and adds it to the listener that there is', async () => {
    const zone = await newZone('example.net');
    await world.run(all, { service: 'first', answers: { certificate: await issuedByAws() } });
    const app = asking('ponds', 'example.net', {
      host: ['ponds.example.net', 'www.ponds.example.net'],
    });
    const { outcomes, errors, lives } = await world.run(all, app);
    expect(errors).toEqual([]);
    expect(outcomes).toMatchObject({
      ...{ Certificate: 'create', 'Validation records': 'create', 'HTTPS rule': 'create' },
      'Certificate at the listener': 'change',
    });
    const { id } = lives.get(appCertificate)!;
    expect(await served()).toEqual([await issuedByAws(), id]);
    expect(await recordsIn(zone)).toHaveLength(2);
    const [{ Tags }, { Certificate }] = await Promise.all([
      world.aws.acm.send(new ListTagsForCertificateCommand({ CertificateArn: id })),
      world.aws.acm.send(new DescribeCertificateCommand({ CertificateArn: id })),
    ]);
    expect(Tags).toContainEqual({ Key: 'digital-apps:app', Value: 'ponds' });
    expect(Certificate).toMatchObject({
      ...{ Status: 'ISSUED', DomainName: 'ponds.example.net' },
      SubjectAlternativeNames: ['ponds.example.net', 'www.ponds.example.net'],
    });
    const again = await world.run(all, app);
    expect(again.plan.steps.every(({ action }) => action === 'keep')).toBe(true);
    const [found] = await certificatesCovering((await world.env(app)).aws, ['ponds.example.net']);
    expect(found?.CertificateArn).toBe(id);
  });

  test('what was taken away by hand is put right: the record, and the certificate at the listener', async () => {
    const zone = await newZone('lakes.example');
    await world.run(all, { service: 'first', answers: { certificate: await issuedByAws() } });
    const app = asking('ice', 'lakes.example');
    const { lives } = await world.run(all, app);
    const { id: CertificateArn } = lives.get(appCertificate)!;
    await world.aws.elb.send(
      new RemoveListenerCertificatesCommand({
        ListenerArn: (await listener())!.ListenerArn,
        Certificates: [{ CertificateArn }],
      }),
    );
    const { ResourceRecordSets = [] } = await world.aws.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    const ResourceRecordSet = ResourceRecordSets.find(({ Type }) => Type === 'CNAME');
    await world.aws.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes: [{ Action: 'DELETE', ResourceRecordSet }] },
      }),
    );
    const { outcomes } = await world.run(all, app);
    expect(outcomes).toMatchObject({
      ...{ 'Validation records': 'create', 'Certificate at the listener': 'change' },
    });
    expect(await served()).toContain(CertificateArn);
    expect(await recordsIn(zone)).toHaveLength(1);
  });

  test('a run that was cut off after its request is carried on, with one certificate', async () => {
    await newZone('cut.example');
    const app = asking('off', 'cut.example');
    world.faults.inject({
      operation: /ChangeResourceRecordSets|rrset/,
      ...{ code: 'AccessDenied', status: 403, message: 'User: x is not authorized' },
    });
    const cut = await world.run([appCertificate, hostedZones, validationRecords], app);
    expect(cut.outcomes).toMatchObject({ Certificate: 'create', 'Validation records': 'failed' });
    const { errors, outcomes } = await world.run(all, app);
    expect(errors).toEqual([]);
    expect(outcomes).toMatchObject({ Certificate: 'keep', 'Validation records': 'create' });
    expect(await certificatesFor('off.cut.example')).toHaveLength(1);
  });

  test('a run that was cut off before AWS said what proves the names learns it', async () => {
    await newZone('soon.example');
    await world.emulator.settings({ certificate_record_delay: 2 });
    const app = asking('early', 'soon.example');
    world.faults.inject({ operation: 'DescribeCertificate', code: 'ValidationException' });
    expect((await world.run([appCertificate], app)).outcomes).toEqual({ Certificate: 'failed' });
    const { errors, outcomes } = await world.run(all, app);
    await world.emulator.settings({ certificate_record_delay: 0.3 });
    expect(errors).toEqual([]);
    expect(outcomes).toMatchObject({ Certificate: 'change', 'Validation records': 'create' });
  });

  test('two runs at once request one certificate', async () => {
    await newZone('twice.example');
    const app = asking('one', 'twice.example');
    world.faults.inject({ operation: 'RequestCertificate', latency: 300, times: 2 });
    const ran = await Promise.all([world.run(all, app), world.run(all, app)]);
    expect(ran.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await certificatesFor('one.twice.example')).toHaveLength(1);
    expect(await served()).toHaveLength(1);
  });

  test('two apps at once, the first to bring certificates, share one listener', async () => {
    await newZone('both.example');
    const apps = [asking('one', 'both.example'), asking('two', 'both.example')];
    world.faults.inject({ operation: 'CreateListener', latency: 300, times: 2 });
    const ran = await Promise.all(apps.map((app) => world.run(all, app)));
    expect(ran.flatMap(({ errors }) => errors)).toEqual([]);
    expect((await served()).sort()).toEqual(
      ran.map(({ lives }) => lives.get(appCertificate)!.id).sort(),
    );
  });

  test('a lost answer makes no second certificate', async () => {
    await newZone('lost.example');
    world.faults.inject({ ...presets.answerLost, operation: 'RequestCertificate' });
    const { errors } = await world.run([appCertificate], asking('one', 'lost.example'));
    expect(errors).toEqual([]);
    expect(await certificatesFor('one.lost.example')).toHaveLength(1);
  });

  test('without waiting, HTTPS is left for the next run', async () => {
    await newZone('later.example');
    await world.emulator.settings({ certificate_delay: 1 });
    const app = asking('quick', 'later.example');
    const first = await world.run(all, { ...app, wait: false });
    expect([first.errors, first.outcomes['HTTPS rule']]).toEqual([[], 'skipped']);
    expect((await world.run(all, app)).outcomes).toMatchObject({ 'HTTPS rule': 'create' });
    await world.emulator.settings({ certificate_delay: 0.5 });
  });

  test('a validation record that says something else is left, and told', async () => {
    const zone = await newZone('foreign.example');
    const app = asking('other', 'foreign.example');
    const { lives } = await world.run([appCertificate], app);
    const { records } = lives.get(appCertificate) as unknown as { records: { name: string }[] };
    await world.aws.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: {
          Changes: [
            {
              Action: 'CREATE',
              ResourceRecordSet: {
                ...{ Name: records[0]!.name, Type: 'CNAME', TTL: 60 },
                ResourceRecords: [{ Value: 'somebody.example.net' }],
              },
            },
          ],
        },
      }),
    );
    const { errors, attention, outcomes } = await world.run(all, app);
    expect([errors, outcomes['HTTPS rule']]).toEqual([[], 'skipped']);
    expect(attention).toEqual([expect.stringContaining('with another value')]);
    expect(await recordsIn(zone)).toEqual([expect.stringContaining('somebody.example.net')]);
  });
});

test('records that a person has put into a zone lead to HTTPS at the next run', async () => {
  const app = asking('hand', 'byhand.example', { 'https-only': false });
  const { lives } = await world.run(all, app);
  const { cluster } = await world.env(app);
  const [proof] = pendingDns({ cluster }, lives);
  await world.run(all, { service: 'first', answers: { certificate: await issuedByAws() } });
  const zone = await newZone('byhand.example');
  await world.aws.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone,
      ChangeBatch: {
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              ...{ Name: proof!.name, Type: 'CNAME', TTL: 60 },
              ResourceRecords: [{ Value: proof!.value }],
            },
          },
        ],
      },
    }),
  );
  const { outcomes, errors } = await world.run(all, app);
  expect(errors).toEqual([]);
  expect(outcomes).toMatchObject({
    ...{ Certificate: 'keep', 'Validation records': 'keep' },
    ...{ 'Certificate at the listener': 'change', 'HTTPS rule': 'create', 'HTTP rule': 'keep' },
  });
  expect(await actionOn(80, 'hand.byhand.example')).toMatchObject({ Type: 'forward' });
});

test('init-cluster keeps the listener that an app has made', async () => {
  await world.run(all, { service: 'first', answers: { certificate: await issuedByAws() } });
  const machine = await newMachine(world.emulator.endpoint);
  const { exitCode, json } = await machine.run('init-cluster', '--yes', '--json', '--no-wait');
  await machine.remove();
  const https = json.resources.find(({ name }) => name === 'HTTPS listener');
  expect([exitCode, https?.action]).toEqual([0, 'keep']);
});

describe('a certificate that was picked', () => {
  test('is used as it is, and added to no listener whose own covers the host', async () => {
    const certificate = await issuedByAws();
    const picked: App = { service: 'parks', answers: { certificate } };
    const { outcomes, errors } = await world.run(all, picked);
    expect(errors).toEqual([]);
    expect(outcomes).toMatchObject({ Certificate: 'keep', 'HTTPS listener': 'create' });
    expect(outcomes).not.toHaveProperty('Validation records');
    const second = await world.run(all, { service: 'pools', answers: { certificate } });
    expect(second.outcomes).toMatchObject({
      ...{ 'Certificate at the listener': 'keep', 'HTTPS rule': 'create' },
    });
    expect(await served()).toEqual([certificate]);
  });

  test('is found for hosts that it covers, and for no others', async () => {
    const { aws } = await world.env({ service: 'any' });
    const [found] = await certificatesCovering(aws, ['a.example.gov', 'example.gov']);
    expect(found?.CertificateArn).toBe(await issuedByAws());
    expect(await certificatesCovering(aws, ['a.b.example.gov'])).toEqual([]);
  });
});

test('without HTTPS-only, or without a certificate, HTTP forwards', async () => {
  const certificate = await issuedByAws();
  const app = (answers: App['answers']): App => ({ service: 'plain', answers });
  const host = 'plain.example.gov';
  await world.run(all, app({ certificate, 'https-only': true }));
  expect(await actionOn(80, host)).toMatchObject({ Type: 'redirect' });
  await world.run(all, app({ certificate }));
  expect(await actionOn(80, host)).toMatchObject({ Type: 'forward' });
  const { outcomes } = await world.run(all, app({}));
  expect(Object.keys(outcomes)).toEqual([
    ...['Hosted zone', 'DNS records', 'Target group', 'HTTP rule'],
  ]);
});

test('a host that is added to an app with HTTPS alone comes with its certificate', async () => {
  const certificate = await issuedByAws();
  const answers = (host: string[], more: App['answers']): App => ({
    ...{ service: 'grows', answers: { host, 'https-only': true, ...more } },
  });
  await world.run(all, answers(['grows.example.gov'], { certificate }));
  const more = ['grows.example.gov', 'grows.example.org'];
  const { attention, errors } = await world.run(all, answers(more, { certificate: 'request' }));
  expect({ attention, errors }).toEqual({ attention: [], errors: [] });
  expect(await actionOn(80, 'grows.example.gov')).toMatchObject({ Type: 'redirect' });
  expect(await actionOn(80, 'grows.example.org')).toBeUndefined();
  await world.emulator.settings({ issue_certificates: true });
  await world.run(all, answers(more, { certificate: 'request' }));
  expect(await actionOn(80, 'grows.example.org')).toMatchObject({ Type: 'redirect' });
  expect(await actionOn(443, 'grows.example.org')).toMatchObject({ Type: 'forward' });
});

describe('a request that came to nothing', () => {
  test('is made anew, with another token', async () => {
    const app = asking('again', 'failed.example');
    const first = await world.run([appCertificate], app);
    const CertificateArn = first.lives.get(appCertificate)!.id;
    const failed = { CertificateArn, DomainName: 'again.failed.example', Status: 'FAILED' };
    world.faults.inject({
      ...{ operation: 'ListCertificates', times: 9 },
      rewrite: () => JSON.stringify({ CertificateSummaryList: [failed] }),
    });
    const { outcomes, lives } = await world.run([appCertificate], app);
    expect(outcomes).toEqual({ Certificate: 'create' });
    expect(lives.get(appCertificate)!.id).not.toBe(CertificateArn);
  });

  test('and was deleted is made anew, too', async () => {
    const app = asking('again', 'deleted.example');
    const { lives } = await world.run([appCertificate], app);
    const CertificateArn = lives.get(appCertificate)!.id;
    await world.aws.acm.send(new DeleteCertificateCommand({ CertificateArn }));
    const { outcomes } = await world.run([appCertificate], app);
    expect(outcomes).toEqual({ Certificate: 'create' });
  });

  test('while it is waited for says why', async () => {
    await newZone('caa.example');
    const app = asking('no', 'caa.example');
    await world.run([appCertificate], app);
    world.faults.inject({
      ...{ operation: 'DescribeCertificate', times: 99, skip: 1 },
      rewrite: (body) =>
        body.replace(
          '"Status": "PENDING_VALIDATION"',
          '"Status": "FAILED", "FailureReason": "CAA_ERROR"',
        ),
    });
    const { outcomes, errors, attention } = await world.run(all, app);
    expect(errors).toEqual([]);
    expect(attention.join()).toMatch(/is FAILED \(CAA_ERROR\): .+ allow amazon\.com/);
    // It holds up nothing but HTTPS.
    expect(outcomes).toMatchObject({ 'HTTP rule': 'create', 'HTTPS rule': 'skipped' });
  });
});
