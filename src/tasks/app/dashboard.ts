import { isDeepStrictEqual } from 'node:util';
import { GetDashboardCommand, PutDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { orAbsent } from '../../aws/absent.ts';
import { balancerDimension } from '../cluster/load-balancer.ts';
import type { Live, NoNeeds } from '../resource.ts';
import { type Env, resourceWhen } from './scope.ts';

interface Dashboard extends Live {
  body: unknown;
}

/** Of the whole cluster. It finds the apps by itself, and what comes later with them. */
export const dashboard = resourceWhen<Dashboard, NoNeeds>(
  ({ answers }) => answers.monitoring.includes('dashboard'),
  {
    name: 'Dashboard',
    section: 'CloudWatch > Alarm',
    why: 'Shows the cluster and its apps at a glance: containers, requests, errors, memory, CPU.',
    docs: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html',
    cost: 'per month, beyond three dashboards that are free',
    needs: {},
    async read({ aws, names }) {
      const found = await orAbsent(
        aws.cloudWatch.send(new GetDashboardCommand({ DashboardName: names.dashboard })),
        /^(DashboardNotFound|ResourceNotFound)/,
      );
      return found && { id: names.dashboard, body: JSON.parse(found.DashboardBody ?? 'null') };
    },
    // One that a person has rearranged is theirs.
    wanted: (env, _needs, live) => (live ? {} : { body: bodyOf(env) }),
    async create(env) {
      const [DashboardName, body] = [env.names.dashboard, bodyOf(env)];
      const DashboardBody = JSON.stringify(body);
      await env.aws.cloudWatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
      return { id: DashboardName, body };
    },
    set: {},
    remarks: (env, { id, body }) =>
      isDeepStrictEqual(body, bodyOf(env))
        ? []
        : [
            `is not as this digital-apps makes it, and was left so; to have it made anew, delete ${id} in the console (CloudWatch > Dashboards) and run again`,
          ],
  },
);

const HALF = 12;
const HEIGHT = 6;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function bodyOf({ names, cluster, region }: Env) {
  const balancer = `LoadBalancer="${balancerDimension(cluster.loadBalancer.arn)}"`;
  const perApp = (metric: string, statistic: string) =>
    search(
      `{AWS/ApplicationELB,LoadBalancer,TargetGroup} ${balancer}`,
      metric,
      statistic,
      'TargetGroup',
    );
  const perService = (metric: string) =>
    search(
      `{AWS/ECS,ClusterName,ServiceName} ClusterName="${names.cluster}"`,
      metric,
      'Maximum',
      'ServiceName',
    );
  const ofInstances = (metric: string, label: string) => [
    ...['AWS/ECS', metric, 'ClusterName', names.cluster],
    { label },
  ];
  const percent = { yAxis: { left: { min: 0, max: 100 } } };
  const graphs: [title: string, metrics: unknown[], more?: object][] = [
    [
      'Healthy containers',
      [perApp('HealthyHostCount', 'Minimum')],
      { yAxis: { left: { min: 0 } } },
    ],
    ['Requests', [perApp('RequestCount', 'Sum')]],
    ['Errors (5xx)', [perApp('HTTPCode_Target_5XX_Count', 'Sum')]],
    ['Response time, 95 of 100, in seconds', [perApp('TargetResponseTime', 'p95')]],
    ['Memory of the containers, %', [perService('MemoryUtilization')], percent],
    ['CPU of the containers, %', [perService('CPUUtilization')]],
    [
      'Memory of the instances, %',
      [ofInstances('MemoryUtilization', 'used'), ofInstances('MemoryReservation', 'reserved')],
      percent,
    ],
    [
      'CPU of the instances, %',
      [['AWS/EC2', 'CPUUtilization', 'AutoScalingGroupName', names.autoscalingGroup]],
      percent,
    ],
  ];
  return {
    widgets: graphs.map(([title, metrics, more], index) => ({
      type: 'metric',
      ...{ x: (index % 2) * HALF, y: Math.floor(index / 2) * HEIGHT, width: HALF, height: HEIGHT },
      properties: { title, region, view: 'timeSeries', period: 300, metrics, ...more },
    })),
  };
}

/** All metrics of that name that CloudWatch finds, each called by one of its dimensions. */
function search(among: string, metric: string, statistic: string, label: string) {
  const expression = `SEARCH('${among} MetricName="${metric}"', '${statistic}', 300)`;
  return [{ expression, label: `\${PROP('Dim.${label}')}` }];
}
