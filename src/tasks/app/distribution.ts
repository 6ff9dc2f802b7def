import {
  CreateDistributionWithTagsCommand,
  type Distribution,
  type DistributionConfig,
  type DistributionSummary,
  GetDistributionCommand,
  ListTagsForResourceCommand,
  paginateListDistributions,
  TagResourceCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { orAbsent } from '../../aws/absent.ts';
import type { Live } from '../resource.ts';
import { CLUSTER_TAG, fromTagList, ownership, type Tags, tagList } from '../tags.ts';
import { cachePolicy } from './cache-policy.ts';
import { type Settings, settingsIn, withSettings } from './lib/distribution-settings.ts';
import { type Answered, type Env, resourceWhen } from './scope.ts';
import { certificateIssued } from './validation.ts';

interface LiveDistribution extends Live {
  arn: string;
  /** "d111111abcdef8.cloudfront.net". */
  domainName: string;
  /** "InProgress" until all of CloudFront has it, then "Deployed". */
  status: string;
  enabled: boolean;
  settings: Settings;
}

export const distribution = resourceWhen<
  LiveDistribution,
  { cachePolicy: typeof cachePolicy; certificateIssued: typeof certificateIssued }
>(({ answers }) => answers.cdn, {
  name: 'CloudFront distribution',
  section: 'CloudFront',
  why: 'Serves the app’s scripts and pictures from near the people who use it.',
  docs: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-overview.html',
  cost: 'per traffic, beyond a free share',
  needs: { cachePolicy, certificateIssued },
  namedByAnswer: true,
  read: find,
  concerns: ({ settings }, { answers, cluster }) =>
    [answers.host[0], cluster.loadBalancer.dnsName].includes(settings.origin),
  wanted: (env, needs, live) => ({ settings: wantedSettings(env, needs, live?.settings) }),
  async create(env, needs) {
    const { Distribution } = await env.aws.cloudFront.send(
      new CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: {
          DistributionConfig: withSettings(newConfig(env), wantedSettings(env, needs)),
          Tags: { Items: tagList(env.tags) },
        },
      }),
    );
    return live(Distribution!, env.tags);
  },
  set: {
    settings: ({ env, live, to }) => update(env, live.id, to!),
  },
  async tag({ aws, tags }, { arn }) {
    await aws.cloudFront.send(
      new TagResourceCommand({ Resource: arn, Tags: { Items: tagList(tags) } }),
    );
  },
  imagine: () => ({ domainName: '(the new one).cloudfront.net' }),
  remarks: (_env, { id, status }) =>
    status === 'Deployed' ? [] : [`CloudFront is still spreading ${id}, usually 3–10 min`],
  attention: (_env, { id, enabled }) =>
    enabled
      ? []
      : [
          `${id} was disabled by somebody, so that the app’s assets are not served: enable it in the console (CloudFront), or answer cdn=no`,
        ],
});

/** What the app's assets have before their path. */
export function assetPrefix({ domainName }: { domainName: string }): string {
  return `https://${domainName}`;
}

interface Needed {
  cachePolicy?: { id: string };
  certificateIssued?: { issued: boolean };
}

function wantedSettings(
  { answers, names }: Env,
  { cachePolicy, certificateIssued }: Needed,
  live?: Settings,
): Settings {
  const { host, certificate } = answers;
  // While a certificate for more hosts is on its way, HTTPS goes on as it is.
  const protocol = certificate === 'none' ? 'http-only' : (live?.originProtocol ?? 'http-only');
  return {
    comment: names.service,
    // Its name, not the load balancer's: CloudFront sends it as the Host that the listener's rule looks at.
    origin: live && host.includes(live.origin) ? live.origin : host[0]!,
    originProtocol: certificateIssued?.issued ? 'https-only' : protocol,
    originTls: ['TLSv1.2'],
    priceClass: 'PriceClass_100',
    httpVersion: 'http2and3',
    ipv6: true,
    compress: true,
    viewerProtocol: 'redirect-to-https',
    // For assets alone; forms go to the app itself.
    methods: ['GET', 'HEAD', 'OPTIONS'],
    cachePolicy: cachePolicy!.id,
    originRequestPolicy: ALL_VIEWER_EXCEPT_HOST_HEADER,
  };
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

function newConfig({ account, names, region }: Env): DistributionConfig {
  return {
    // The same for every try, so that CloudFront makes one.
    CallerReference: ['digital-apps', account, region, names.cluster, names.service].join('/'),
    Comment: '',
    Enabled: true,
    Origins: { Quantity: 0, Items: [] },
    DefaultCacheBehavior: { TargetOriginId: names.service, ViewerProtocolPolicy: 'allow-all' },
  };
}

/** The app's own by its tags; else one that nobody has marked, with the app's name or host. */
async function find(answered: Answered): Promise<LiveDistribution | undefined> {
  const { aws, tags } = answered;
  const pages = await Array.fromAsync(paginateListDistributions({ client: aws.cloudFront }, {}));
  const candidates = pages
    .flatMap(({ DistributionList }) => DistributionList?.Items ?? [])
    .filter((each) => isCandidate(each, answered));
  const tagged = await Promise.all(
    candidates.map(async ({ Id, ARN }) => ({ id: Id!, tags: await tagsOf(answered, ARN!) })),
  );
  const chosen =
    tagged.find((each) => ownership(each.tags, tags, false) === 'ours') ??
    tagged.find((each) => each.tags[CLUSTER_TAG] === undefined);
  if (!chosen) return undefined;
  const found = await orAbsent(
    aws.cloudFront.send(new GetDistributionCommand({ Id: chosen.id })),
    /^NoSuchDistribution/,
  );
  return found?.Distribution && live(found.Distribution, chosen.tags);
}

function isCandidate(
  { Comment, Origins }: DistributionSummary,
  { names, answers }: Answered,
): boolean {
  return (
    Comment === names.service ||
    (Origins?.Items ?? []).some(({ DomainName }) => DomainName === answers.host[0])
  );
}

async function tagsOf({ aws }: Answered, Resource: string): Promise<Tags> {
  const { Tags } = await aws.cloudFront.send(new ListTagsForResourceCommand({ Resource }));
  return fromTagList(Tags?.Items);
}

function live(found: Distribution, tags: Tags): LiveDistribution {
  const config = found.DistributionConfig!;
  return {
    id: found.Id!,
    arn: found.ARN!,
    domainName: found.DomainName!,
    status: found.Status!,
    enabled: config.Enabled!,
    settings: settingsIn(config),
    tags,
  };
}

/** Sets ours among its settings; what a person has set besides stays. */
async function update({ aws }: Env, Id: string, to: Settings): Promise<{ status: string }> {
  const set = async () => {
    const { Distribution, ETag } = await aws.cloudFront.send(new GetDistributionCommand({ Id }));
    const DistributionConfig = withSettings(Distribution!.DistributionConfig!, to);
    return aws.cloudFront.send(
      new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }),
    );
  };
  // Another run, or a person, may come in between; then what they set stays too.
  const changed = (await orAbsent(set(), /^PreconditionFailed/)) ?? (await set());
  return { status: changed.Distribution!.Status! };
}
