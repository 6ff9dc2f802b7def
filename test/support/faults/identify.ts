import type { IncomingHttpHeaders } from 'node:http';
import { restOperation } from './rest.ts';

export type Protocol = 'query' | 'ec2' | 'json' | 'cbor' | 's3' | 'rest';

export interface Identity {
  /** The signing name: `ec2`, `iam`, `elasticloadbalancing`, `s3`… */
  service: string;
  operation: string;
  protocol: Protocol;
  /** False for a call that only looks, and for a dry run. */
  changing: boolean;
}

const LOOKS = /^(Describe|Get|List|Head|Lookup|Simulate|Search|BatchGet|Assume|Filter)/;

/** What a request to AWS asks for, whatever protocol its service speaks. */
export function identify(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: string,
): Identity {
  const service = signingName(headers);
  const { operation, protocol } = name(service, method, new URL(url, 'http://aws'), headers, body);
  const dryRun = /(^|&)DryRun=true(&|$)/.test(body);
  return { service, operation, protocol, changing: !LOOKS.test(operation) && !dryRun };
}

/** From the credential scope: `Credential=KEY/date/region/service/aws4_request`. */
function signingName(headers: IncomingHttpHeaders): string {
  const scope = headers.authorization?.match(/Credential=([^,\s]+)/)?.[1];
  return scope?.split('/').at(-2) ?? 'unsigned';
}

function name(
  service: string,
  method: string,
  url: URL,
  headers: IncomingHttpHeaders,
  body: string,
): { operation: string; protocol: Protocol } {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return { operation: target.split('.').at(-1) ?? target, protocol: 'json' };
  }
  const smithy = url.pathname.match(/^\/service\/[^/]+\/operation\/([^/]+)$/)?.[1];
  if (smithy) return { operation: smithy, protocol: 'cbor' };
  if (service === 's3') return { operation: s3Operation(method, url), protocol: 's3' };
  const action = new URLSearchParams(body).get('Action') ?? url.searchParams.get('Action');
  if (action) return { operation: action, protocol: service === 'ec2' ? 'ec2' : 'query' };
  // Of other REST services, and of what is not in the table: what is on the wire.
  const verb = method === 'GET' || method === 'HEAD' ? 'Get' : method;
  const operation = restOperation(service, method, url) ?? `${verb} ${url.pathname}`;
  return { operation, protocol: 'rest' };
}

const VERBS: Record<string, string> = { GET: 'Get', HEAD: 'Head', PUT: 'Put', DELETE: 'Delete' };

const SUBRESOURCES: Record<string, string> = {
  acl: 'BucketAcl',
  encryption: 'BucketEncryption',
  lifecycle: 'BucketLifecycleConfiguration',
  location: 'BucketLocation',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'PublicAccessBlock',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
};

/** Path-style requests, as they are made to an endpoint that is an IP address. */
function s3Operation(method: string, url: URL): string {
  const named = url.searchParams.get('x-id');
  if (named) return named;
  const [bucket, key] = url.pathname.slice(1).split(/\/(.*)/);
  const verb = VERBS[method] ?? method;
  if (!bucket) return 'ListBuckets';
  if (key) return `${verb}Object`;
  for (const [parameter, subresource] of Object.entries(SUBRESOURCES)) {
    if (url.searchParams.has(parameter)) return `${verb}${subresource}`;
  }
  if (url.searchParams.has('delete')) return 'DeleteObjects';
  if (url.searchParams.has('versions')) return 'ListObjectVersions';
  if (method === 'GET') return url.searchParams.has('list-type') ? 'ListObjectsV2' : 'ListObjects';
  return method === 'PUT' ? 'CreateBucket' : `${verb}Bucket`;
}
