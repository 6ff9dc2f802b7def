import { createHash } from 'node:crypto';
import { RequestCertificateCommand } from '@aws-sdk/client-acm';
import { waitUntil } from '../../aws/waiting.ts';
import { StepFailed } from '../../errors.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { tagList } from '../tags.ts';
import {
  type Described,
  describe,
  failedCertificates,
  taggedCertificate,
} from './lib/certificates.ts';
import { type Answered, resourceWhen } from './scope.ts';

interface Certificate extends Live, Described {}

const section = 'Certificate Manager';
const docs = 'https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html';

export const appCertificate = resourceWhen<Certificate, NoNeeds>(
  ({ answers }) => answers.certificate !== 'none',
  {
    name: 'Certificate',
    section,
    why: 'Proves to browsers that it is the app they talk to.',
    docs,
    namedByAnswer: true,
    needs: {},
    async chosen({ aws, answers: { certificate } }) {
      if (!certificate.startsWith('arn:')) return undefined;
      return { id: certificate, ...(await describe(aws, certificate)) };
    },
    async read({ aws, answers, tags }: Answered) {
      const found = await taggedCertificate(aws, answers.host, tags);
      return found && { id: found.arn, ...found };
    },
    wanted: ({ answers }, _needs, live) =>
      live ? { isDescribed: true } : { domains: answers.host },
    async create({ aws, answers: { host: hosts }, tags }) {
      // AWS takes 64 characters at most for the first.
      const first = hosts.find((host) => host.length <= 64) ?? hosts[0]!;
      const others = hosts.filter((host) => host !== first);
      const failed = await failedCertificates(aws, hosts);
      const { CertificateArn } = await aws.acm.send(
        new RequestCertificateCommand({
          DomainName: first,
          SubjectAlternativeNames: others.length > 0 ? others : undefined,
          ValidationMethod: 'DNS',
          IdempotencyToken: tokenOf([first, ...others.sort(), ...failed]),
          Tags: tagList(tags),
        }),
      );
      const arn = CertificateArn!;
      const status = 'PENDING_VALIDATION';
      return { id: arn, tags, arn, status, domains: hosts, records: [], isDescribed: false };
    },
    set: {
      isDescribed: ({ env, live }) =>
        waitUntil({
          signal: env.signal,
          upTo: 120,
          async look() {
            env.waiting('AWS says what proves the names, usually some seconds');
            const now = await describe(env.aws, live.arn);
            return now.isDescribed ? now : undefined;
          },
          givingUp: () =>
            new StepFailed(
              'AWS has not said within 2 minutes what proves the certificate’s names.',
              'Run again; the request stands.',
            ),
        }),
    },
    imagine: () => ({ records: [] }),
  },
);

/** The same for the same names, so that AWS makes one of requests that cross; another after a failure. */
function tokenOf(parts: string[]): string {
  return createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 32);
}
