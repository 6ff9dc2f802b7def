import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dnsStates, hostedZones, hostRecords } from '../../../src/tasks/app/dns.ts';
import { remarksOf } from '../../../src/tasks/plan.ts';
import { presets } from '../../support/faults.ts';
import { type App, type AppWorld, newAppWorld } from './world.ts';

const resources = [hostedZones, hostRecords];
let world: AppWorld;
let loadBalancer: { dnsName: string; zoneId: string };

beforeAll(async () => {
  world = await newAppWorld();
  loadBalancer = (await world.env({ service: 'any' })).cluster.loadBalancer;
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

const appAt = (...host: string[]): App => ({ service: 'parks', answers: { host } });

async function newZone(Name: string, isPrivate = false): Promise<string> {
  const { HostedZone } = await world.aws.route53.send(
    new CreateHostedZoneCommand({
      ...{ Name, CallerReference: `${Name} ${Math.random()}` },
      ...(isPrivate && {
        HostedZoneConfig: { PrivateZone: true },
        VPC: {
          VPCId: (await world.env({ service: 'any' })).cluster.vpcId,
          VPCRegion: 'us-east-2' as const,
        },
      }),
    }),
  );
  return HostedZone!.Id!.split('/').at(-1)!;
}

function change(
  Action: 'CREATE' | 'UPSERT' | 'DELETE',
  HostedZoneId: string,
  set: ResourceRecordSet,
) {
  return world.aws.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId,
      ChangeBatch: { Changes: [{ Action, ResourceRecordSet: set }] },
    }),
  );
}

const record = (Name: string, Type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'TXT', Value: string) => ({
  ...{ Name, Type, TTL: 60 },
  ResourceRecords: [{ Value }],
});

/** "parks.example.gov. A alias of lb." for each but the zone's own. */
async function recordsIn(HostedZoneId: string): Promise<string[]> {
  const { ResourceRecordSets = [] } = await world.aws.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId }),
  );
  return ResourceRecordSets.filter(({ Type }) => Type !== 'SOA' && Type !== 'NS').map(
    ({ Name, Type, AliasTarget, ResourceRecords }) =>
      `${Name} ${Type} ${AliasTarget ? 'alias' : ResourceRecords?.[0]?.Value}`,
  );
}

describe('in a zone of the account', () => {
  test('every host becomes an alias of the load balancer, once', async () => {
    const zone = await newZone('a.example');
    const app = appAt('parks.a.example', 'a.example');
    const planned = await world.plan(resources, app);
    expect(planned.steps[1]).toMatchObject({
      action: 'create',
      wanted: {
        records: new Set([
          `parks.a.example A ${loadBalancer.dnsName}`,
          `a.example A ${loadBalancer.dnsName}`,
        ]),
      },
    });
    const { outcomes, errors } = await world.run(resources, app);
    expect([errors, outcomes]).toEqual([[], { 'Hosted zone': 'keep', 'DNS records': 'create' }]);
    expect((await recordsIn(zone)).sort()).toEqual([
      ...['a.example. A alias', 'parks.a.example. A alias'],
    ]);
    const { ResourceRecordSets = [] } = await world.aws.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: 'parks.a.example' }),
    );
    expect(ResourceRecordSets[0]?.AliasTarget).toEqual({
      DNSName: `${loadBalancer.dnsName.toLowerCase()}.`,
      ...{ HostedZoneId: loadBalancer.zoneId, EvaluateTargetHealth: false },
    });
    world.faults.clear();
    const again = await world.run(resources, app);
    expect(again.outcomes['DNS records']).toBe('keep');
    expect(world.faults.calls.filter(({ changing }) => changing)).toEqual([]);
  });

  test('of several zones the nearest is taken, and of those the public one', async () => {
    const [far, near, hidden] = [
      await newZone('b.example'),
      await newZone('city.b.example'),
      await newZone('parks.city.b.example', true),
    ];
    await newZone('ity.b.example');
    await world.run(resources, appAt('parks.city.b.example'));
    expect(await recordsIn(near)).toEqual(['parks.city.b.example. A alias']);
    expect([await recordsIn(far), await recordsIn(hidden)]).toEqual([[], []]);
  });

  test('a record that was deleted is made again, and a host that moved gets its own', async () => {
    const zone = await newZone('c.example');
    await world.run(resources, appAt('old.c.example'));
    const [found] = (
      await world.aws.route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: 'old.c.example' }),
      )
    ).ResourceRecordSets!;
    await change('DELETE', zone, found!);
    expect((await world.run(resources, appAt('old.c.example'))).outcomes['DNS records']).toBe(
      'create',
    );
    await world.run(resources, appAt('new.c.example'));
    expect(await recordsIn(zone)).toEqual(['new.c.example. A alias', 'old.c.example. A alias']);
  });

  test('a CNAME or an alias that leads to the load balancer already is as good', async () => {
    const zone = await newZone('d.example');
    await change('CREATE', zone, record('one.d.example', 'CNAME', loadBalancer.dnsName));
    await change('CREATE', zone, {
      ...{ Name: 'two.d.example', Type: 'A' },
      AliasTarget: {
        DNSName: `dualstack.${loadBalancer.dnsName}`,
        ...{ HostedZoneId: loadBalancer.zoneId, EvaluateTargetHealth: true },
      },
    });
    const { outcomes, attention } = await world.run(
      resources,
      appAt('one.d.example', 'two.d.example'),
    );
    expect([outcomes['DNS records'], attention]).toEqual(['keep', []]);
  });

  test('a name with text alone is free', async () => {
    const zone = await newZone('e.example');
    await change('CREATE', zone, record('parks.e.example', 'TXT', '"owner=parks"'));
    await world.run(resources, appAt('parks.e.example'));
    expect(await recordsIn(zone)).toContain('parks.e.example. A alias');
  });

  test('a load balancer with IPv6 gets both kinds', async () => {
    const zone = await newZone('f.example');
    await world.run(resources, appAt('parks.f.example'));
    const env = await world.env(appAt('parks.f.example'));
    const cluster = {
      ...env.cluster,
      loadBalancer: { ...env.cluster.loadBalancer, hasIpv6: true },
    };
    const place = { ...env, cluster };
    const host = 'parks.f.example';
    expect(await dnsStates(place, [host])).toEqual({ [host]: 'wanted' });
    const needs = { hostedZones: (await hostedZones.read(place))! };
    await hostRecords.create(place, needs, {});
    expect(await recordsIn(zone)).toEqual([
      'parks.f.example. A alias',
      'parks.f.example. AAAA alias',
    ]);
    expect(await dnsStates(place, [host])).toEqual({ [host]: 'ours' });
  });
});

describe('what is somebody else’s', () => {
  test.each([
    ['an address', record('g.example', 'A', '192.0.2.7'), 'A 192.0.2.7'],
    ['another name', record('g.example', 'CNAME', 'www.example.net'), 'CNAME www.example.net'],
    ['an IPv6 address', record('g.example', 'AAAA', '2001:db8::7'), 'AAAA 2001:db8::7'],
    ['other name servers', record('g.example', 'NS', 'ns.example.net'), 'NS ns.example.net'],
  ])('%s is told and never overwritten', async (kind, set, says) => {
    const name = `${kind.replaceAll(' ', '-')}.g.example`.toLowerCase();
    const zone = await newZone(name);
    const host = `parks.${name}`;
    await change('CREATE', zone, { ...set, Name: host });
    const before = await recordsIn(zone);
    const free = `free.${name}`;
    const { outcomes, attention, errors } = await world.run(resources, appAt(host, free));
    expect([errors, outcomes['DNS records']]).toEqual([[], 'create']);
    expect(attention).toEqual([expect.stringContaining(`${host} leads elsewhere (${says})`)]);
    expect((await recordsIn(zone)).sort()).toEqual([...before, `${free}. A alias`].sort());
    const env = await world.env(appAt(host));
    expect(await dnsStates(env, [host, free, 'parks.elsewhere.example'])).toEqual({
      ...{ [host]: { foreign: says }, [free]: 'ours', 'parks.elsewhere.example': 'no zone' },
    });
  });

  test('and comes between our look and our call stays, and the other hosts are made', async () => {
    const zone = await newZone('h.example');
    const [taken, free] = ['taken.h.example', 'free.h.example'];
    const env = await world.env(appAt(taken, free));
    const needs = { hostedZones: (await hostedZones.read(env))! };
    world.faults.inject({ operation: 'ChangeResourceRecordSets', latency: 600 });
    const making = hostRecords.create(env, needs, {});
    await expect.poll(() => world.faults.calls.some(({ changing }) => changing)).toBe(true);
    await change('CREATE', zone, record(taken, 'CNAME', 'www.example.net'));
    expect((await making).hosts).toEqual({
      ...{ [taken]: { foreign: 'CNAME www.example.net' }, [free]: 'ours' },
    });
    expect((await recordsIn(zone)).sort()).toEqual([
      ...[`${free}. A alias`, `${taken}. CNAME www.example.net`],
    ]);
  });
});

test('two runs at once, and a lost answer, make one of each', async () => {
  const zone = await newZone('i.example');
  world.faults.inject({ operation: 'ChangeResourceRecordSets', latency: 300, times: 2 });
  const app = appAt('parks.i.example');
  const both = await Promise.all([world.run(resources, app), world.run(resources, app)]);
  expect(both.flatMap(({ errors, attention }) => [...errors, ...attention])).toEqual([]);
  world.faults.inject({ ...presets.answerLost, operation: 'ChangeResourceRecordSets' });
  expect((await world.run(resources, appAt('lost.i.example'))).errors).toEqual([]);
  expect((await recordsIn(zone)).sort()).toEqual([
    ...['lost.i.example. A alias', 'parks.i.example. A alias'],
  ]);
});

describe('without a zone', () => {
  test('nothing is made and nothing is wrong', async () => {
    const { outcomes, attention, lives } = await world.run(resources, appAt('parks.none.example'));
    expect(outcomes).toEqual({ 'Hosted zone': 'keep', 'DNS records': 'keep' });
    expect([attention, lives.get(hostedZones)!.id]).toEqual([[], 'none in this account']);
  });

  test('that one may look at, it is the same', async () => {
    world.faults.inject({
      ...{ operation: 'ListHostedZones', times: 9, status: 403, code: 'AccessDenied' },
      message: 'User: arn:aws:iam::1:user/x is not authorized to perform: route53:ListHostedZones',
    });
    const { plan, lives, outcomes } = await world.run(resources, appAt('parks.a.example'));
    expect(outcomes).toEqual({ 'Hosted zone': 'keep', 'DNS records': 'keep' });
    expect(remarksOf(hostedZones, plan.env, lives.get(hostedZones)!, {})).toEqual([
      'you may not look at Route 53 (route53:ListHostedZones), so its records are left to others',
    ]);
  });
});

test('a name that the zone hands to other servers is not the zone’s', async () => {
  const zone = await newZone('handed.example');
  await change('CREATE', zone, record('apps.handed.example', 'NS', 'ns.elsewhere.example'));
  const { lives } = await world.run(resources, appAt('parks.apps.handed.example'));
  expect(lives.get(hostRecords)).toMatchObject({
    hosts: { 'parks.apps.handed.example': 'no zone' },
  });
  expect(await recordsIn(zone)).toEqual([]);
});
