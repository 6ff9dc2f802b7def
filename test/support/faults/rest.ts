type Route = [method: string, path: RegExp, operation: string];

/** Route 53's and CloudFront's operations, of which only method and path tell. */
const ROUTES: Record<string, Route[]> = {
  route53: [
    ['GET', /^hostedzone$/, 'ListHostedZones'],
    ['POST', /^hostedzone$/, 'CreateHostedZone'],
    ['GET', /^hostedzone\/[^/]+$/, 'GetHostedZone'],
    ['DELETE', /^hostedzone\/[^/]+$/, 'DeleteHostedZone'],
    ['GET', /^hostedzone\/[^/]+\/rrset$/, 'ListResourceRecordSets'],
    ['POST', /^hostedzone\/[^/]+\/rrset$/, 'ChangeResourceRecordSets'],
    ['GET', /^hostedzonesbyname$/, 'ListHostedZonesByName'],
    ['GET', /^change\//, 'GetChange'],
    ['GET', /^tags\/[^/]+\/[^/]+$/, 'ListTagsForResource'],
    ['POST', /^tags\/[^/]+\/[^/]+$/, 'ChangeTagsForResource'],
    ['POST', /^tags\/[^/]+$/, 'ListTagsForResources'],
  ],
  cloudfront: [
    ['GET', /^distribution$/, 'ListDistributions'],
    ['POST', /^distribution\?.*WithTags/, 'CreateDistributionWithTags'],
    ['POST', /^distribution$/, 'CreateDistribution'],
    ['GET', /^distribution\/[^/]+$/, 'GetDistribution'],
    ['DELETE', /^distribution\/[^/]+$/, 'DeleteDistribution'],
    ['GET', /^distribution\/[^/]+\/config$/, 'GetDistributionConfig'],
    ['PUT', /^distribution\/[^/]+\/config$/, 'UpdateDistribution'],
    ['GET', /^distribution\/[^/]+\/invalidation$/, 'ListInvalidations'],
    ['POST', /^distribution\/[^/]+\/invalidation$/, 'CreateInvalidation'],
    ['GET', /^tagging$/, 'ListTagsForResource'],
    ['POST', /^tagging\?.*Operation=Tag/, 'TagResource'],
    ['POST', /^tagging\?.*Operation=Untag/, 'UntagResource'],
    ['GET', /^cache-policy$/, 'ListCachePolicies'],
    ['POST', /^cache-policy$/, 'CreateCachePolicy'],
    ['GET', /^cache-policy\/[^/]+$/, 'GetCachePolicy'],
    ['PUT', /^cache-policy\/[^/]+$/, 'UpdateCachePolicy'],
    ['DELETE', /^cache-policy\/[^/]+$/, 'DeleteCachePolicy'],
    ['GET', /^cache-policy\/[^/]+\/config$/, 'GetCachePolicyConfig'],
  ],
};

/** The operation; undefined for a service or a path that is not known here. */
export function restOperation(service: string, method: string, url: URL): string | undefined {
  const path = url.pathname.replace(/^\/\d{4}-\d\d-\d\d\//, '').replace(/\/$/, '');
  const routes = ROUTES[service]?.filter(([verb]) => verb === method) ?? [];
  const named = (text: string) => routes.find(([, pattern]) => pattern.test(text))?.[2];
  return named(`${path}${url.search}`) ?? named(path);
}
