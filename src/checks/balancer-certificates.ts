import { CertificateStatus, type CertificateSummary } from '@aws-sdk/client-acm';
import { covers } from '../hosts.ts';
import { certificatesThatAre } from '../tasks/cluster/lib/lookups.ts';
import {
  aboutAll,
  type Check,
  fail,
  type Looking,
  pass,
  skip,
  type Verdict,
  warn,
} from './check.ts';
import { awsCli } from './command-lines.ts';
import { balancerOf, certificatesAt, rulesBy } from './lookups/balancer.ts';

const group = 'Load balancer';
const NO_HTTPS = skip('There is no HTTPS listener.');
const DAY = 24 * 60 * 60 * 1000;

/** In days. AWS renews its own well before: below these, something keeps it from that. */
const SOON = 30;
const VERY_SOON = 14;

export const certificateChecks: Check[] = [
  {
    id: 'balancer.certificate-expiry',
    ...{ group, title: 'No certificate is about to expire' },
    problem: 'A certificate has expired, or is about to',
    why: 'With an expired certificate, no browser opens the app.',
    fix: 'Keep the validation records in DNS, so that AWS renews it; import a newer one where it was imported.',
    async look(looking) {
      const served = await servedCertificates(looking);
      return served ? served.map((each) => expiry(each, looking)) : NO_HTTPS;
    },
  },
  {
    id: 'balancer.certificate-cover',
    ...{ group, title: 'Each host has a certificate' },
    problem: 'A host has no certificate',
    why: 'Browsers refuse a host whose name is not in the certificate.',
    fix: 'add-app requests one for the app’s hosts and adds it to the listener.',
    async look(looking) {
      const [served, { https }] = await Promise.all([
        servedCertificates(looking),
        rulesBy(looking),
      ]);
      if (!served) return NO_HTTPS;
      if (served.some(({ known }) => !known)) {
        return skip(
          'The listener has a certificate that is not ACM’s, whose names cannot be read.',
        );
      }
      const domains = served.flatMap(({ known }) => domainsOf(known!));
      const hosts = [...new Set(https.flatMap((rule) => rule.hosts))];
      const uncovered = hosts.filter((host) => !domains.some((domain) => covers(domain, host)));
      if (uncovered.length === 0) return pass(`${hosts.length} hosts, all covered.`);
      return uncovered.map((host) =>
        fail(
          `No certificate of the HTTPS listener is for ${host}; they are for ${domains.join(', ')}.`,
          `digital-apps add-app --set certificate=request in the repository of the app that has ${host}`,
          host,
        ),
      );
    },
  },
];

interface Served {
  arn: string;
  /** Undefined for what is not ACM's, or is not there any more. */
  known?: CertificateSummary;
}

async function servedCertificates(looking: Looking): Promise<Served[] | undefined> {
  const https = (await balancerOf(looking))?.https;
  if (!https) return undefined;
  const [arns, all] = await Promise.all([
    certificatesAt(looking, https.ListenerArn!),
    certificatesThatAre(looking.aws, Object.values(CertificateStatus)),
  ]);
  return arns.map((arn) => ({
    arn,
    known: all.find(({ CertificateArn }) => CertificateArn === arn),
  }));
}

function expiry({ arn, known }: Served, looking: Looking): Verdict {
  if (!known) return { ...skip(`${arn} is not ACM’s, whose end is not known here.`), subject: arn };
  const name = known.DomainName!;
  const days = known.NotAfter
    ? Math.floor((known.NotAfter.getTime() - Date.now()) / DAY)
    : undefined;
  if (days === undefined) return { ...skip(`ACM does not say when ${arn} ends.`), subject: name };
  const domains = known.HasAdditionalSubjectAlternativeNames ? [] : domainsOf(known);
  if (days >= SOON) {
    const evidence = `The certificate for ${name} is good for ${days} more days.`;
    return aboutAll(pass(evidence, name), domains);
  }
  const evidence =
    days < 0
      ? `The certificate for ${name} has expired (${arn}).`
      : `The certificate for ${name} expires in ${days} days (${arn}).`;
  const fix =
    known.Type === 'IMPORTED'
      ? `It was imported: import the newer one over it, ${awsCli(looking, 'acm import-certificate', `--certificate-arn ${arn}`)} …`
      : `See why AWS has not renewed it, usually a validation record that is gone: ${awsCli(looking, 'acm describe-certificate', `--certificate-arn ${arn}`, '--query Certificate.RenewalSummary')}`;
  return aboutAll((days < VERY_SOON ? fail : warn)(evidence, fix, name), domains);
}

/** The ARNs of the Region's issued certificates for one of those hosts. */
export async function issuedFor({ aws }: Looking, hosts: string[]): Promise<string[]> {
  const issued = await certificatesThatAre(aws, ['ISSUED']);
  return issued
    .filter((each) => domainsOf(each).some((domain) => hosts.some((host) => covers(domain, host))))
    .map(({ CertificateArn }) => CertificateArn!);
}

function domainsOf({ DomainName, SubjectAlternativeNameSummaries = [] }: CertificateSummary) {
  return [...new Set([DomainName!, ...SubjectAlternativeNameSummaries])];
}
