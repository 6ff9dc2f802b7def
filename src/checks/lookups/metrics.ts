import {
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { inBatches } from '../../aws/batches.ts';
import { balancerDimension } from '../../tasks/cluster/load-balancer.ts';
import type { AppLooking, Looking } from '../check.ts';
import { balancerOf } from './balancer.ts';
import { type Aged, ageOf, seldom } from './once.ts';
import { servicesOf } from './services.ts';

/** What CloudWatch has of an app in the last hour; undefined where it has nothing. */
export interface AppMetrics {
  /** The most that was used of what the containers may have, in percent. */
  memory?: number;
  /** What was used on average of what is reserved for them, in percent; more than all where others leave it. */
  cpu?: number;
  requests?: number;
  /** Those that the app answered with 5xx. */
  errors?: number;
  /** Those that the load balancer answered with 5xx, as it got no connection to a container. */
  refused?: number;
  /** All that the load balancer answered with 5xx itself, of whichever app: AWS does not count them by target group. */
  ofBalancer?: number;
  /** The fewest targets in the last minute that CloudWatch knows, where that is not long ago. */
  healthy?: number;
  unhealthy?: number;
}

/** In minutes. */
const WINDOW = 60;
const RECENT = 5;

/** AWS's limit. */
const QUERIES_PER_CALL = 500;

interface Metric {
  namespace: 'AWS/ECS' | 'AWS/ApplicationELB';
  name: string;
  statistic: string;
  /** In seconds. */
  period: number;
  /** Of the load balancer, and not of an app. */
  isShared?: true;
  /** What the values of the whole window come to. */
  sum(result: MetricDataResult, asked: number): number | undefined;
}

const METRICS: Record<keyof AppMetrics, Metric> = {
  memory: {
    ...{ namespace: 'AWS/ECS', name: 'MemoryUtilization' },
    ...{ statistic: 'Maximum', period: 300, sum: highest },
  },
  cpu: {
    ...{ namespace: 'AWS/ECS', name: 'CPUUtilization' },
    ...{ statistic: 'Average', period: 300, sum: mean },
  },
  requests: {
    ...{ namespace: 'AWS/ApplicationELB', name: 'RequestCount' },
    ...{ statistic: 'Sum', period: 300, sum: total },
  },
  errors: {
    ...{ namespace: 'AWS/ApplicationELB', name: 'HTTPCode_Target_5XX_Count' },
    ...{ statistic: 'Sum', period: 300, sum: total },
  },
  refused: {
    ...{ namespace: 'AWS/ApplicationELB', name: 'TargetConnectionErrorCount' },
    ...{ statistic: 'Sum', period: 300, sum: total },
  },
  ofBalancer: {
    ...{ namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count', isShared: true },
    ...{ statistic: 'Sum', period: 300, sum: total },
  },
  healthy: {
    ...{ namespace: 'AWS/ApplicationELB', name: 'HealthyHostCount' },
    ...{ statistic: 'Minimum', period: 60, sum: latest },
  },
  unhealthy: {
    ...{ namespace: 'AWS/ApplicationELB', name: 'UnHealthyHostCount' },
    ...{ statistic: 'Maximum', period: 60, sum: latest },
  },
};

/** The app's; those of all apps are asked for at once. */
export async function metricsOf(looking: AppLooking): Promise<AppMetrics & Aged> {
  const of = await metricsBy(looking, Object.keys(METRICS) as (keyof AppMetrics)[]);
  return of(looking.app.names.service);
}

/** Those of these metrics that CloudWatch has of each service, by its name. It charges for every one. */
export async function metricsBy(
  looking: Looking,
  keys: (keyof AppMetrics)[],
): Promise<(service: string) => AppMetrics & Aged> {
  const { results, asked } = await seldom(looking, `metrics ${keys} of all apps`, () =>
    allResults(looking, keys),
  );
  return (service) => {
    const values = keys.map((key) => {
      const parts = results.get(labelOf(service, key)) ?? [];
      const whole = {
        Values: parts.flatMap(({ Values = [] }) => Values),
        Timestamps: parts.flatMap(({ Timestamps = [] }) => Timestamps),
      };
      return [key, METRICS[key].sum(whole, asked)] as const;
    });
    return { ...Object.fromEntries(values), age: ageOf(asked) };
  };
}

/** By their label, and when that was. */
async function allResults(
  looking: Looking,
  keys: (keyof AppMetrics)[],
): Promise<{ results: Map<string | undefined, MetricDataResult[]>; asked: number }> {
  const queries = await queriesFor(looking, keys);
  const asked = Date.now();
  const end = Math.ceil(asked / 60_000) * 60_000;
  const times = { StartTime: new Date(end - WINDOW * 60_000), EndTime: new Date(end) };
  const pages = await Promise.all(
    inBatches(queries, QUERIES_PER_CALL).map((MetricDataQueries) =>
      Array.fromAsync(
        paginateGetMetricData({ client: looking.aws.cloudWatch }, { ...times, MetricDataQueries }),
      ),
    ),
  );
  const results = pages.flat().flatMap(({ MetricDataResults = [] }) => MetricDataResults);
  return { results: Map.groupBy(results, ({ Label }) => Label), asked };
}

async function queriesFor(
  looking: Looking,
  keys: (keyof AppMetrics)[],
): Promise<MetricDataQuery[]> {
  const [services, balancer] = await Promise.all([servicesOf(looking), balancerOf(looking)]);
  const LoadBalancer = balancer && balancerDimension(balancer.arn);
  const shared = keys
    .filter((key) => LoadBalancer && METRICS[key].isShared)
    .map((key) => query(key, labelOf('', key), METRICS[key], [['LoadBalancer', LoadBalancer!]]));
  const own = keys.filter((key) => !METRICS[key].isShared);
  const ofServices = [...services.values()].flatMap((service, index) => {
    const { serviceName = '', loadBalancers = [] } = service;
    const group = loadBalancers[0]?.targetGroupArn;
    const dimensions = {
      'AWS/ECS': { ClusterName: looking.names.cluster, ServiceName: serviceName },
      'AWS/ApplicationELB':
        group && LoadBalancer ? { TargetGroup: group.split(':').at(-1)!, LoadBalancer } : undefined,
    };
    return own.flatMap((key) => {
      const metric = METRICS[key];
      const its = dimensions[metric.namespace];
      return its
        ? query(`m${index}${key}`, labelOf(serviceName, key), metric, Object.entries(its))
        : [];
    });
  });
  return [...shared, ...ofServices];
}

function query(
  Id: string,
  Label: string,
  { namespace: Namespace, name: MetricName, statistic: Stat, period: Period }: Metric,
  dimensions: [string, string][],
): MetricDataQuery {
  const Dimensions = dimensions.map(([Name, Value]) => ({ Name, Value }));
  return { Id, Label, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
}

function labelOf(service: string, key: keyof AppMetrics): string {
  return METRICS[key].isShared ? key : `${service} ${key}`;
}

function highest({ Values = [] }: MetricDataResult): number | undefined {
  return Values.length > 0 ? Math.max(...Values) : undefined;
}

function mean({ Values = [] }: MetricDataResult): number | undefined {
  return Values.length > 0
    ? Values.reduce((sum, value) => sum + value, 0) / Values.length
    : undefined;
}

function total({ Values = [] }: MetricDataResult): number | undefined {
  return Values.length > 0 ? Values.reduce((sum, value) => sum + value, 0) : undefined;
}

function latest(
  { Values = [], Timestamps = [] }: MetricDataResult,
  asked: number,
): number | undefined {
  const times = Timestamps.map(Number);
  const last = Math.max(...times);
  return asked - last < RECENT * 60_000 ? Values[times.indexOf(last)] : undefined;
}
