import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { nearest } from '../../src/nearest.ts';
import { clusterQuestions } from '../../src/questions/cluster/index.ts';
import { regionOfCertificate } from '../../src/questions/cluster/together.ts';
import { divide, overlap } from '../../src/tasks/cluster/lib/cidr.ts';

/** What an answer is understood as, or the whole of what is said against it. */
function parse(key: string, input: unknown): unknown {
  try {
    return clusterQuestions.questions.find((question) => question.key === key)?.parse(input);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message, error.fix].filter(Boolean).join(' ');
  }
}

const notRange = (text: string) => `${text} is not an address range. Write it like 10.20.0.0/16.`;
const noNetwork = (text: string) =>
  `vpc-cidr: AWS makes no network in ${text}. Take another range, like 10.20.0.0/16.`;
const clusterName =
  'AWS takes letters, digits and hyphens, starting with a letter and not ending with a hyphen';
const iamName = 'IAM takes letters, digits and _+=,.@- only, 58 at most here';
const bucketPrefix =
  'S3 takes lower-case letters, digits and hyphens, starting with a letter or digit, 23 at most here';
const bucketName =
  'S3 takes 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends';
const long = (length: number) => 'a'.repeat(length);

test.each([
  // Numbers
  ['max', '6', 6],
  ['max', ' 6 ', 6],
  ['max', 6, 6],
  ['max', '', 'max must be a whole number, not nothing.'],
  ['max', null, 'max must be a whole number, not nothing.'],
  ['max', true, 'max must be a whole number, not true.'],
  ['max', 2.5, 'max must be a whole number, not 2.5.'],
  ['max', '1e2', 'max must be a whole number, not "1e2".'],
  ['max', '0x10', 'max must be a whole number, not "0x10".'],
  ['max', '0', 'max must lie between 1 and 1000, 0 does not.'],
  ['min', '0', 0],
  ['min', '-1', 'min must lie between 0 and 1000, -1 does not.'],
  ['disk-size', 29, 'disk-size must lie between 30 and 16384, 29 does not.'],
  // Yes or no
  ['container-insights', 'Yes', true],
  ['container-insights', false, false],
  ['container-insights', '', 'container-insights must be yes or no, not nothing.'],
  ['container-insights', 1, 'container-insights must be yes or no, not 1.'],
  // Words
  ['vpc', ' new ', 'new'],
  ['vpc', ['new'], 'vpc must be a word, not ["new"].'],
  ['vpc', 'vpc-0a1b2c3', 'vpc: “vpc-0a1b2c3” will not do: say new, or an id like vpc-0abc….'],
  [
    'instance-type',
    't3small',
    'instance-type: “t3small” will not do: a type is written like t3.small.',
  ],
  ['instance-type', 'u-6tb1.metal', 'u-6tb1.metal'],
  ['ami', 'latest', 'ami: “latest” will not do: say recommended, or an id like ami-0abc….'],
  ['key-pair', 'clé', 'key-pair: “clé” will not do: say new, none, or the name of a pair.'],
  [
    'certificate',
    'mine',
    'certificate: “mine” will not do: say none, or an ARN like arn:aws:acm:us-east-2:….',
  ],
  // Lists
  ['zones', 'us-east-2a, us-east-2b,', ['us-east-2a', 'us-east-2b']],
  ['zones', ['us-east-2a', 'us-east-2b'], ['us-east-2a', 'us-east-2b']],
  ['zones', 'us-east-2a,b', 'zones: “b” will not do: a zone is written like us-east-2a.'],
  ['zones', 'us-east-2a,us-east-2a', 'zones names us-east-2a twice.'],
  ['zones', [], 'zones must name two at least: a load balancer needs two zones.'],
  ['zones', 2, 'zones must be a list, like a,b, not 2.'],
  ['zones', { a: 1 }, 'zones must be a list, like a,b, not {"a":1}.'],
  ['subnets', 'a,b', 'subnets: “a” will not do: a subnet’s id is written like subnet-0abc….'],
  // The range of a new network
  ['vpc-cidr', '10.20.0.0/16', '10.20.0.0/16'],
  ['vpc-cidr', '192.168.7.64/26', '192.168.7.64/26'],
  ['vpc-cidr', '10.20.0.0', notRange('10.20.0.0')],
  ['vpc-cidr', '10.20.0.0/33', notRange('10.20.0.0/33')],
  ['vpc-cidr', '300.0.0.0/16', notRange('300.0.0.0/16')],
  ['vpc-cidr', '010.0.0.0/16', notRange('010.0.0.0/16')],
  ['vpc-cidr', '2001:db8::/32', notRange('2001:db8::/32')],
  ['vpc-cidr', '10.20.0.0/15', '10.20.0.0/15 is too large: a VPC is at most a /16.'],
  ['vpc-cidr', '10.20.4.0/16', '10.20.4.0/16 has host bits set. Did you mean 10.20.0.0/16?'],
  [
    'vpc-cidr',
    '172.17.0.0/20',
    'vpc-cidr: 172.17.0.0/20 overlaps 172.17.0.0/16, where Docker keeps its containers on every instance. Take another range, like 10.20.0.0/16.',
  ],
  ['vpc-cidr', '127.0.0.0/16', noNetwork('127.0.0.0/16')],
  ['vpc-cidr', '169.254.0.0/20', noNetwork('169.254.0.0/20')],
  ['vpc-cidr', '239.0.0.0/16', noNetwork('239.0.0.0/16')],
  // Where SSH may come from
  ['ssh-cidrs', '', []],
  ['ssh-cidrs', 'none', []],
  ['ssh-cidrs', '203.0.113.0/24, 2001:DB8:0::/32', ['203.0.113.0/24', '2001:db8::/32']],
  ['ssh-cidrs', '0.0.0.0/0', ['0.0.0.0/0']],
  ['ssh-cidrs', '203.0.113.7', 'ssh-cidrs: 203.0.113.7 is one address. Write 203.0.113.7/32.'],
  ['ssh-cidrs', '2001:db8::1', 'ssh-cidrs: 2001:db8::1 is one address. Write 2001:db8::1/128.'],
  ['ssh-cidrs', '203.0.113.7/24', '203.0.113.7/24 has host bits set. Did you mean 203.0.113.0/24?'],
  [
    'ssh-cidrs',
    '2001:db8::1/32',
    'ssh-cidrs: 2001:db8::1/32 has host bits set. Did you mean 2001:db8::/32?',
  ],
  [
    'ssh-cidrs',
    '2001:db8::/129',
    'ssh-cidrs: 2001:db8::/129 is not an address range. Write it like 203.0.113.0/24 or 2001:db8::/32.',
  ],
  [
    'ssh-cidrs',
    '2001:db8::/32,2001:db8:1::/48',
    'ssh-cidrs: 2001:db8:1::/48 overlaps another range of the list; leave one out.',
  ],
  // Names
  ['account-prefix', 'city.of+x=1,@_-', 'city.of+x=1,@_-'],
  ['account-prefix', 'a/b', `account-prefix: “a/b” will not do: ${iamName}.`],
  ['account-prefix', long(59), `account-prefix: “${long(59)}” will not do: ${iamName}.`],
  ['cluster-prefix', long(32), long(32)],
  ['cluster-prefix', 'my_apps', `cluster-prefix: “my_apps” will not do: ${clusterName}.`],
  ['cluster-prefix', '1st', `cluster-prefix: “1st” will not do: ${clusterName}.`],
  ['cluster-prefix', 'apps-', `cluster-prefix: “apps-” will not do: ${clusterName}.`],
  [
    'cluster-prefix',
    'AWSome',
    'cluster-prefix: “AWSome” will not do: AWS keeps names that start with AWS for itself.',
  ],
  ['bucket-prefix', 'Cob', `bucket-prefix: “Cob” will not do: ${bucketPrefix}.`],
  ['bucket-prefix', long(24), `bucket-prefix: “${long(24)}” will not do: ${bucketPrefix}.`],
  ['bucket', long(63), long(63)],
  ['bucket', long(64), `bucket: “${long(64)}” will not do: ${bucketName}.`],
  ['bucket', 'xn--city', `bucket: “xn--city” will not do: ${bucketName}.`],
  ['bucket', 'city--ol-s3', `bucket: “city--ol-s3” will not do: ${bucketName}.`],
])('%s: %j', (key, input, meant) => {
  expect(parse(key, input)).toEqual(meant);
});

test('every default that is given in words parses', () => {
  for (const { key, usual } of clusterQuestions.questions) {
    const plain = /^`([^`]+)`$/.exec(usual)?.[1];
    if (plain) expect(parse(key, plain), key).toBeDefined();
  }
});

describe('ranges', () => {
  test.each([
    ['10.20.0.0/16', '10.20.0.0/16', true],
    ['10.20.0.0/16', '10.20.255.0/24', true],
    ['10.20.255.0/24', '10.20.0.0/16', true],
    ['10.20.0.0/16', '10.21.0.0/16', false],
  ])('%s and %s overlap: %s', (a, b, expected) => expect(overlap(a, b)).toBe(expected));

  test.each([
    ['10.20.0.0/16', 16, '10.20.0.0/20', '10.20.240.0/20'],
    ['10.20.30.0/24', 8, '10.20.30.0/27', '10.20.30.224/27'],
    ['10.20.30.64/26', 2, '10.20.30.64/27', '10.20.30.96/27'],
    ['192.168.0.0/23', 16, '192.168.0.0/27', '192.168.1.224/27'],
  ])('%s is divided into %i, from %s to %s', (vpc, count, first, last) => {
    const parts = divide(vpc);
    expect([parts.length, parts[0], parts.at(-1)]).toEqual([count, first, last]);
    expect(parts.every((part) => overlap(vpc, part))).toBe(true);
    for (const [index, part] of parts.entries()) {
      expect(parts.slice(index + 1).some((other) => overlap(part, other))).toBe(false);
    }
  });
});

test.each([
  ['t3.smal', 't3.small'],
  ['t3.samll', 't3.small'],
  ['m5.24xlarge', undefined],
  ['', undefined],
  ['t', undefined],
])('nearest to “%s”: %s', (word, expected) => {
  expect(nearest(word, ['t3.small', 't3.medium', 't3.large'])).toBe(expected);
});

test.each([
  ['arn:aws:acm:us-east-2:123456789012:certificate/0a1b', 'us-east-2'],
  ['arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/0a1b', 'us-gov-west-1'],
  ['arn:aws:iam::123456789012:server-certificate/mine', undefined],
])('the Region of %s: %s', (arn, region) => expect(regionOfCertificate(arn)).toBe(region));
