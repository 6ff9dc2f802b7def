import type { DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';

/** Of a distribution's settings, those that are ours; all others are a person's. */
export interface Settings {
  comment?: string;
  /** The host that the default behavior asks. */
  origin: string;
  originProtocol?: string;
  originTls: string[];
  priceClass?: string;
  httpVersion?: string;
  ipv6?: boolean;
  compress?: boolean;
  viewerProtocol?: string;
  /** Sorted. */
  methods: string[];
  /** Its id. */
  cachePolicy?: string;
  /** Its id. */
  originRequestPolicy?: string;
}

export function settingsIn(config: DistributionConfig): Settings {
  const behavior = config.DefaultCacheBehavior!;
  const origin = originIn(config);
  return {
    comment: config.Comment,
    origin: origin?.DomainName ?? '',
    originProtocol: origin?.CustomOriginConfig?.OriginProtocolPolicy,
    originTls: origin?.CustomOriginConfig?.OriginSslProtocols?.Items ?? [],
    priceClass: config.PriceClass,
    httpVersion: config.HttpVersion,
    ipv6: config.IsIPV6Enabled,
    compress: behavior.Compress,
    viewerProtocol: behavior.ViewerProtocolPolicy,
    methods: [...(behavior.AllowedMethods?.Items ?? [])].sort(),
    cachePolicy: behavior.CachePolicyId,
    originRequestPolicy: behavior.OriginRequestPolicyId,
  };
}

/** The configuration with those settings, and all else as it was. */
export function withSettings(config: DistributionConfig, to: Settings): DistributionConfig {
  const {
    ForwardedValues: _a,
    MinTTL: _b,
    DefaultTTL: _c,
    MaxTTL: _d,
    ...behavior
  } = config.DefaultCacheBehavior!;
  const others = (config.Origins?.Items ?? []).filter(({ Id }) => Id !== behavior.TargetOriginId);
  const origins = [...others, origin(originIn(config), behavior.TargetOriginId!, to)];
  return {
    ...config,
    Comment: to.comment,
    PriceClass: to.priceClass as 'PriceClass_100',
    HttpVersion: to.httpVersion as 'http2and3',
    IsIPV6Enabled: to.ipv6,
    Origins: listed(origins),
    // A cache policy stands in place of the older way of saying the same.
    DefaultCacheBehavior: {
      ...behavior,
      Compress: to.compress,
      ViewerProtocolPolicy: to.viewerProtocol as 'redirect-to-https',
      AllowedMethods: {
        ...listed(to.methods as 'GET'[]),
        CachedMethods: behavior.AllowedMethods?.CachedMethods ?? listed(['GET', 'HEAD']),
      },
      CachePolicyId: to.cachePolicy,
      OriginRequestPolicyId: to.originRequestPolicy,
    },
  };
}

/** The origin that the default behavior asks. */
function originIn({ Origins, DefaultCacheBehavior }: DistributionConfig): Origin | undefined {
  return Origins?.Items?.find(({ Id }) => Id === DefaultCacheBehavior?.TargetOriginId);
}

function origin(before: Origin | undefined, Id: string, to: Settings): Origin {
  return {
    // What belongs to a bucket's origin means nothing to a host's.
    ...(before?.CustomOriginConfig && before),
    Id,
    DomainName: to.origin,
    CustomOriginConfig: {
      HTTPPort: 80,
      HTTPSPort: 443,
      ...before?.CustomOriginConfig,
      OriginProtocolPolicy: to.originProtocol as 'https-only',
      OriginSslProtocols: listed(to.originTls as 'TLSv1.2'[]),
    },
  };
}

function listed<Item>(Items: Item[]): { Quantity: number; Items: Item[] } {
  return { Quantity: Items.length, Items };
}
