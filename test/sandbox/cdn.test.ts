import { setTimeout as sleep } from 'node:timers/promises';
import { ListCertificatesCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  type CachePolicyConfig,
  CreateCachePolicyCommand,
  CreateDistributionCommand,
  CreateDistributionWithTagsCommand,
  DeleteCachePolicyCommand,
  DeleteDistributionCommand,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateCachePolicyCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint, 'us-east-1');
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(() => emulator.reset());

const USE_ORIGIN_CACHE_CONTROL = '83da9c7e-98b4-4e11-a168-04f0df8e2c65';
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

const origin = {
  Id: 'app',
  DomainName: 'app.example.gov',
  OriginPath: '',
  CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'X-From-Cdn', HeaderValue: 'yes' }] },
  CustomOriginConfig: {
    HTTPPort: 80,
    HTTPSPort: 443,
    OriginProtocolPolicy: 'https-only' as const,
    OriginSslProtocols: { Quantity: 1, Items: ['TLSv1.2' as const] },
    OriginReadTimeout: 45,
    OriginKeepaliveTimeout: 10,
  },
};

const behavior = {
  TargetOriginId: 'app',
  ViewerProtocolPolicy: 'redirect-to-https' as const,
  Compress: true,
  CachePolicyId: USE_ORIGIN_CACHE_CONTROL,
  OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
};

const config = (change: Partial<DistributionConfig> = {}): DistributionConfig => ({
  CallerReference: 'one',
  Comment: 'app',
  Enabled: true,
  PriceClass: 'PriceClass_100',
  HttpVersion: 'http2and3',
  IsIPV6Enabled: true,
  Origins: { Quantity: 1, Items: [origin] },
  DefaultCacheBehavior: behavior,
  ...change,
});

async function make(change: Partial<DistributionConfig> = {}) {
  const { Distribution, ETag } = await aws.cloudFront.send(
    new CreateDistributionCommand({ DistributionConfig: config(change) }),
  );
  return { ...Distribution, ETag };
}

const refused = (name: string, message?: string) => ({ name, ...(message && { message }) });

describe('a distribution', () => {
  const all = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;

  test('tells all that was set, with the methods in its own order, and nothing made up', async () => {
    const AllowedMethods = {
      Quantity: 7,
      Items: [...all],
      CachedMethods: { Quantity: 2, Items: ['GET' as const, 'HEAD' as const] },
    };
    const asked = config({ DefaultCacheBehavior: { ...behavior, AllowedMethods } });
    const { Id } = await make(asked);
    const told = await aws.cloudFront.send(new GetDistributionConfigCommand({ Id }));
    const { Origins, DefaultCacheBehavior, ...rest } = asked;
    expect(told.DistributionConfig).toMatchObject({ ...rest, Origins });
    const live = told.DistributionConfig?.DefaultCacheBehavior;
    expect(live).toMatchObject({
      ...behavior,
      AllowedMethods: {
        Items: ['HEAD', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PUT', 'PATCH'],
        CachedMethods: { Items: ['HEAD', 'GET'] },
      },
    });
    expect([live?.ForwardedValues, live?.MinTTL, live?.DefaultTTL]).toEqual(
      Array(3).fill(undefined),
    );
  });

  test('has what AWS adds', async () => {
    const { Id } = await make({
      PriceClass: undefined,
      DefaultCacheBehavior: {
        ...behavior,
        Compress: undefined,
      },
    });
    const told = await aws.cloudFront.send(new GetDistributionConfigCommand({ Id }));
    expect(told.DistributionConfig).toMatchObject({
      PriceClass: 'PriceClass_All',
      Aliases: { Quantity: 0 },
      DefaultRootObject: '',
      ViewerCertificate: { CloudFrontDefaultCertificate: true },
      DefaultCacheBehavior: {
        Compress: false,
        AllowedMethods: { Items: ['HEAD', 'GET'] },
        SmoothStreaming: false,
      },
    });
  });

  test('is found by its tags, and they can be changed', async () => {
    const app = { Key: 'digital-apps:app', Value: 'one' };
    const { Distribution } = await aws.cloudFront.send(
      new CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: { DistributionConfig: config(), Tags: { Items: [app] } },
      }),
    );
    const Resource = Distribution?.ARN ?? '';
    expect(Resource).toMatch(/^arn:aws:cloudfront::\d{12}:distribution\/E[A-Z0-9]+$/);
    const more = { Key: 'more', Value: 'yes' };
    await aws.cloudFront.send(new TagResourceCommand({ Resource, Tags: { Items: [more] } }));
    const { Tags } = await aws.cloudFront.send(new ListTagsForResourceCommand({ Resource }));
    expect(Tags?.Items).toEqual([app, more]);
    const none = new ListTagsForResourceCommand({ Resource: `${Resource}0` });
    await expect(aws.cloudFront.send(none)).rejects.toMatchObject(refused('NoSuchResource'));
  });

  test('is listed with its settings, page by page', async () => {
    for (const name of ['one', 'two', 'three']) {
      await make({ CallerReference: name, Comment: name });
    }
    const list = async (Marker?: string) =>
      (await aws.cloudFront.send(new ListDistributionsCommand({ MaxItems: 2, Marker })))
        .DistributionList;
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, Quantity: 2 });
    expect(first?.Items?.[0]).toMatchObject({
      Comment: 'one',
      Enabled: true,
      PriceClass: 'PriceClass_100',
      Origins: { Items: [{ DomainName: 'app.example.gov' }] },
    });
    const second = await list(first?.NextMarker);
    expect(second?.IsTruncated).toBe(false);
    expect(second?.Items?.map((each) => each.Comment)).toEqual(['three']);
  });

  test('is in progress for a while after it was made or changed', async () => {
    await emulator.settings({ distribution_delay: 0.4 });
    const { Id, ETag, Status } = await make();
    const status = async () =>
      (await aws.cloudFront.send(new GetDistributionCommand({ Id }))).Distribution?.Status;
    expect([Status, await status()]).toEqual(['InProgress', 'InProgress']);
    await sleep(400);
    expect(await status()).toBe('Deployed');
    const DistributionConfig = config({ Comment: 'new' });
    await aws.cloudFront.send(
      new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }),
    );
    expect(await status()).toBe('InProgress');
  });

  test('is changed only by its version', async () => {
    const { Id, ETag } = await make();
    const update = (IfMatch: string | undefined, change: Partial<DistributionConfig>) =>
      aws.cloudFront.send(
        new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig: config(change) }),
      );
    await expect(update(undefined, {})).rejects.toMatchObject(refused('InvalidIfMatchVersion'));
    await expect(update('E0OTHER', {})).rejects.toMatchObject(refused('PreconditionFailed'));
    await expect(update(ETag, { CallerReference: 'two' })).rejects.toMatchObject(
      refused('IllegalUpdate'),
    );
    const updated = await update(ETag, { Comment: 'new' });
    await expect(update(ETag, {})).rejects.toMatchObject(refused('PreconditionFailed'));
    const told = await aws.cloudFront.send(new GetDistributionConfigCommand({ Id }));
    expect(told.ETag).toBe(updated.ETag);
    expect(told.DistributionConfig?.Comment).toBe('new');
  });

  test('is deleted when it is disabled and deployed', async () => {
    await emulator.settings({ distribution_delay: 0.2 });
    const { Id, ETag } = await make();
    const remove = (IfMatch?: string) =>
      aws.cloudFront.send(new DeleteDistributionCommand({ Id, IfMatch }));
    await sleep(200);
    await expect(remove(ETag)).rejects.toMatchObject(refused('DistributionNotDisabled'));
    const DistributionConfig = config({ Enabled: false });
    const disabled = await aws.cloudFront.send(
      new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }),
    );
    await expect(remove(disabled.ETag)).rejects.toMatchObject(refused('DistributionNotDisabled'));
    await sleep(200);
    await remove(disabled.ETag);
    await expect(aws.cloudFront.send(new GetDistributionCommand({ Id }))).rejects.toMatchObject(
      refused('NoSuchDistribution'),
    );
  });

  test('is made once for a caller reference, whatever else it says', async () => {
    await make();
    for (const change of [{}, { Comment: 'other' }, { Comment: 'x'.repeat(129) }]) {
      await expect(make(change)).rejects.toMatchObject(refused('DistributionAlreadyExists'));
    }
  });

  test.each(['Host', 'Cookie', 'proxy-x', 'X-Amz-Id', 'X-Edge-Y', 'X-Real-Ip', 'Via'])(
    'sends no header named %s',
    async (HeaderName) => {
      const CustomHeaders = { Quantity: 1, Items: [{ HeaderName, HeaderValue: 'x' }] };
      const Origins = { Quantity: 1, Items: [{ ...origin, CustomHeaders }] };
      await expect(make({ Origins })).rejects.toMatchObject(
        refused('InvalidArgument', `The parameter HeaderName : ${HeaderName} is not allowed.`),
      );
    },
  );

  test.each<[string, string, Partial<DistributionConfig>]>([
    ['a long comment', 'InvalidArgument', { Comment: 'x'.repeat(129) }],
    ['a wrong quantity', 'InconsistentQuantities', { Origins: { Quantity: 2, Items: [origin] } }],
    [
      'no such origin',
      'NoSuchOrigin',
      { DefaultCacheBehavior: { ...behavior, TargetOriginId: 'other' } },
    ],
    [
      'no such cache policy',
      'NoSuchCachePolicy',
      { DefaultCacheBehavior: { ...behavior, CachePolicyId: 'none' } },
    ],
    [
      'no such origin request policy',
      'NoSuchOriginRequestPolicy',
      { DefaultCacheBehavior: { ...behavior, OriginRequestPolicyId: 'none' } },
    ],
    [
      'neither a cache policy nor forwarded values',
      'InvalidArgument',
      { DefaultCacheBehavior: { ...behavior, CachePolicyId: undefined } },
    ],
  ])('is refused: %s', async (_what, name, change) => {
    await expect(make(change)).rejects.toMatchObject(refused(name));
  });
});

describe('an alias', () => {
  const under = (ACMCertificateArn: string | undefined, ...Items: string[]) => ({
    CallerReference: Items.join(),
    Aliases: { Quantity: Items.length, Items },
    ...(ACMCertificateArn && {
      ViewerCertificate: {
        ACMCertificateArn,
        SSLSupportMethod: 'sni-only' as const,
        MinimumProtocolVersion: 'TLSv1.2_2021' as const,
      },
    }),
  });

  async function issued(region = 'us-east-1') {
    const { acm } = awsClients(emulator.endpoint, region);
    const list = await acm.send(new ListCertificatesCommand({}));
    return list.CertificateSummaryList?.[0]?.CertificateArn;
  }

  test('has an issued certificate of us-east-1 that covers it', async () => {
    const arn = await issued();
    const { DistributionConfig } = await make(under(arn, 'cdn.example.gov'));
    expect(DistributionConfig).toMatchObject(under(arn, 'cdn.example.gov'));
    const asked = new RequestCertificateCommand({
      DomainName: 'b.example.gov',
      ValidationMethod: 'DNS',
    });
    const { CertificateArn } = await aws.acm.send(asked);
    for (const wrong of [
      under(undefined, 'b.example.gov'),
      under(await issued('us-east-2'), 'b.example.gov'),
      under(CertificateArn, 'b.example.gov'),
      under(arn, 'a.b.example.gov'),
      under(arn, 'b.example.org'),
    ]) {
      await expect(make(wrong)).rejects.toMatchObject(refused('InvalidViewerCertificate'));
    }
  });

  test('is of one distribution alone', async () => {
    const arn = await issued();
    const { Id, ETag } = await make(under(arn, 'cdn.example.gov'));
    await expect(
      make({ ...under(arn, 'cdn.example.gov'), CallerReference: 'two' }),
    ).rejects.toMatchObject(refused('CNAMEAlreadyExists'));
    const DistributionConfig = config({ ...under(arn, 'cdn.example.gov'), Comment: 'new' });
    await aws.cloudFront.send(
      new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }),
    );
  });
});

describe('a cache policy', () => {
  const policy = (change: Partial<CachePolicyConfig> = {}): CachePolicyConfig => ({
    Name: 'one',
    MinTTL: 0,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: true,
      EnableAcceptEncodingBrotli: true,
      HeadersConfig: {
        HeaderBehavior: 'whitelist',
        Headers: { Quantity: 1, Items: ['Host'] },
      },
      CookiesConfig: { CookieBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: 'all' },
    },
    ...change,
  });
  const create = (change: Partial<CachePolicyConfig> = {}) =>
    aws.cloudFront.send(new CreateCachePolicyCommand({ CachePolicyConfig: policy(change) }));

  test('is made once by its name, read back, changed and used', async () => {
    const made = await create();
    const Id = made.CachePolicy?.Id ?? '';
    const get = () => aws.cloudFront.send(new GetCachePolicyCommand({ Id }));
    const told = await get();
    expect(told.ETag).toBe(made.ETag);
    expect(told.CachePolicy?.CachePolicyConfig).toMatchObject({
      ...policy(),
      DefaultTTL: 86_400,
      MaxTTL: 31_536_000,
    });
    await expect(create()).rejects.toMatchObject(refused('CachePolicyAlreadyExists'));

    const update = (IfMatch?: string) => {
      const CachePolicyConfig = policy({ DefaultTTL: 60 });
      return aws.cloudFront.send(new UpdateCachePolicyCommand({ Id, IfMatch, CachePolicyConfig }));
    };
    await expect(update()).rejects.toMatchObject(refused('InvalidIfMatchVersion'));
    const { ETag: IfMatch } = await update(made.ETag);
    await expect(update(made.ETag)).rejects.toMatchObject(refused('PreconditionFailed'));
    expect((await get()).CachePolicy?.CachePolicyConfig?.DefaultTTL).toBe(60);

    await make({ DefaultCacheBehavior: { ...behavior, CachePolicyId: Id } });
    await expect(
      aws.cloudFront.send(new DeleteCachePolicyCommand({ Id, IfMatch })),
    ).rejects.toMatchObject(refused('CachePolicyInUse'));
  });

  test('is of AWS or of mine', async () => {
    const Id = (await create()).CachePolicy?.Id;
    const list = async (Type?: 'managed' | 'custom') => {
      const listed = await aws.cloudFront.send(new ListCachePoliciesCommand({ Type }));
      return listed.CachePolicyList?.Items?.map((each) => each.CachePolicy?.Id);
    };
    expect(await list('custom')).toEqual([Id]);
    expect(await list('managed')).toContain(USE_ORIGIN_CACHE_CONTROL);
    expect(await list()).toEqual(expect.arrayContaining([Id, USE_ORIGIN_CACHE_CONTROL]));
    const managed = await aws.cloudFront.send(
      new GetCachePolicyCommand({ Id: USE_ORIGIN_CACHE_CONTROL }),
    );
    expect(managed.CachePolicy?.CachePolicyConfig?.Name).toBe(
      'Managed-UseOriginCacheControlHeaders',
    );
    await expect(
      aws.cloudFront.send(new GetCachePolicyCommand({ Id: 'none' })),
    ).rejects.toMatchObject(refused('NoSuchCachePolicy'));
  });
});
