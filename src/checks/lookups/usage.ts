import { type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { inBatches } from '../../aws/batches.ts';
import type { Looking } from '../check.ts';
import { groupOf, inService } from './group.ts';
import { type Aged, ageOf, seldom } from './once.ts';

/** CloudWatch takes this many queries in one call. */
const AT_ONCE = 500;
/** Percent, from which on a cluster, or an instance, has little left. */
export const BUSY = 85;
/** Seconds. */
const PERIOD = 300;
const WINDOW = 6 * PERIOD;

interface Metric {
  namespace: 'AWS/ECS' | 'AWS/EC2';
  name: string;
  dimension: 'ClusterName' | 'InstanceId';
  of: string;
}

/** In percent, over the last half hour; by what it is of. */
export interface Usage extends Aged {
  /** By the metric's name: "CPUReservation"; absent where there are no data. */
  cluster: Map<string, number>;
  /** The CPU of each instance, by id. */
  instances: Map<string, number>;
}

/** How busy the cluster and its instances are. */
export async function usageOf(looking: Looking): Promise<Usage> {
  const { asked, ...usage } = await seldom(looking, 'usage of the cluster', async () => ({
    asked: Date.now(),
    ...(await askUsage(looking)),
  }));
  return { ...usage, age: ageOf(asked) };
}

async function askUsage(looking: Looking): Promise<Omit<Usage, 'age'>> {
  const group = await groupOf(looking);
  const ofCluster = ['CPUReservation', 'CPUUtilization', 'MemoryReservation', 'MemoryUtilization'];
  const metrics: Metric[] = [
    ...ofCluster.map((name) => metric('AWS/ECS', name, 'ClusterName', looking.names.cluster)),
    ...inService(group)
      .sort()
      .map((id) => metric('AWS/EC2', 'CPUUtilization', 'InstanceId', id)),
  ];
  const means = await meansOf(looking, metrics);
  const named = (dimension: string, by: 'name' | 'of') =>
    new Map(
      metrics.flatMap((each, index) => {
        const mean = means.get(index);
        return each.dimension === dimension && mean !== undefined ? [[each[by], mean]] : [];
      }),
    );
  return { cluster: named('ClusterName', 'name'), instances: named('InstanceId', 'of') };
}

function metric(
  namespace: Metric['namespace'],
  name: string,
  dimension: Metric['dimension'],
  of: string,
): Metric {
  return { namespace, name, dimension, of };
}

/** The mean of each metric's last half hour, by its place in the list. */
async function meansOf({ aws }: Looking, metrics: Metric[]): Promise<Map<number, number>> {
  // To the period, so that all who ask in one pass ask the same.
  const end = Math.ceil(Date.now() / 1000 / PERIOD) * PERIOD;
  const pages = await Promise.all(
    inBatches(metrics.map(queryFor), AT_ONCE).map((MetricDataQueries) =>
      Array.fromAsync(
        paginateGetMetricData(
          { client: aws.cloudWatch },
          {
            StartTime: new Date((end - WINDOW) * 1000),
            EndTime: new Date(end * 1000),
            MetricDataQueries,
          },
        ),
      ),
    ),
  );
  const values = pages
    .flat()
    .flatMap(({ MetricDataResults = [] }) => MetricDataResults)
    .flatMap(({ Id, Values = [] }) =>
      Values.map((value) => [Number(Id!.slice(1)), value] as const),
    );
  return new Map(
    [...Map.groupBy(values, ([index]) => index)].map(([index, found]) => [
      index,
      found.reduce((sum, [, value]) => sum + value, 0) / found.length,
    ]),
  );
}

function queryFor({ namespace, name, dimension, of }: Metric, index: number): MetricDataQuery {
  return {
    Id: `m${index}`,
    MetricStat: {
      Stat: 'Average',
      Period: PERIOD,
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: [{ Name: dimension, Value: of }],
      },
    },
  };
}
