import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import {
  CreateDistributionCommand,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetDistributionConfigCommand,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  UpdateCachePolicyCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cachePolicy } from '../../../src/tasks/app/cache-policy.ts';
import { appCertificate } from '../../../src/tasks/app/certificate.ts';
import { assetPrefix, distribution } from '../../../src/tasks/app/distribution.ts';
import { certificateIssued } from '../../../src/tasks/app/validation.ts';
import { run as carryOut } from '../../../src/tasks/graph.ts';
import { presets } from '../../support/faults.ts';
import { plan } from '../fakes.ts';
import { type AppWorld, newAppWorld } from './world.ts';

const ALL = [cachePolicy, distribution];
const NAME = 'CloudFront distribution';
let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

async function run(service: string, answers = {}) {
  world.faults.calls.length = 0;
  const ran = await world.run(ALL, { service, answers: { cdn: true, ...answers } });
  return { ...ran, outcome: ran.outcomes[NAME] };
}

async function planned(service: string, adopt = false) {
  const env = await world.env({ service, answers: { cdn: true } });
  const { steps } = await plan(ALL, { env, adopt });
  return steps.find(({ resource }) => resource === distribution)!;
}

/** Those of that app, by its comment or by its origin. */
async function distributionsOf(service: string) {
  const { DistributionList } = await world.aws.cloudFront.send(new ListDistributionsCommand({}));
  return (DistributionList?.Items ?? []).filter(
    ({ Comment, Origins }) =>
      Comment === service || Origins?.Items?.[0]?.DomainName === `${service}.example.gov`,
  );
}

async function configOf(service: string) {
  const [found] = await distributionsOf(service);
  const { DistributionConfig, ETag } = await world.aws.cloudFront.send(
    new GetDistributionConfigCommand({ Id: found!.Id }),
  );
  return { Id: found!.Id!, ETag, config: DistributionConfig! };
}

/** As a person would, in the console. */
async function changeByHand(service: string, change: (config: DistributionConfig) => void) {
  const { Id, ETag, config } = await configOf(service);
  change(config);
  await world.aws.cloudFront.send(
    new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: config }),
  );
}

describe('the distribution', () => {
  test('asks the app’s own host, and is tagged and named as the app’s', async () => {
    const { outcome, lives } = await run('permits');
    expect(outcome).toBe('create');
    const [found, ...others] = await distributionsOf('permits');
    expect(others).toEqual([]);
    const { config } = await configOf('permits');
    expect(config).toMatchObject({
      Comment: 'permits',
      Enabled: true,
      PriceClass: 'PriceClass_100',
      HttpVersion: 'http2and3',
      IsIPV6Enabled: true,
    });
    expect(config.Origins?.Items).toHaveLength(1);
    expect(config.Origins?.Items?.[0]).toMatchObject({
      DomainName: 'permits.example.gov',
      CustomHeaders: { Quantity: 0 },
      CustomOriginConfig: {
        OriginProtocolPolicy: 'http-only',
        OriginSslProtocols: { Items: ['TLSv1.2'] },
      },
    });
    expect(config.DefaultCacheBehavior).toMatchObject({
      Compress: true,
      ViewerProtocolPolicy: 'redirect-to-https',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    });
    expect(config.DefaultCacheBehavior?.AllowedMethods?.Items?.toSorted()).toEqual([
      'GET',
      'HEAD',
      'OPTIONS',
    ]);
    const { Tags } = await world.aws.cloudFront.send(
      new ListTagsForResourceCommand({ Resource: found?.ARN }),
    );
    expect(Tags?.Items).toContainEqual({ Key: 'digital-apps:app', Value: 'permits' });
    const live = lives.get(distribution) as unknown as { domainName: string };
    expect(assetPrefix(live)).toBe(`https://${found?.DomainName}`);
  });

  test('keeps nothing but what the app says, and does not tell viewers’ hosts apart', async () => {
    await run('cached');
    const { config } = await configOf('cached');
    const { CachePolicy } = await world.aws.cloudFront.send(
      new GetCachePolicyCommand({ Id: config.DefaultCacheBehavior?.CachePolicyId }),
    );
    expect(CachePolicy?.CachePolicyConfig).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      MaxTTL: 31_536_000,
      ParametersInCacheKeyAndForwardedToOrigin: {
        HeadersConfig: { HeaderBehavior: 'none' },
        CookiesConfig: { CookieBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
      },
    });
  });

  test('is left as it is by a second run, which says so while it is being spread', async () => {
    await world.emulator.settings({ distribution_delay: 60 });
    await run('again');
    const again = await run('again');
    expect(again.outcomes).toEqual({ 'Cache policy': 'keep', [NAME]: 'keep' });
    expect(world.changing()).toEqual([]);
    expect((await planned('again')).remarks.join()).toContain('still spreading');
    await world.emulator.settings({ distribution_delay: 0 });
    expect((await planned('again')).remarks).toEqual([]);
  });

  test('is made once where the answer to its making is lost', async () => {
    world.faults.inject({ ...presets.answerLost, operation: /^cloudfront\.Create/, times: 2 });
    expect((await run('lost')).errors).toEqual([]);
    expect(await distributionsOf('lost')).toHaveLength(1);
  });

  test('is made once, with one policy, by two runs at once', async () => {
    const app = { service: 'twice', answers: { cdn: true } };
    const plans = await Promise.all([world.plan(ALL, app), world.plan(ALL, app)]);
    const ends = await Promise.all(plans.map((each) => carryOut(each, () => {})));
    expect(ends.flat().flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(await distributionsOf('twice')).toHaveLength(1);
    const { CachePolicyList } = await world.aws.cloudFront.send(
      new ListCachePoliciesCommand({ Type: 'custom' }),
    );
    expect(CachePolicyList?.Quantity).toBe(1);
  });

  test('is put right by one change, and what a person set besides stays', async () => {
    await run('altered');
    await changeByHand('altered', (config) => {
      config.PriceClass = 'PriceClass_All';
      config.Comment = 'Somebody’s';
      config.DefaultCacheBehavior!.ViewerProtocolPolicy = 'allow-all';
      config.DefaultCacheBehavior!.AllowedMethods = {
        Quantity: 2,
        Items: ['HEAD', 'GET'],
        CachedMethods: { Quantity: 2, Items: ['HEAD', 'GET'] },
      };
      config.DefaultRootObject = 'index.html';
      config.WebACLId = 'a-firewall';
      config.Origins!.Items![0]!.CustomOriginConfig!.OriginReadTimeout = 59;
      config.Origins!.Items!.push({ ...config.Origins!.Items![0]!, Id: 'theirs' });
      config.Origins!.Quantity = 2;
      config.CacheBehaviors = {
        Quantity: 1,
        Items: [
          { ...config.DefaultCacheBehavior!, PathPattern: '/their/*', TargetOriginId: 'theirs' },
        ],
      };
    });
    const { differences } = await planned('altered');
    expect(differences.map(({ field }) => field).sort()).toEqual([
      'settings.comment',
      'settings.methods',
      'settings.priceClass',
      'settings.viewerProtocol',
    ]);
    const { outcome } = await run('altered');
    expect(outcome).toBe('change');
    expect(world.changing()).toEqual(['UpdateDistribution']);
    const { config } = await configOf('altered');
    expect(config).toMatchObject({
      Comment: 'altered',
      PriceClass: 'PriceClass_100',
      DefaultRootObject: 'index.html',
      WebACLId: 'a-firewall',
      CacheBehaviors: {
        Quantity: 1,
        Items: [{ PathPattern: '/their/*', ViewerProtocolPolicy: 'allow-all' }],
      },
    });
    expect(config.Origins?.Items?.map(({ Id }) => Id).sort()).toEqual(['altered', 'theirs']);
    expect(config.Origins?.Items?.map((o) => o.CustomOriginConfig?.OriginReadTimeout)).toEqual([
      59, 59,
    ]);
    expect((await run('altered')).outcome).toBe('keep');
  });

  test('is set on top of what a person sets at the same moment', async () => {
    await run('crossed');
    await changeByHand('crossed', (config) => {
      config.PriceClass = 'PriceClass_200';
    });
    world.faults.inject(presets.cdnChanged);
    expect((await run('crossed')).outcome).toBe('change');
    expect((await configOf('crossed')).config.PriceClass).toBe('PriceClass_100');
  });

  test('asks the host by HTTPS from when its certificate is issued', async () => {
    await run('secure');
    const { CertificateSummaryList } = await world.aws.acm.send(new ListCertificatesCommand({}));
    const certificate = CertificateSummaryList?.[0]?.CertificateArn;
    const { outcomes } = await world.run([appCertificate, certificateIssued, ...ALL], {
      service: 'secure',
      answers: { cdn: true, certificate },
    });
    expect(outcomes[NAME]).toBe('change');
    const { config } = await configOf('secure');
    expect(config.Origins?.Items?.[0]?.CustomOriginConfig?.OriginProtocolPolicy).toBe('https-only');
  });

  test('goes on asking the host that it asks, in whatever order they are named', async () => {
    const hosts = ['order.example.gov', 'a-order.example.gov'];
    const app = (host: string[]) => ({ service: 'order', answers: { cdn: true, host } });
    await world.run(ALL, app(hosts));
    const { outcomes } = await world.run(ALL, app(hosts.toReversed()));
    expect(outcomes[NAME]).toBe('keep');
    const { config } = await configOf('order');
    expect(config.Origins?.Items?.[0]?.DomainName).toBe(hosts[0]);
  });

  test('that was disabled stays so, and somebody is asked to look', async () => {
    await run('disabled');
    await changeByHand('disabled', (config) => {
      config.Enabled = false;
    });
    const { outcome, attention } = await run('disabled');
    expect(outcome).toBe('keep');
    expect(attention.join()).toMatch(/was disabled by somebody/);
    expect((await configOf('disabled')).config.Enabled).toBe(false);
  });

  test('says what to do where the account may not have any yet', async () => {
    world.faults.inject({ ...presets.cdnNotVerified, times: 9 });
    const { results } = await run('unverified');
    const error = results.find(({ resource }) => resource === distribution)?.error;
    expect(error?.answer).toContain('Your account must be verified');
    expect(error?.fix).toMatch(/write to AWS Support.+cdn=no/);
  });
});

describe('a distribution that was made by hand', () => {
  async function madeByHand(service: string, DomainName: string) {
    await run(service);
    const { config } = await configOf(service);
    config.CallerReference = `by hand ${service}`;
    config.Origins!.Items![0]!.DomainName = DomainName;
    config.Comment = `${service}-old`;
    await world.aws.cloudFront.send(new CreateDistributionCommand({ DistributionConfig: config }));
  }

  test('for the app’s host is refused, and taken over when that is said', async () => {
    await madeByHand('maker', 'by-hand.example.gov');
    await expect(planned('by-hand')).rejects.toThrow(/not made by digital-apps/);
    const { action, differences } = await planned('by-hand', true);
    expect(action).toBe('change');
    expect(differences.map(({ field }) => field)).toContain('tags');
  });

  test('under the app’s name for something else is not in the way', async () => {
    await madeByHand('other', 'somewhere.example.org');
    await changeByHand('other-old', (config) => {
      config.Comment = 'same-name';
    });
    expect((await planned('same-name')).action).toBe('create');
  });
});

test('a cache policy that somebody has changed is left so, and told of', async () => {
  await run('policy');
  const { CachePolicyList } = await world.aws.cloudFront.send(
    new ListCachePoliciesCommand({ Type: 'custom' }),
  );
  const { Id } = CachePolicyList!.Items![0]!.CachePolicy!;
  const { CachePolicy, ETag } = await world.aws.cloudFront.send(new GetCachePolicyCommand({ Id }));
  await world.aws.cloudFront.send(
    new UpdateCachePolicyCommand({
      ...{ Id, IfMatch: ETag },
      CachePolicyConfig: { ...CachePolicy!.CachePolicyConfig!, DefaultTTL: 60 },
    }),
  );
  const env = await world.env({ service: 'policy', answers: { cdn: true } });
  const { steps } = await plan(ALL, { env });
  const step = steps.find(({ resource }) => resource === cachePolicy);
  expect(step?.action).toBe('keep');
  expect(step?.remarks.join()).toContain('somebody has changed');
});
