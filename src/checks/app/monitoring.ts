import { type AppLooking, type Check, fail, pass, skip, warn } from '../check.ts';
import { alarmsFor } from '../lookups/alarms.ts';
import { balancerOf } from '../lookups/balancer.ts';
import { hasLoggedLately } from '../lookups/log-streams.ts';
import { balancerDimension, metricsOf } from '../lookups/metrics.ts';
import { NOT_DEPLOYED, serviceOf } from '../lookups/services.ts';
import { consoleOf, tailLogs } from './words.ts';

const group = 'App';

/** In percent. */
const MUCH_MEMORY = 85;
const SOME_ERRORS = 1;
const MANY_ERRORS = 5;

/** The guide's Monitoring. */
export const monitoringChecks: Check<AppLooking>[] = [
  {
    id: 'app.memory',
    ...{ group, title: 'The containers have memory to spare' },
    why: 'A container that takes more than it may is killed at once.',
    fix: 'Raise mem_limit in deploy/docker-compose.yml, or find what uses the memory.',
    async look(looking) {
      if (!(await serviceOf(looking))) return NOT_DEPLOYED;
      const { memory, cpu } = await metricsOf(looking);
      if (memory === undefined) return skip('CloudWatch has no numbers of the last hour.');
      const evidence = `In the last hour up to ${percent(memory)} of the memory${cpu === undefined ? '' : ` and ${percent(cpu)} of the CPU`} were used.`;
      if (memory <= MUCH_MEMORY) return pass(evidence);
      return warn(evidence, 'Raise mem_limit in deploy/docker-compose.yml and deploy again.');
    },
  },
  {
    id: 'app.errors',
    ...{ group, title: 'The app answers without errors' },
    why: 'A 5xx is what people see as “something went wrong”.',
    fix: 'The app’s logs say what went wrong.',
    async look(looking) {
      if (!(await serviceOf(looking))) return NOT_DEPLOYED;
      const { requests = 0, errors = 0 } = await metricsOf(looking);
      if (requests === 0) return skip('CloudWatch knows of no request in the last hour.');
      const rate = (100 * errors) / requests;
      const evidence = `${errors} of ${requests} requests in the last hour were answered with 5xx.`;
      if (rate <= SOME_ERRORS) return pass(evidence);
      return (rate > MANY_ERRORS ? fail : warn)(evidence, tailLogs(looking));
    },
  },
  {
    id: 'app.logs',
    ...{ group, title: 'The app’s logs arrive' },
    why: 'Without them nobody can tell what the app is doing.',
    fix: 'The task definition should log to the cluster’s log group by awslogs; the app should write to stdout.',
    async look(looking) {
      const service = await serviceOf(looking);
      if (!service) return NOT_DEPLOYED;
      if (!service.runningCount) return skip('No container runs.');
      const { logGroup } = looking.names;
      const prefix = `${looking.app.service}/`;
      const has = await hasLoggedLately(looking, prefix);
      if (has === undefined) return skip(`There is no log group ${logGroup}.`);
      if (has) return pass(`Streams of ${prefix} in ${logGroup} have lines of the last day.`);
      return warn(
        `No stream of ${prefix} in ${logGroup} has a line of the last day.`,
        'Compare logging in deploy/docker-compose.yml with AWS_CLOUDWATCH_LOGS_GROUP, and deploy again.',
      );
    },
  },
  {
    id: 'app.alarm',
    ...{ group, title: 'An alarm watches for the app’s healthy containers' },
    why: 'Somebody should hear of it when the last one fails.',
    fix: 'Make the alarm after the first deploy: HealthyHostCount below 1 for two minutes.',
    async look(looking) {
      const { targetGroupArn } = looking.app;
      if (!targetGroupArn || !(await serviceOf(looking))) return NOT_DEPLOYED;
      const alarms = await alarmsFor(looking, targetGroupArn);
      if (alarms.length === 0) {
        return warn(
          'No alarm watches its HealthyHostCount.',
          await alarmLine(looking, targetGroupArn),
        );
      }
      return alarms.map(({ AlarmName, StateValue, StateReason }) => {
        if (StateValue === 'OK') return pass(`${AlarmName} is OK.`, AlarmName);
        if (StateValue !== 'ALARM') return skip(`${AlarmName} has no data yet.`);
        return fail(
          `${AlarmName} is in ALARM${StateReason ? `: ${StateReason}` : ''}`,
          consoleOf(looking),
          AlarmName,
        );
      });
    },
  },
];

/** The guide's alarm, to be made by the AWS CLI. */
async function alarmLine(looking: AppLooking, targetGroup: string): Promise<string> {
  const { app, region } = looking;
  const balancer = await balancerOf(looking);
  const dimensions = [
    `Name=TargetGroup,Value=${targetGroup.split(':').at(-1)}`,
    ...(balancer ? [`Name=LoadBalancer,Value=${balancerDimension(balancer.arn)}`] : []),
  ];
  return `aws cloudwatch put-metric-alarm --region ${region} --alarm-name ${app.service}-healthy-hosts --namespace AWS/ApplicationELB --metric-name HealthyHostCount --dimensions ${dimensions.join(' ')} --statistic Minimum --period 60 --evaluation-periods 2 --threshold 1 --comparison-operator LessThanThreshold --treat-missing-data breaching`;
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
