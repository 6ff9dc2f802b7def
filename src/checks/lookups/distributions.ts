import {
  type DistributionSummary,
  ListTagsForResourceCommand,
  paginateListDistributions,
} from '@aws-sdk/client-cloudfront';
import { appTags, fromTagList, ownership } from '../../tasks/tags.ts';
import type { AppLooking } from '../check.ts';

/** All of the account's. */
export async function allDistributions({
  aws,
}: Pick<AppLooking, 'aws'>): Promise<DistributionSummary[]> {
  const pages = await Array.fromAsync(paginateListDistributions({ client: aws.cloudFront }, {}));
  return pages.flatMap(({ DistributionList }) => DistributionList?.Items ?? []);
}

/**
 * The app's distribution: the one that asks one of its hosts, else the one that is tagged as the
 * app's. All of the account's are listed once.
 */
export async function distributionOf({
  aws,
  app,
  tags,
}: AppLooking): Promise<DistributionSummary | undefined> {
  const all = await allDistributions({ aws });
  const asking = all.find((each) => originsOf(each).some((origin) => app.hosts.includes(origin)));
  if (asking) return asking;
  for (const named of all.filter(({ Comment }) => Comment === app.service)) {
    const { Tags } = await aws.cloudFront.send(
      new ListTagsForResourceCommand({ Resource: named.ARN! }),
    );
    if (ownership(fromTagList(Tags?.Items), appTags(tags, app.service), false) === 'ours')
      return named;
  }
  return undefined;
}

export function originsOf({ Origins }: DistributionSummary): string[] {
  return (Origins?.Items ?? []).map(({ DomainName }) => DomainName!);
}
