import {
  type CertificateDetail,
  type CertificateStatus,
  type CertificateSummary,
  DescribeCertificateCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm';
import type { Aws } from '../../../aws/clients.ts';
import { covers } from '../../../hosts.ts';
import { certificatesThatAre } from '../../cluster/lib/lookups.ts';
import { fromTagList, ownership, type Tags } from '../../tags.ts';
import { bare } from './zones.ts';

/** A record that proves to AWS whose a name is. */
export interface ValidationRecord {
  name: string;
  type: string;
  value: string;
}

/** What ACM says of a certificate. */
export interface Described {
  arn: string;
  status: CertificateStatus;
  /** Why it was not issued, where AWS says so. */
  failure?: string;
  domains: string[];
  records: ValidationRecord[];
  /** Whether AWS has said for each of its domains what proves it. */
  isDescribed: boolean;
}

/** The issued certificates of the Region that cover all the hosts; the one that lasts longest is first. */
export async function certificatesCovering(
  aws: Aws,
  hosts: string[],
): Promise<CertificateSummary[]> {
  const found = await covering(aws, ['ISSUED'], hosts);
  return found.sort(byExpiry);
}

/** The certificate for those hosts that carries these tags: an issued one, else one that is to be. */
export async function taggedCertificate(aws: Aws, hosts: string[], tags: Tags) {
  const found = await covering(aws, ['ISSUED', 'PENDING_VALIDATION'], hosts);
  const tagged = await Promise.all(
    found.map(async (summary) => ({ summary, tags: await tagsOf(aws, summary.CertificateArn!) })),
  );
  const [ours] = tagged
    .filter((each) => ownership(each.tags, tags, false) === 'ours')
    .sort((a, b) => byExpiry(a.summary, b.summary) || byArn(a.summary, b.summary));
  return ours && { ...(await describe(aws, ours.summary.CertificateArn!)), tags: ours.tags };
}

/** Those whose request came to nothing. */
export async function failedCertificates(aws: Aws, hosts: string[]): Promise<string[]> {
  const found = await covering(aws, ['FAILED', 'VALIDATION_TIMED_OUT', 'REVOKED'], hosts);
  return found.map(({ CertificateArn }) => CertificateArn!).sort();
}

async function covering(aws: Aws, statuses: CertificateStatus[], hosts: string[]) {
  const found = await certificatesThatAre(aws, statuses);
  return found.filter(({ DomainName = '', SubjectAlternativeNameSummaries = [] }) =>
    coverAll([DomainName, ...SubjectAlternativeNameSummaries], hosts),
  );
}

/** Whether a certificate for those domains serves every one of the hosts. */
export function coverAll(domains: string[], hosts: string[]): boolean {
  return hosts.every((host) => domains.some((domain) => covers(domain, host)));
}

/** One that is yet to be issued has no end, and comes last. */
function byExpiry(a: CertificateSummary, b: CertificateSummary): number {
  return Number(b.NotAfter ?? 0) - Number(a.NotAfter ?? 0);
}

function byArn(a: CertificateSummary, b: CertificateSummary): number {
  return a.CertificateArn!.localeCompare(b.CertificateArn!);
}

async function tagsOf(aws: Aws, CertificateArn: string): Promise<Tags> {
  const { Tags } = await aws.acm.send(new ListTagsForCertificateCommand({ CertificateArn }));
  return fromTagList(Tags);
}

/** @throws ResourceNotFoundException where the Region has no such certificate. */
export async function describe(aws: Aws, CertificateArn: string): Promise<Described> {
  const { Certificate } = await aws.acm.send(new DescribeCertificateCommand({ CertificateArn }));
  return described(Certificate!);
}

function described(certificate: CertificateDetail): Described {
  const { DomainName, SubjectAlternativeNames = [], DomainValidationOptions = [] } = certificate;
  const domains = [...new Set([DomainName!, ...SubjectAlternativeNames])];
  const records = DomainValidationOptions.flatMap(({ ResourceRecord }) => ResourceRecord ?? []);
  return {
    arn: certificate.CertificateArn!,
    status: certificate.Status!,
    failure: certificate.FailureReason,
    domains,
    records: records.map(({ Name, Type, Value }) => ({
      name: bare(Name!),
      type: Type!,
      value: bare(Value!),
    })),
    isDescribed: certificate.Status !== 'PENDING_VALIDATION' || records.length >= domains.length,
  };
}
