import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import {
  DescribeAccountLimitsCommand,
  paginateDescribeListenerCertificates,
  paginateDescribeRules,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { explain } from '../../aws/errors.ts';
import { allVpcs } from '../../tasks/cluster/lib/lookups.ts';
import { listenersOf } from '../../tasks/cluster/listeners.ts';
import { findLoadBalancer } from '../../tasks/cluster/load-balancer.ts';
import { type Check, type Looking, pass, skip, type Verdict, warn } from '../check.ts';

export const quotasCheck: Check = {
  id: 'account.quotas',
  group: 'Account',
  title: 'The account’s quotas leave room',
  why: 'At a quota AWS refuses the next instance, app or network, often in the middle of something.',
  fix: 'Ask for more under Service Quotas, a day or two before it is needed; or remove what nobody uses.',
  look: (looking) => Promise.all(quotas.map((quota) => lookAtQuota(quota, looking))),
};

/** From here on there is little time left to ask AWS for more. */
const NEARLY = 0.8;

interface Quota {
  name: string;
  /** By these Service Quotas knows it. */
  service: string;
  code?: string;
  max(looking: Looking): Promise<number | undefined>;
  used(looking: Looking): Promise<number | undefined>;
}

// The codes are AWS's: `aws service-quotas list-service-quotas --service-code vpc`.
const quotas: Quota[] = [
  {
    name: 'VPCs of the Region',
    service: 'vpc',
    code: 'L-F678F1CE',
    max: (looking) => quotaOf(looking, 'vpc', 'L-F678F1CE'),
    used: async ({ aws }) => (await allVpcs(aws)).length,
  },
  {
    name: 'vCPUs of standard on-demand instances',
    service: 'ec2',
    code: 'L-1216C47A',
    max: (looking) => quotaOf(looking, 'ec2', 'L-1216C47A'),
    used: standardVcpus,
  },
  {
    name: 'rules of the load balancer',
    service: 'elasticloadbalancing',
    max: (looking) => limitOf(looking, 'rules-per-application-load-balancer'),
    used: ruleCount,
  },
  {
    name: 'certificates of the load balancer',
    service: 'elasticloadbalancing',
    max: (looking) => limitOf(looking, 'certificates-per-application-load-balancer'),
    used: certificateCount,
  },
];

/** Each by itself: one that cannot be told does not hide the others. */
async function lookAtQuota(quota: Quota, looking: Looking): Promise<Verdict> {
  const { name, service, code } = quota;
  try {
    const [max, used] = await Promise.all([quota.max(looking), quota.used(looking)]);
    if (!max || used === undefined) return skip(`${name}: could not be told`);
    const evidence = `${used} of ${max} ${name}`;
    if (used < max * NEARLY) return pass(evidence, name);
    const page = `https://${looking.region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas`;
    return warn(`${evidence} are used.`, `Ask for more: ${code ? `${page}/${code}` : page}`, name);
  } catch (error) {
    return skip(`${name}: could not look: ${explain(error).answer}`);
  }
}

async function quotaOf(
  { aws }: Looking,
  ServiceCode: string,
  QuotaCode: string,
): Promise<number | undefined> {
  const { Quota } = await aws.quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
  return Quota?.Value;
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

/** Without the default ones, which AWS does not count. */
async function ruleCount(looking: Looking): Promise<number | undefined> {
  const client = looking.aws.elb;
  const counts = await ofEachListener(looking, async (ListenerArn) => {
    const pages = await Array.fromAsync(paginateDescribeRules({ client }, { ListenerArn }));
    return pages.flatMap(({ Rules = [] }) => Rules).filter(({ IsDefault }) => !IsDefault).length;
  });
  return counts?.reduce((sum, count) => sum + count, 0);
}

/** Likewise. */
async function certificateCount(looking: Looking): Promise<number | undefined> {
  const client = looking.aws.elb;
  const counts = await ofEachListener(looking, async (ListenerArn, protocol) => {
    if (protocol !== 'HTTPS') return 0;
    const pages = await Array.fromAsync(
      paginateDescribeListenerCertificates({ client }, { ListenerArn }),
    );
    return pages
      .flatMap(({ Certificates = [] }) => Certificates)
      .filter(({ IsDefault }) => !IsDefault).length;
  });
  return counts?.reduce((sum, count) => sum + count, 0);
}

async function ofEachListener(
  looking: Looking,
  count: (arn: string, protocol?: string) => Promise<number>,
): Promise<number[] | undefined> {
  const balancer = await findLoadBalancer(looking);
  if (!balancer) return undefined;
  const listeners = await listenersOf(looking, balancer.LoadBalancerArn!);
  return Promise.all(listeners.map(({ ListenerArn, Protocol }) => count(ListenerArn!, Protocol)));
}
