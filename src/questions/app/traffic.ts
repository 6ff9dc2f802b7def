import type { Aws } from '../../aws/clients.ts';
import { UserError } from '../../errors.ts';
import { parseHost } from '../../hosts.ts';
import { certificatesCovering, coverAll, describe } from '../../tasks/app/lib/certificates.ts';
import { httpRule, httpsRule, ruleForHost } from '../../tasks/app/rules.ts';
import { targetGroup } from '../../tasks/app/target-group.ts';
import { certificateStatus } from '../../tasks/cluster/lib/lookups.ts';
import { CERTIFICATE_ARN } from '../cluster/together.ts';
import { list, matching, text, yesOrNo } from '../parse.ts';
import type { AnyQuestion } from '../question.ts';
import type { Question } from './question.ts';

const host: Question<'host'> = {
  key: 'host',
  page: 'Traffic',
  ask: 'Under which host names is it reached?',
  why: 'The load balancer sends requests for these to the app, five at the most.',
  kind: 'list',
  parse(input) {
    const hosts = list('host', (one) => parseHost(text('host')(one)))(input);
    if (hosts.length > 0 && hosts.length <= 5) return hosts;
    throw new UserError(
      hosts.length === 0
        ? 'host: the app needs a host name.'
        : `host: a rule of the load balancer takes five names, not ${hosts.length}.`,
    );
  },
  usual: 'what stands; for a new app it has to be given',
  default: ({ standing }) => standing.get(httpRule)?.hosts ?? standing.get(httpsRule)?.hosts ?? [],
  async verify(hosts, { place }) {
    if (hosts.length === 0) {
      throw new UserError('It is not known under which host name the app is reached.', HOST);
    }
    for (const name of hosts) {
      const taken = await ruleForHost(place, name);
      if (!taken) continue;
      throw new UserError(
        `${name} is taken: the load balancer sends it to ${taken.app ? `the app ${taken.app}` : taken.targetGroup}.`,
        'Name another host, or take it away there first.',
      );
    }
  },
};

const HOST = 'Add --host, like --host permits.example.gov.';

const healthCheck: Question<'health-check'> = {
  key: 'health-check',
  page: 'Traffic',
  ask: 'Which path says that the app is well?',
  why: 'The load balancer asks for it every 30 seconds, and sends no requests to a container that does not answer 200.',
  kind: 'text',
  parse: matching(
    'health-check',
    /^\/[\x21-\x7e]{0,1023}$/,
    'a path starts with / and holds no spaces',
  ),
  usual: 'what stands, else `/admin/ok`',
  default: ({ standing }) => standing.get(targetGroup)?.healthCheckPath ?? '/admin/ok',
};

const certificate: Question<'certificate'> = {
  key: 'certificate',
  page: 'Traffic',
  ask: 'Which certificate answers HTTPS for it?',
  why: 'One is requested from AWS, without charge, where none covers the host names yet.',
  kind: 'text',
  parse(input) {
    const value = text('certificate')(input);
    if (/^(request|none)$/.test(value) || CERTIFICATE_ARN.test(value)) return value;
    throw new UserError(
      `certificate: “${value}” will not do: say request, none, or an ARN like arn:aws:acm:us-east-2:….`,
    );
  },
  usual:
    '`none` where that was answered before, else an issued one that covers the host names, else `request`',
  async default({ place, standing, answers }) {
    if (standing.get(targetGroup)?.declined.includes('certificate')) return 'none';
    const [found] = await certificatesCovering(place.aws, answers.host ?? []);
    return found?.CertificateArn ?? 'request';
  },
  async choices({ place, answers }) {
    const found = await certificatesCovering(place.aws, answers.host ?? []);
    return [
      { value: 'request', label: 'Request one from AWS' },
      { value: 'none', label: 'None: HTTP alone for now' },
      ...found.map(({ CertificateArn, DomainName }) => ({
        value: CertificateArn!,
        label: DomainName!,
      })),
    ];
  },
  async verify(value, { place, answers }) {
    if (value === 'none' || value === 'request') return;
    const status = await certificateStatus(place.aws, value);
    if (status === 'ISSUED') return refuseStranger(value, place.aws, answers.host ?? []);
    throw new UserError(
      status
        ? `The certificate ${value} is ${status}, not issued.`
        : `There is no certificate ${value} in ${place.region}.`,
      'Say --set certificate=request to have one made.',
    );
  },
};

/** To a browser, a certificate for another name is none. */
async function refuseStranger(arn: string, aws: Aws, hosts: string[]): Promise<void> {
  const { domains } = await describe(aws, arn);
  const without = hosts.filter((host) => !coverAll(domains, [host]));
  if (without.length === 0) return;
  throw new UserError(
    `The certificate ${arn} is for ${domains.join(', ')}, and not for ${without.join(', ')}.`,
    'Say --set certificate=request to have one made for all.',
  );
}

const httpsOnly: Question<'https-only'> = {
  key: 'https-only',
  page: 'Traffic',
  ask: 'Send everybody who comes by HTTP on to HTTPS?',
  why: 'As soon as there is a certificate; until then HTTP is answered as it is.',
  kind: 'yes-no',
  when: (answers) => answers.certificate !== 'none',
  parse: yesOrNo('https-only'),
  usual: 'what stands, else `no`',
  default: ({ standing }) => standing.get(httpRule)?.action.startsWith('redirect') ?? false,
};

const cdn: Question<'cdn'> = {
  key: 'cdn',
  page: 'Traffic',
  ask: 'Put CloudFront before the app’s assets?',
  why: 'Browsers load JavaScript and images from near by; its address becomes NEXT_ASSET_PREFIX.',
  kind: 'yes-no',
  parse: yesOrNo('cdn'),
  usual: 'what was answered before, else `yes`',
  default: ({ standing }) => !standing.get(targetGroup)?.declined.includes('cdn'),
};

export const trafficQuestions: AnyQuestion[] = [host, healthCheck, certificate, httpsOnly, cdn];
