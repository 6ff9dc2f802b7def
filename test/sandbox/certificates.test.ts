import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CertificateDetail,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  type Filters,
  GetCertificateCommand,
  ImportCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
  RequestCertificateCommand,
  type RequestCertificateCommandInput,
} from '@aws-sdk/client-acm';
import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import { makeNetwork } from './fixtures.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.reset();
  await emulator.settings({ certificate_record_delay: 0, certificate_delay: 0 });
});

const domains = ['app.example.org', 'www.example.net', '*.app.example.org'];

async function request(change: Partial<RequestCertificateCommandInput> = {}): Promise<string> {
  const [DomainName, ...SubjectAlternativeNames] = domains;
  const asked = { DomainName, SubjectAlternativeNames, ValidationMethod: 'DNS' as const };
  const made = await aws.acm.send(new RequestCertificateCommand({ ...asked, ...change }));
  return made.CertificateArn ?? '';
}

async function certificate(CertificateArn: string, client = aws.acm): Promise<CertificateDetail> {
  const told = await client.send(new DescribeCertificateCommand({ CertificateArn }));
  return told.Certificate as CertificateDetail;
}

const statusOf = async (arn: string) => (await certificate(arn)).Status;

async function makeZone(Name: string, isPrivate = false): Promise<string | undefined> {
  const inside = {
    HostedZoneConfig: { PrivateZone: true },
    VPC: { VPCId: 'vpc-1', VPCRegion: 'us-east-2' as const },
  };
  const made = await aws.route53.send(
    new CreateHostedZoneCommand({
      Name,
      CallerReference: `${Name} ${isPrivate}`,
      ...(isPrivate && inside),
    }),
  );
  return made.HostedZone?.Id;
}

/** Puts the validation records of these domains into a zone, as ACM asks for them. */
async function validate(arn: string, of: string[], HostedZoneId: string | undefined) {
  const { DomainValidationOptions } = await certificate(arn);
  for (const { DomainName = '', ResourceRecord } of DomainValidationOptions ?? []) {
    if (!of.includes(DomainName)) continue;
    const { Name, Type, Value } = ResourceRecord ?? {};
    const ResourceRecordSet = { Name, Type, TTL: 300, ResourceRecords: [{ Value }] };
    const Changes = [{ Action: 'UPSERT' as const, ResourceRecordSet }];
    await aws.route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }),
    );
  }
}

describe('a requested certificate', () => {
  test('has its validation records only after a while, one for a domain and its wildcard', async () => {
    await emulator.settings({ certificate_record_delay: 0.4 });
    const arn = await request();
    const first = await certificate(arn);
    expect(first).toMatchObject({
      Status: 'PENDING_VALIDATION',
      DomainName: domains[0],
      SubjectAlternativeNames: domains,
    });
    expect(first.IssuedAt ?? first.NotAfter ?? first.Serial).toBeUndefined();
    const options = first.DomainValidationOptions ?? [];
    expect(options.map((each) => each.DomainName)).toEqual(domains);
    expect(options.some((each) => each.ResourceRecord)).toBe(false);

    await sleep(400);
    const { DomainValidationOptions = [] } = await certificate(arn);
    const [app, www, wildcard] = DomainValidationOptions.map((each) => each.ResourceRecord);
    expect(app?.Name).toMatch(/^_[0-9a-f]{32}\.app\.example\.org\.$/);
    expect(app?.Value).toMatch(/^_[0-9a-f]{32}\.\w+\.acm-validations\.aws\.$/);
    expect(wildcard).toEqual(app);
    expect(www?.Value).not.toBe(app?.Value);
  });

  test('is issued when the records of all its domains are in public zones', async () => {
    await emulator.settings({ certificate_delay: 0.3 });
    const arn = await request();
    const [org, net, inside] = [
      await makeZone('example.org'),
      await makeZone('example.net'),
      await makeZone('example.net', true),
    ];
    await validate(arn, domains, org).catch(() => undefined); // refuses that of example.net
    await validate(arn, ['www.example.net'], inside);
    await sleep(300);
    const half = await certificate(arn);
    expect(half.Status).toBe('PENDING_VALIDATION');
    expect(half.DomainValidationOptions?.map((each) => each.ValidationStatus)).toEqual([
      'SUCCESS',
      'PENDING_VALIDATION',
      'SUCCESS',
    ]);
    await validate(arn, ['www.example.net'], net);
    expect(await statusOf(arn)).toBe('PENDING_VALIDATION');
    await sleep(300);
    expect(await certificate(arn)).toMatchObject({
      Status: 'ISSUED',
      IssuedAt: expect.any(Date),
      NotAfter: expect.any(Date),
    });
  });

  test('is issued by hand', async () => {
    const arn = await request();
    expect(await statusOf(arn)).toBe('PENDING_VALIDATION');
    await emulator.settings({ issue_certificates: true });
    expect(await statusOf(arn)).toBe('ISSUED');
  });

  test('is one for one token, and another for another, or once the first was deleted', async () => {
    const Tags = [{ Key: 'digital-apps:app', Value: 'one' }];
    const first = await request({ IdempotencyToken: 'one', Tags });
    expect(await request({ IdempotencyToken: 'one', Tags })).toBe(first);
    expect(await request({ IdempotencyToken: 'two', Tags })).not.toBe(first);
    const tags = await aws.acm.send(new ListTagsForCertificateCommand({ CertificateArn: first }));
    expect(tags.Tags).toEqual(Tags);
    await aws.acm.send(new DeleteCertificateCommand({ CertificateArn: first }));
    expect(await request({ IdempotencyToken: 'one', Tags })).not.toBe(first);
  });

  test.each([
    ['a name that is none', { DomainName: 'not a domain' }],
    ['a long first name', { DomainName: `${'long.'.repeat(13)}example.org` }],
    ['a token with hyphens', { IdempotencyToken: 'my-app' }],
    ['a long token', { IdempotencyToken: 'a'.repeat(33) }],
  ])('is refused: %s', async (_what, wrong) => {
    await expect(request(wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('is in its Region alone', async () => {
    const arn = await request();
    const { acm } = awsClients(emulator.endpoint, 'us-east-1');
    await expect(certificate(arn, acm)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('the list', () => {
  test('tells status and further domains', async () => {
    await request();
    const list = await aws.acm.send(
      new ListCertificatesCommand({ CertificateStatuses: ['PENDING_VALIDATION'] }),
    );
    expect(list.CertificateSummaryList).toMatchObject([
      {
        DomainName: domains[0],
        Status: 'PENDING_VALIDATION',
        SubjectAlternativeNameSummaries: domains,
        HasAdditionalSubjectAlternativeNames: false,
        InUse: false,
      },
    ]);
  });

  test('leaves out the key types that it was not asked for', async () => {
    const list = async (Includes?: Filters) =>
      (await aws.acm.send(new ListCertificatesCommand({ Includes }))).CertificateSummaryList;
    const [issued] = (await list()) ?? [];
    const { Certificate = '' } = await aws.acm.send(
      new GetCertificateCommand({ CertificateArn: issued?.CertificateArn }),
    );
    // The local ACM goes by the key, and does not mind that it belongs to another certificate.
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const imported = await aws.acm.send(
      new ImportCertificateCommand({
        Certificate: Buffer.from(Certificate),
        PrivateKey: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      }),
    );
    expect(await list()).toEqual([issued]);
    const { CertificateArn } = imported;
    expect(await list({ keyTypes: ['EC_prime256v1'] })).toMatchObject([{ CertificateArn }]);
  });
});

describe('on a listener', () => {
  let ListenerArn: string | undefined;

  beforeEach(async () => {
    const { subnets, group } = await makeNetwork(aws);
    const { LoadBalancers } = await aws.elb.send(
      new CreateLoadBalancerCommand({ Name: 'one', Subnets: subnets, SecurityGroups: [group] }),
    );
    const issued = await aws.acm.send(new ListCertificatesCommand({}));
    const made = await aws.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: issued.CertificateSummaryList?.[0]?.CertificateArn }],
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
      }),
    );
    ListenerArn = made.Listeners?.[0]?.ListenerArn;
  });

  const add = (CertificateArn: string) =>
    aws.elb.send(
      new AddListenerCertificatesCommand({ ListenerArn, Certificates: [{ CertificateArn }] }),
    );

  test('only an issued certificate is added, and it is added once', async () => {
    const arn = await request();
    await expect(add(`${arn}0`)).rejects.toMatchObject({ name: 'CertificateNotFoundException' });
    await expect(add(arn)).rejects.toMatchObject({
      name: expect.stringMatching(/^UnsupportedCertificate/),
    });
    await emulator.settings({ issue_certificates: true });
    await add(arn);
    const again = await add(arn);
    expect(again.Certificates).toEqual([{ CertificateArn: arn, IsDefault: false }]);
    const list = await aws.elb.send(new DescribeListenerCertificatesCommand({ ListenerArn }));
    expect(list.Certificates?.map((each) => each.IsDefault)).toEqual([true, false]);
    expect(list.Certificates?.[1]?.CertificateArn).toBe(arn);
    const { Listeners } = await aws.elb.send(
      new DescribeListenersCommand({ ListenerArns: [ListenerArn ?? ''] }),
    );
    expect(Listeners?.[0]?.Certificates).toHaveLength(1); // the default one alone
    await aws.elb.send(
      new RemoveListenerCertificatesCommand({
        ListenerArn,
        Certificates: [{ CertificateArn: arn }],
      }),
    );
    const left = await aws.elb.send(new DescribeListenerCertificatesCommand({ ListenerArn }));
    expect(left.Certificates).toHaveLength(1);
  });

  test('it is in use, and cannot be deleted', async () => {
    await emulator.settings({ issue_certificates: true });
    const arn = await request();
    await add(arn);
    expect((await certificate(arn)).InUseBy).toEqual([
      expect.stringContaining(':loadbalancer/app/one/'),
    ]);
    const remove = () => aws.acm.send(new DeleteCertificateCommand({ CertificateArn: arn }));
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await aws.elb.send(new DeleteListenerCommand({ ListenerArn }));
    await remove();
  });
});
