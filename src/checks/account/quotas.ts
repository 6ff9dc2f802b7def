import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import {
  DescribeAccountLimitsCommand,
  paginateDescribeListenerCertificates,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { explain } from '../../aws/errors.ts';
import { allVpcs } from '../../tasks/cluster/lib/lookups.ts';
import { listenersOf } from '../../tasks/cluster/listeners.ts';
import { findLoadBalancer } from '../../tasks/cluster/load-balancer.ts';
import { type Check, type Looking, pass, skip, type Verdict, warn } from '../check.ts';
import { allDistributions } from '../lookups/distributions.ts';
import { NEARLY, quotaOf, quotaPage } from '../lookups/quotas.ts';
import { servicesOf } from '../lookups/services.ts';
import { targetGroupsOf } from '../lookups/target-groups.ts';

export const quotasCheck: Check = {
  id: 'account.quotas',
  group: 'Account',
  title: 'The account’s quotas leave room',
  problem: 'The account is at one of its quotas, or close to it',
  why: 'At a quota AWS refuses the next instance, app or network, often in the middle of something.',
  fix: 'Ask for more under Service Quotas, a day or two before it is needed; or remove what nobody uses.',
  look: (looking) => Promise.all(quotas.map((quota) => lookAtQuota(quota, looking))),
};

/** Of the rules of the load balancer balancer.rules tells, of the images of an app app.images. */
interface Quota {
  name: string;
  /** By these Service Quotas knows it. */
  service: string;
  code?: string;
  /** Where another service tells it, without a call of its own. */
  max?(looking: Looking): Promise<number | undefined>;
  used(looking: Looking): Promise<number | undefined>;
  /** Where it is asked for, unless in the cluster's. */
  region?: string;
}

/** CloudFront is everywhere; its quotas are there. */
const CLOUDFRONT_REGION = 'us-east-1';

const quotas: Quota[] = [
  {
    name: 'VPCs of the Region',
    service: 'vpc',
    code: 'L-F678F1CE',
    used: async ({ aws }) => (await allVpcs(aws)).length,
  },
  {
    name: 'vCPUs of standard on-demand instances',
    service: 'ec2',
    code: 'L-1216C47A',
    used: standardVcpus,
  },
  {
    name: 'certificates of the load balancer',
    service: 'elasticloadbalancing',
    max: (looking) => limitOf(looking, 'certificates-per-application-load-balancer'),
    used: certificateCount,
  },
  {
    name: 'target groups of the Region',
    service: 'elasticloadbalancing',
    code: 'L-B22855CB',
    max: (looking) => limitOf(looking, 'target-groups'),
    used: async (looking) => (await targetGroupsOf(looking)).length,
  },
  {
    name: 'services of the cluster',
    service: 'ecs',
    code: 'L-9EF96962',
    used: async (looking) => (await servicesOf(looking)).size,
  },
  {
    name: 'CloudFront distributions of the account',
    service: 'cloudfront',
    code: 'L-24B04930',
    region: CLOUDFRONT_REGION,
    used: async (looking) => (await allDistributions(looking)).length,
  },
  {
    name: 'image repositories of the Region',
    service: 'ecr',
    code: 'L-CFEB8E8D',
    used: repositoryCount,
  },
];

/** Each by itself: one that cannot be told does not hide the others. */
async function lookAtQuota(quota: Quota, looking: Looking): Promise<Verdict> {
  const { name, service, code, region = looking.region } = quota;
  try {
    const [max, used] = await Promise.all([
      quota.max ? quota.max(looking) : quotaOf({ aws: looking.aws.in(region) }, service, code!),
      quota.used(looking),
    ]);
    if (!max || used === undefined) return skip(`${name}: could not be told`);
    const evidence = `${used} of ${max} ${name}`;
    if (used < max * NEARLY) return pass(evidence, name);
    return warn(
      `${evidence} are used.`,
      `Ask for more: ${quotaPage({ region }, service, code)}`,
      name,
    );
  } catch (error) {
    return skip(`${name}: could not look: ${explain(error).answer}`);
  }
}

/** Elastic Load Balancing tells its quotas itself, to who may describe its load balancers. */
async function limitOf({ aws }: Looking, name: string): Promise<number | undefined> {
  const { Limits = [] } = await aws.elb.send(new DescribeAccountLimitsCommand({}));
  const limit = Limits.find(({ Name }) => Name === name)?.Max;
  return limit ? Number(limit) : undefined;
}

/** The families that share one quota: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
const STANDARD = /^([acdhimrtz]|im|is)\d/;

async function standardVcpus({ aws }: Looking): Promise<number> {
  const pages = paginateDescribeInstances(
    { client: aws.ec2, pageSize: 1000 },
    { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] },
  );
  let vcpus = 0;
  for await (const { Reservations = [] } of pages) {
    for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (instance.InstanceLifecycle || !STANDARD.test(instance.InstanceType ?? '')) continue;
      const { CoreCount = 0, ThreadsPerCore = 1 } = instance.CpuOptions ?? {};
      vcpus += CoreCount * ThreadsPerCore;
    }
  }
  return vcpus;
}

/** Without the default ones, which AWS does not count; undefined without a load balancer. */
async function certificateCount(looking: Looking): Promise<number | undefined> {
  const balancer = await findLoadBalancer(looking);
  if (!balancer) return undefined;
  const listeners = await listenersOf(looking, balancer.LoadBalancerArn!);
  const pages = await Promise.all(
    listeners
      .filter(({ Protocol }) => Protocol === 'HTTPS')
      .map(({ ListenerArn }) =>
        Array.fromAsync(
          paginateDescribeListenerCertificates({ client: looking.aws.elb }, { ListenerArn }),
        ),
      ),
  );
  const certificates = pages.flat().flatMap(({ Certificates = [] }) => Certificates);
  return certificates.filter(({ IsDefault }) => !IsDefault).length;
}

async function repositoryCount({ aws }: Looking): Promise<number> {
  const pages = await Array.fromAsync(
    paginateDescribeRepositories({ client: aws.ecr, pageSize: 1000 }, {}),
  );
  return pages.flatMap(({ repositories = [] }) => repositories).length;
}
