import {
  AddListenerCertificatesCommand,
  paginateDescribeListenerCertificates,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createHttpsListener, listenersOf } from '../cluster/listeners.ts';
import type { Live } from '../resource.ts';
import { ourTags } from '../tags.ts';
import { appCertificate } from './certificate.ts';
import { coverAll, describe } from './lib/certificates.ts';
import { type Answered, type Place, resourceWhen } from './scope.ts';
import { certificateIssued } from './validation.ts';

interface ServedCertificates extends Live {
  certificates: string[];
  /** What the certificate covers that answers where no other does. */
  defaultDomains: string[];
  /** The app's own, where it needs one here. */
  certificate?: string;
}

const section = 'EC2 > Load Balancers';

/** Left for later, each with this reason. */
export function unlessIssued(
  _env: unknown,
  { certificateIssued }: { certificateIssued?: { issued: boolean } },
): string | undefined {
  return certificateIssued?.issued ? undefined : 'waits until the certificate is issued';
}

/** The cluster's and not the app's, although an app may be the first to bring a certificate. */
export const httpsListener = resourceWhen<
  Live,
  { appCertificate: typeof appCertificate; certificateIssued: typeof certificateIssued }
>(({ answers, cluster }) => answers.certificate !== 'none' && !cluster.httpsListener, {
  name: 'HTTPS listener',
  section,
  why: 'Takes requests on port 443; the cluster has none yet, for it had no certificate.',
  docs: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html',
  needs: { appCertificate, certificateIssued },
  async read(place) {
    const listeners = await listenersOf(place, place.cluster.loadBalancer.arn);
    const listener = listeners.find(({ Port }) => Port === 443);
    return listener && { id: listener.ListenerArn! };
  },
  wanted: () => ({}),
  postponed: unlessIssued,
  create(env, { appCertificate }) {
    const tags = ourTags(env.names.cluster, env.region);
    return createHttpsListener(env, env.cluster.loadBalancer.arn, appCertificate!.arn, tags);
  },
  set: {},
});

export const sniCertificate = resourceWhen<
  ServedCertificates,
  {
    appCertificate: typeof appCertificate;
    certificateIssued: typeof certificateIssued;
    httpsListener: typeof httpsListener;
  }
>(({ answers }) => answers.certificate !== 'none', {
  name: 'Certificate at the listener',
  section,
  why: 'The listener has a certificate for each app, and shows the one that fits the host.',
  docs: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html',
  needs: { appCertificate, certificateIssued, httpsListener },
  async read(place) {
    const { httpsListener } = place.cluster;
    return httpsListener ? served(place, httpsListener) : undefined;
  },
  wanted({ answers }: Answered, { appCertificate }, live) {
    const arn = appCertificate!.arn;
    const isServed =
      live?.certificates.includes(arn) || coverAll(live?.defaultDomains ?? [], answers.host);
    return isServed ? {} : { certificate: arn };
  },
  postponed: unlessIssued,
  create: (env, { httpsListener }) => served(env, httpsListener?.id ?? env.cluster.httpsListener!),
  set: {
    async certificate({ env, live, to }) {
      await env.aws.elb.send(
        new AddListenerCertificatesCommand({
          ListenerArn: live.id,
          Certificates: [{ CertificateArn: to }],
        }),
      );
    },
  },
});

async function served({ aws }: Place, ListenerArn: string): Promise<ServedCertificates> {
  const pages = await Array.fromAsync(
    paginateDescribeListenerCertificates({ client: aws.elb }, { ListenerArn }),
  );
  const found = pages.flatMap(({ Certificates = [] }) => Certificates);
  const byDefault = found.find(({ IsDefault }) => IsDefault)?.CertificateArn;
  // A server certificate of IAM's is nothing that ACM could describe.
  const isAcms = byDefault?.includes(':acm:');
  return {
    id: ListenerArn,
    certificates: found.map(({ CertificateArn }) => CertificateArn!),
    defaultDomains: isAcms ? (await describe(aws, byDefault!)).domains : [],
  };
}
