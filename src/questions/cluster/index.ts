import ipaddr from 'ipaddr.js';
import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { ecsCluster } from '../../tasks/cluster/ecs-cluster.ts';
import { launchTemplate } from '../../tasks/cluster/launch-template.ts';
import { parseCidr } from '../../tasks/cluster/lib/cidr.ts';
import {
  certificateStatus,
  issuedCertificates,
  keyPairNames,
} from '../../tasks/cluster/lib/lookups.ts';
import { httpsListener } from '../../tasks/cluster/listeners.ts';
import { instanceSecurityGroup } from '../../tasks/cluster/security-groups.ts';
import { list, matching, text, yesOrNo } from '../parse.ts';
import type { AnyQuestion, QuestionSet } from '../question.ts';
import { instanceQuestions } from './instances.ts';
import { bucketQuestion, nameQuestions } from './names.ts';
import { networkQuestions } from './network.ts';
import { hasOwnPair, ownOf } from './own.ts';
import type { Question } from './question.ts';
import { CERTIFICATE_ARN, checkTogether } from './together.ts';

const sshCidrs: Question<'ssh-cidrs'> = {
  key: 'ssh-cidrs',
  page: 'Access',
  ask: 'From which address ranges may one connect by SSH?',
  why: 'For debugging; your own proxies, rather than anywhere. With none, use Session Manager.',
  kind: 'list',
  parse(input) {
    const ranges = input === 'none' ? [] : list('ssh-cidrs', range)(input);
    const inside = ranges.find((a) => ranges.some((b) => a !== b && contains(b, a)));
    if (inside)
      throw new UserError(
        `ssh-cidrs: ${inside} overlaps another range of the list; leave one out.`,
      );
    return ranges;
  },
  usual: 'what stands, else none',
  default: ({ standing }) => standing.get(instanceSecurityGroup)?.sshFrom ?? [],
};

const keyPair: Question<'key-pair'> = {
  key: 'key-pair',
  page: 'Access',
  ask: 'Which key pair is installed on the instances?',
  why: 'Without one there is no SSH. A new one is made here; its private half goes to ~/.ssh and nowhere else.',
  kind: 'text',
  parse: matching('key-pair', /^[\x20-\x7e]{1,255}$/, 'say new, none, or the name of a pair'),
  usual: 'what stands, else `new`',
  default({ standing, place }) {
    const template = standing.get(launchTemplate);
    const inUse = template ? (template.data.keyPair ?? 'none') : 'new';
    // Our own pair that is gone is made again.
    return inUse === place.names.keyPair ? 'new' : inUse;
  },
  async choices({ place, standing }) {
    const pairs = await keyPairNames(place.aws);
    const others = hasOwnPair({ place, standing })
      ? pairs.filter((name) => name !== place.names.keyPair)
      : pairs;
    return [
      { value: 'new', label: others === pairs ? 'Make a new one' : ownOf(place) },
      { value: 'none', label: 'None: connect through Session Manager alone' },
      ...others.map((name) => ({ value: name, label: name })),
    ];
  },
  inWords: (value, asking) =>
    value === 'new' && hasOwnPair(asking) ? ownOf(asking.place) : undefined,
  async verify(value, { place }) {
    if (value === 'new' || value === 'none') return;
    const pairs = await keyPairNames(place.aws);
    if (pairs.includes(value)) return;
    const near = nearest(value, pairs);
    throw new UserError(
      `There is no key pair ${value} in ${place.region}.`,
      near ? `Did you mean ${near}?` : 'Say --set key-pair=new to have one made.',
    );
  },
};

const sshAdd: Question<'ssh-add'> = {
  key: 'ssh-add',
  page: 'Access',
  ask: 'Put the cluster’s key into your ssh-agent?',
  why: 'Saves naming the key file with every ssh.',
  kind: 'yes-no',
  when: (answers) => answers['key-pair'] === 'new' && Boolean(process.env.SSH_AUTH_SOCK),
  parse: yesOrNo('ssh-add'),
  usual: '`no`; the command to do it is printed',
  default: () => false,
};

const containerInsights: Question<'container-insights'> = {
  key: 'container-insights',
  page: 'Cluster',
  ask: 'Turn on Container Insights?',
  why: 'Memory and CPU of each container in CloudWatch. AWS charges for each metric.',
  kind: 'yes-no',
  parse: yesOrNo('container-insights'),
  usual: 'what stands, else `no`',
  default: ({ standing }) => standing.get(ecsCluster)?.containerInsights ?? false,
};

const certificate: Question<'certificate'> = {
  key: 'certificate',
  page: 'HTTPS',
  ask: 'Which certificate answers HTTPS?',
  why: 'Without one the load balancer listens on HTTP alone; add one later by running this again.',
  kind: 'text',
  parse(input) {
    const value = text('certificate')(input);
    if (value === 'none' || CERTIFICATE_ARN.test(value)) return value;
    throw new UserError(
      `certificate: “${value}” will not do: say none, or an ARN like arn:aws:acm:us-east-2:….`,
    );
  },
  usual: 'what stands, else `none`',
  default: ({ standing }) => standing.get(httpsListener)?.certificate ?? 'none',
  async choices({ place }) {
    const found = await issuedCertificates(place.aws);
    return [
      { value: 'none', label: 'None: HTTP alone for now' },
      ...found.map(({ arn, domain, expires }) => ({
        value: arn,
        label: `${domain}${expires ? `  until ${expires.toISOString().slice(0, 10)}` : ''}`,
      })),
    ];
  },
  async verify(value, { place }) {
    if (value === 'none') return;
    const status = await certificateStatus(place.aws, value);
    if (status === 'ISSUED') return;
    throw new UserError(
      status
        ? `The certificate ${value} is ${status}, not issued.`
        : `There is no certificate ${value} in ${place.region}.`,
      'Leave it at --set certificate=none for now, and run again when it is issued.',
    );
  },
};

function range(input: unknown): string {
  const value = text('ssh-cidrs')(input);
  if (ipaddr.isValid(value)) {
    throw new UserError(
      `ssh-cidrs: ${value} is one address.`,
      `Write ${value}/${value.includes(':') ? 128 : 32}.`,
    );
  }
  if (!value.includes(':')) return parseCidr(value).network;
  if (!ipaddr.IPv6.isValidCIDR(value)) {
    throw new UserError(
      `ssh-cidrs: ${value} is not an address range.`,
      'Write it like 203.0.113.0/24 or 2001:db8::/32.',
    );
  }
  const [address, prefix] = ipaddr.IPv6.parseCIDR(value);
  const base = ipaddr.IPv6.networkAddressFromCIDR(value);
  const network = `${base}/${prefix}`;
  if (base.toString() !== address.toString()) {
    throw new UserError(`ssh-cidrs: ${value} has host bits set.`, `Did you mean ${network}?`);
  }
  // As AWS writes it, so that it compares equal.
  return network;
}

function contains(outer: string, inner: string): boolean {
  if (outer.includes(':') !== inner.includes(':')) return false;
  const [base, prefix] = ipaddr.parseCIDR(outer);
  const [address, innerPrefix] = ipaddr.parseCIDR(inner);
  return innerPrefix >= prefix && address.match(base as never, prefix);
}

/** What is asked once the names are known. */
export const laterQuestions: AnyQuestion[] = [
  bucketQuestion,
  ...instanceQuestions,
  ...networkQuestions,
  sshCidrs,
  keyPair,
  sshAdd,
  containerInsights,
  certificate,
];

/** All that `init-cluster` asks. */
export const clusterQuestions: QuestionSet = {
  questions: [...nameQuestions, ...laterQuestions],
  checkTogether,
};
