import { DescribeAlarmsForMetricCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../aws/absent.ts';
import { balancerDimension } from '../cluster/load-balancer.ts';
import type { Monitored } from './answers.ts';
import { alarm, type Place, type Watch } from './lib/alarm.ts';

/** The guide's: two minutes without a container that is well. No data is bad data. */
export const HEALTHY_HOSTS: Watch = {
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'HealthyHostCount',
  Statistic: 'Minimum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 1,
  ComparisonOperator: 'LessThanThreshold',
  TreatMissingData: 'breaching',
};

/** In what is too much for a quarter of an hour; where there are no numbers, nothing is too much. */
const TOO_MUCH = {
  Period: 300,
  EvaluationPeriods: 3,
  Threshold: 90,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
} as const;

export const healthyHostsAlarm = alarm({
  name: 'Alarm',
  why: 'Goes off when no container of the app has been well for two minutes.',
  nameIn: (names) => names.healthyHostsAlarm,
  when: ({ isServing }) => isServing,
  description: ({ service }) =>
    `No container of ${service} answers its health check. What is wrong: npx digital-apps doctor ${service}`,
  watch: HEALTHY_HOSTS,
  dimensions: ofTargetGroup,
  another: anotherForHosts,
  isVital: true,
});

export const errorsAlarm = alarm({
  name: 'Alarm for errors',
  why: 'Goes off when the app has answered ten requests with 5xx within five minutes.',
  nameIn: (names) => names.errorsAlarm,
  when: asks('errors'),
  description: ({ service }) =>
    `${service} answers with errors (5xx). What its containers say: npx digital-apps doctor ${service}`,
  watch: {
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'HTTPCode_Target_5XX_Count',
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 10,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  },
  dimensions: ofTargetGroup,
});

export const memoryAlarm = alarm({
  name: 'Alarm for memory',
  why: 'Goes off when a container uses 90 % of the memory it may have; at all of it, it is killed.',
  nameIn: (names) => names.memoryAlarm,
  when: asks('memory'),
  description: ({ service }) =>
    `The containers of ${service} are short of memory: raise mem_limit in deploy/docker-compose.yml, or find what uses it.`,
  watch: {
    ...TOO_MUCH,
    ...{ Namespace: 'AWS/ECS', MetricName: 'MemoryUtilization', Statistic: 'Maximum' },
  },
  dimensions: ({ names }) => ({ ClusterName: names.cluster, ServiceName: names.service }),
});

const INSTANCES = { when: asks('instances'), shared: true } as const;

export const instanceCpuAlarm = alarm({
  ...INSTANCES,
  name: 'Alarm for the instances’ CPU',
  why: 'Goes off when the cluster’s instances have had 90 % to do for a quarter of an hour.',
  nameIn: (names) => names.instanceCpuAlarm,
  description: ({ cluster }) =>
    `The instances of ${cluster} are busy: add one, or take a bigger type (npx digital-apps init-cluster).`,
  watch: {
    ...TOO_MUCH,
    ...{ Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Average' },
  },
  dimensions: ({ names }) => ({ AutoScalingGroupName: names.autoscalingGroup }),
});

export const instanceMemoryAlarm = alarm({
  ...INSTANCES,
  name: 'Alarm for the instances’ memory',
  why: 'Goes off when the containers have used 90 % of the instances’ memory for a quarter of an hour.',
  nameIn: (names) => names.instanceMemoryAlarm,
  description: ({ cluster }) =>
    `The instances of ${cluster} are short of memory: add one, or take a bigger type (npx digital-apps init-cluster).`,
  watch: {
    ...TOO_MUCH,
    ...{ Namespace: 'AWS/ECS', MetricName: 'MemoryUtilization', Statistic: 'Average' },
  },
  // Without a service's name, of all that runs on the cluster.
  dimensions: ({ names }) => ({ ClusterName: names.cluster }),
});

function asks(what: Monitored) {
  return ({ answers }: { answers: { monitoring: Monitored[] } }) =>
    answers.monitoring.includes(what);
}

/** A person’s own, under a name of theirs, that goes off when too few are well. */
async function anotherForHosts(place: Place): Promise<MetricAlarm | undefined> {
  const { aws, names } = place;
  const found = await orAbsent(
    aws.elb.send(new DescribeTargetGroupsCommand({ Names: [names.targetGroup] })),
    /^TargetGroupNotFound/,
  );
  const arn = found?.TargetGroups?.[0]?.TargetGroupArn;
  if (!arn) return undefined;
  const wanted = Object.entries(ofTargetGroup(place, { arn }));
  const { Namespace, MetricName } = HEALTHY_HOSTS;
  const Dimensions = wanted.map(([Name, Value]) => ({ Name, Value }));
  const { MetricAlarms = [] } = await aws.cloudWatch.send(
    new DescribeAlarmsForMetricCommand({ Namespace, MetricName, Dimensions }),
  );
  return MetricAlarms.find(
    ({ ComparisonOperator = '', Dimensions: its = [] }) =>
      ComparisonOperator.startsWith('LessThan') &&
      // An emulator answers with those of all target groups.
      wanted.every(([name, value]) => its.some((one) => one.Name === name && one.Value === value)),
  );
}

function ofTargetGroup({ cluster }: Place, { arn }: { arn: string }): Record<string, string> {
  return {
    // "targetgroup/parks/0123456789abcdef"
    TargetGroup: arn.split(':').at(-1)!,
    LoadBalancer: balancerDimension(cluster.loadBalancer.arn),
  };
}
