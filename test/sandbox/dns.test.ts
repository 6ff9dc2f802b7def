import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateLoadBalancerCommand,
  type LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  ListTagsForResourceCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { makeNetwork } from './fixtures.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;
let zone: string;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.reset();
  zone = await makeZone('example.org');
});

async function makeZone(Name: string, CallerReference = Name): Promise<string> {
  const made = await aws.route53.send(new CreateHostedZoneCommand({ Name, CallerReference }));
  return made.HostedZone?.Id ?? '';
}

const batch = (...Changes: Change[]) =>
  aws.route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }),
  );
const change = (Action: ChangeAction, ResourceRecordSet: ResourceRecordSet) =>
  batch({ Action, ResourceRecordSet });
const a = (Name: string, Value = '192.0.2.1'): ResourceRecordSet => ({
  Name,
  Type: 'A',
  TTL: 300,
  ResourceRecords: [{ Value }],
});
const cname = (Name: string, Value = 'elsewhere.example.net.'): ResourceRecordSet => ({
  ...a(Name, Value),
  Type: 'CNAME',
});
const records = (from: Partial<ListResourceRecordSetsCommandInput> = {}) =>
  aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...from }));
const names = async (from: Partial<ListResourceRecordSetsCommandInput> = {}) =>
  (await records(from)).ResourceRecordSets?.map((each) => each.Name);
const refused = (message: string) => ({ name: 'InvalidChangeBatch', message });

describe('zones', () => {
  test('are listed from a name on, in the order of reversed labels, page by page', async () => {
    for (const name of ['apps.city.gov', 'city.gov', 'a.example.org']) await makeZone(name);
    const list = async (DNSName?: string, MaxItems?: number) => {
      const page = await aws.route53.send(new ListHostedZonesByNameCommand({ DNSName, MaxItems }));
      return [page.HostedZones?.map((each) => each.Name), page.NextDNSName];
    };
    expect(await list()).toEqual([
      ['city.gov.', 'apps.city.gov.', 'example.org.', 'a.example.org.'],
      undefined,
    ]);
    expect(await list('b.city.gov')).toEqual([['example.org.', 'a.example.org.'], undefined]);
    expect(await list('apps.city.gov', 1)).toEqual([['apps.city.gov.'], 'example.org.']);
  });

  test('have the records that AWS puts there, and their tags', async () => {
    const { ResourceRecordSets } = await records();
    expect(ResourceRecordSets?.map((each) => each.Type)).toEqual(['NS', 'SOA']);
    expect(ResourceRecordSets?.[1]?.ResourceRecords?.[0]?.Value).toMatch(/^ns-\S+ hostmaster\./);
    const id = { ResourceType: 'hostedzone' as const, ResourceId: zone.replace(/.*\//, '') };
    const AddTags = [{ Key: 'owner', Value: 'web' }];
    await aws.route53.send(new ChangeTagsForResourceCommand({ ...id, AddTags }));
    const tags = await aws.route53.send(new ListTagsForResourceCommand(id));
    expect(tags.ResourceTagSet?.Tags).toEqual(AddTags);
  });

  test('of one name may be public and private, but not of one caller reference', async () => {
    await aws.route53.send(
      new CreateHostedZoneCommand({
        Name: 'example.org',
        CallerReference: 'inside',
        HostedZoneConfig: { PrivateZone: true },
        VPC: { VPCId: 'vpc-1', VPCRegion: REGION },
      }),
    );
    const { HostedZones } = await aws.route53.send(new ListHostedZonesCommand({}));
    expect(HostedZones?.map((each) => each.Config?.PrivateZone)).toEqual([false, true]);
    await expect(makeZone('example.net', 'inside')).rejects.toMatchObject({
      name: 'HostedZoneAlreadyExists',
    });
    await expect(makeZone('two..dots')).rejects.toMatchObject({ name: 'InvalidDomainName' });
  });
});

describe('records', () => {
  test('are listed from a name on, which itself may not be there', async () => {
    for (const name of ['zz', 'a', 'a-b', 'x.a', '*.w']) {
      await change('CREATE', a(`${name}.Example.org`));
    }
    expect(await names()).toEqual([
      ...['example.org.', 'example.org.', 'a-b.example.org.', 'a.example.org.'],
      ...['x.a.example.org.', '\\052.w.example.org.', 'zz.example.org.'],
    ]);
    expect(await names({ StartRecordName: 'M.example.org', MaxItems: 1 })).toEqual([
      '\\052.w.example.org.',
    ]);
    const wild = await records({ StartRecordName: '*.w.example.org', MaxItems: 1 });
    expect(wild.ResourceRecordSets?.[0]?.Name).toBe('\\052.w.example.org.');
    expect(wild).toMatchObject({ NextRecordName: 'zz.example.org.', NextRecordType: 'A' });
  });

  test('are made once, replaced, and deleted only by their own values', async () => {
    await change('CREATE', a('app.example.org'));
    const subject = "resource record set [name='app.example.org.', type='A']";
    await expect(change('CREATE', a('App.example.org', '192.0.2.9'))).rejects.toMatchObject(
      refused(`[Tried to create ${subject} but it already exists]`),
    );
    await change('UPSERT', a('app.example.org', '192.0.2.2'));
    await expect(change('DELETE', a('app.example.org'))).rejects.toMatchObject(
      refused(
        `[Tried to delete ${subject} but the values provided do not match the current values]`,
      ),
    );
    await change('DELETE', a('app.example.org', '192.0.2.2'));
    await expect(change('DELETE', a('app.example.org'))).rejects.toMatchObject(
      refused(`[Tried to delete ${subject} but it was not found]`),
    );
  });

  test('a batch is carried out as a whole or not at all', async () => {
    const outside = { Action: 'CREATE' as const, ResourceRecordSet: a('notexample.org') };
    const inside = { Action: 'CREATE' as const, ResourceRecordSet: a('app.example.org') };
    await expect(batch(inside, outside)).rejects.toMatchObject(
      refused('[RRSet with DNS name notexample.org. is not permitted in zone example.org.]'),
    );
    expect(await names()).not.toContain('app.example.org.');
    await batch(inside, { ...inside, Action: 'DELETE' }, inside);
    expect(await names()).toContain('app.example.org.');
  });

  test('a CNAME stands alone', async () => {
    await change('CREATE', a('app.example.org'));
    await change('CREATE', cname('www.example.org'));
    await expect(change('CREATE', cname('app.example.org'))).rejects.toThrow(
      /type CNAME .+ not permitted as it conflicts with other records/,
    );
    await expect(change('UPSERT', a('www.example.org'))).rejects.toThrow(
      /type A .+ because a conflicting RRSet of type CNAME with the same DNS name already exists/,
    );
    await expect(change('CREATE', cname('example.org'))).rejects.toThrow(/not permitted at apex/);
  });

  test('have either values and a TTL or an alias', async () => {
    const AliasTarget = { HostedZoneId: zone, DNSName: 'a.org', EvaluateTargetHealth: false };
    for (const wrong of [{ AliasTarget }, { ResourceRecords: undefined }, { TTL: undefined }]) {
      const both = change('CREATE', { ...a('app.example.org'), ...wrong });
      await expect(both).rejects.toMatchObject({ name: 'InvalidInput' });
    }
  });
});

describe('an alias', () => {
  const alias = (DNSName: string, HostedZoneId: string): ResourceRecordSet => ({
    Name: 'app.example.org',
    Type: 'A',
    AliasTarget: { DNSName, HostedZoneId, EvaluateTargetHealth: true },
  });

  async function makeLoadBalancer(): Promise<LoadBalancer | undefined> {
    const { subnets, group } = await makeNetwork(aws);
    const made = await aws.elb.send(
      new CreateLoadBalancerCommand({ Name: 'one', Subnets: subnets, SecurityGroups: [group] }),
    );
    return made.LoadBalancers?.[0];
  }

  test('leads to a load balancer of its zone', async () => {
    const { DNSName = '', CanonicalHostedZoneId = '' } = (await makeLoadBalancer()) ?? {};
    await change('CREATE', alias(DNSName, CanonicalHostedZoneId));
    await change('CREATE', { ...alias(DNSName, CanonicalHostedZoneId), Type: 'AAAA' });
    const { ResourceRecordSets } = await records({ StartRecordName: 'app.example.org' });
    expect(ResourceRecordSets).toEqual([
      {
        Name: 'app.example.org.',
        Type: 'A',
        AliasTarget: {
          DNSName: `${DNSName}.`,
          HostedZoneId: CanonicalHostedZoneId,
          EvaluateTargetHealth: true,
        },
      },
      expect.objectContaining({ Type: 'AAAA' }),
    ]);
    await expect(change('UPSERT', alias(DNSName, 'Z000WRONG'))).rejects.toMatchObject(
      refused(
        `[Tried to create an alias that targets ${DNSName}., type A in zone Z000WRONG, ` +
          'but the alias target name does not lie within the target zone]',
      ),
    );
  });

  test('leads to CloudFront, or to a record of the same zone that is there', async () => {
    await change('CREATE', alias('d111111abcdef8.cloudfront.net', 'Z2FDTNDATAQYW2'));
    const own = alias('www.example.org', zone.replace(/.*\//, ''));
    await expect(change('UPSERT', own)).rejects.toThrow(/but that target was not found/);
    await change('CREATE', a('www.example.org'));
    await change('UPSERT', own);
  });
});

test('a change is pending for a while', async () => {
  await emulator.settings({ dns_delay: 0.4 });
  const { ChangeInfo } = await change('CREATE', a('app.example.org'));
  const status = async (Id = ChangeInfo?.Id) =>
    (await aws.route53.send(new GetChangeCommand({ Id }))).ChangeInfo?.Status;
  expect([ChangeInfo?.Status, await status()]).toEqual(['PENDING', 'PENDING']);
  await sleep(400);
  expect(await status()).toBe('INSYNC');
  await expect(status('C000NONE')).rejects.toMatchObject({ name: 'NoSuchChange' });
});
