import { isDeepStrictEqual } from 'node:util';
import {
  type CachePolicyConfig,
  CreateCachePolicyCommand,
  ListCachePoliciesCommand,
} from '@aws-sdk/client-cloudfront';
import type { Live, NoNeeds } from '../resource.ts';
import { type Place, resourceWhen } from './scope.ts';

interface CachePolicy extends Live {
  /** Whether it still is as it was made. */
  isAsMade: boolean;
}

/** Of the account: CloudFront gives cache policies no tags, so that the name is all they are known by. */
const NAME = 'digital-apps-by-origin-headers';

const CONFIG = {
  Name: NAME,
  MinTTL: 0,
  DefaultTTL: 0,
  MaxTTL: 31_536_000,
  ParametersInCacheKeyAndForwardedToOrigin: {
    EnableAcceptEncodingGzip: true,
    EnableAcceptEncodingBrotli: true,
    HeadersConfig: { HeaderBehavior: 'none' },
    CookiesConfig: { CookieBehavior: 'none' },
    QueryStringsConfig: { QueryStringBehavior: 'all' },
  },
} satisfies CachePolicyConfig;

/**
 * AWS's own policy that follows the origin's headers makes the viewer's Host a part of the key, and so
 * sends it on: the load balancer knows the app's host alone.
 */
export const cachePolicy = resourceWhen<CachePolicy, NoNeeds>(({ answers }) => answers.cdn, {
  name: 'Cache policy',
  section: 'CloudFront',
  why: 'Lets CloudFront keep what the app says may be kept, for as long as the app says, and nothing else.',
  docs: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html',
  shared: true,
  needs: {},
  read: findPolicy,
  wanted: () => ({}),
  async create({ aws }) {
    const { CachePolicy } = await aws.cloudFront.send(
      new CreateCachePolicyCommand({
        CachePolicyConfig: { ...CONFIG, Comment: 'Made by digital-apps, for all of its apps' },
      }),
    );
    return { id: CachePolicy!.Id!, isAsMade: true };
  },
  set: {},
  // It holds for every app of the account, so one app's run does not turn it back.
  remarks: (_env, { isAsMade }) =>
    isAsMade
      ? []
      : [`somebody has changed ${NAME}, which holds for all apps of the account: left as it is`],
});

async function findPolicy({ aws }: Place): Promise<CachePolicy | undefined> {
  let Marker: string | undefined;
  do {
    const { CachePolicyList } = await aws.cloudFront.send(
      new ListCachePoliciesCommand({ Type: 'custom', Marker }),
    );
    const config = (each: { CachePolicy?: { CachePolicyConfig?: CachePolicyConfig } }) =>
      each.CachePolicy?.CachePolicyConfig;
    const found = CachePolicyList?.Items?.find((each) => config(each)?.Name === NAME);
    if (found) return { id: found.CachePolicy!.Id!, isAsMade: isAsMade(config(found)!) };
    Marker = CachePolicyList?.NextMarker;
  } while (Marker);
  return undefined;
}

function isAsMade({ Comment: _words, ...config }: CachePolicyConfig): boolean {
  return isDeepStrictEqual(config, CONFIG);
}
