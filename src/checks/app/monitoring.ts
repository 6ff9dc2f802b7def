import { type AppLooking, type Check, fail, pass, skip, warn } from '../check.ts';
import { some } from '../command-lines.ts';
import { instanceBehind } from '../lookups/container-instances.ts';
import { metricsOf } from '../lookups/metrics.ts';
import { NOT_DEPLOYED, runningTasksOf, serviceOf, servicesOf } from '../lookups/services.ts';
import { BUSY, usageOf } from '../lookups/usage.ts';
import { alarmChecks } from './alarms.ts';
import { logCheck } from './logs.ts';
import { tailLogs } from './words.ts';

const group = 'App';

/** In percent. */
const MUCH_MEMORY = 85;
const ITS_SHARE = 100;
const SOME_ERRORS = 1;
const MANY_ERRORS = 5;
/** Fewer within the hour may be chance: of an app that few visit, one is many in percent. */
const ENOUGH_ERRORS = 10;

/** The guide's Monitoring. */
export const monitoringChecks: Check<AppLooking>[] = [
  {
    id: 'app.memory',
    ...{ group, title: 'The containers have memory and CPU to spare' },
    problem: 'The containers have little memory or CPU to spare',
    why: 'A container that takes more memory than it may is killed at once; one that takes more CPU than its share gets it only while the instance is idle.',
    fix: 'Raise mem_limit or cpu_shares in deploy/docker-compose.yml, add an instance, or find what uses so much.',
    async look(looking) {
      if (!(await serviceOf(looking))) return NOT_DEPLOYED;
      const { memory, cpu, age } = await metricsOf(looking);
      if (memory === undefined) return skip('CloudWatch has no numbers of the last hour.');
      const ofCpu =
        cpu === undefined ? '' : `, and on average ${percent(cpu)} of the CPU reserved for them`;
      const evidence = `In the last hour up to ${percent(memory)} of the memory was used${ofCpu}${age}.`;
      const busy = cpu && cpu > ITS_SHARE ? await busyInstances(looking) : [];
      const verdicts = [
        ...(memory > MUCH_MEMORY
          ? [warn(evidence, 'Raise mem_limit in deploy/docker-compose.yml and deploy again.')]
          : []),
        ...(busy.length > 0
          ? [
              warn(
                `${evidence} That is more than its share, on instances that are busy: ${some(busy)}.`,
                'Raise cpu_shares in deploy/docker-compose.yml and deploy again, or add an instance (capacity.cpu says how).',
              ),
            ]
          : []),
      ];
      return verdicts.length > 0 ? verdicts : pass(evidence);
    },
  },
  {
    id: 'app.errors',
    ...{ group, title: 'The app answers without errors' },
    problem: 'The app answers with errors',
    why: 'A 5xx is what people see as “something went wrong”.',
    fix: 'The app’s logs say what went wrong.',
    async look(looking) {
      if (!(await serviceOf(looking))) return NOT_DEPLOYED;
      const { age, ...counted } = await metricsOf(looking);
      const { requests = 0, errors = 0, refused = 0, ofBalancer = 0 } = counted;
      const isAlone = await isOnlyApp(looking);
      const unanswered = isAlone ? Math.max(refused, ofBalancer) : refused;
      const all = errors + unanswered;
      // A request for which there was no container at all is not counted as the app's.
      const asked = Math.max(requests, all);
      if (asked === 0) return skip('CloudWatch knows of no request in the last hour.');
      const parts = [
        `${all} of ${asked} requests in the last hour were answered with 5xx`,
        unanswered > 0
          ? `, ${unanswered} of them by the load balancer, which got no answer from a container`
          : '',
        `${age}.`,
        !isAlone && ofBalancer > 0
          ? ` Of all apps’ requests the load balancer answered ${ofBalancer} with 5xx itself.`
          : '',
      ];
      const evidence = parts.join('');
      const says = judged(all, (100 * all) / asked);
      return says === pass ? pass(evidence) : says(evidence, tailLogs(looking));
    },
  },
  logCheck,
  ...alarmChecks,
];

function judged(errors: number, rate: number): typeof pass | typeof warn | typeof fail {
  const isEnough = errors >= ENOUGH_ERRORS;
  if (rate > MANY_ERRORS) return isEnough ? fail : warn;
  return rate > SOME_ERRORS && isEnough ? warn : pass;
}

/** Those that the app runs on where others want the CPU, too; elsewhere it may take more than its share. */
async function busyInstances(looking: AppLooking): Promise<string[]> {
  const [usage, tasks] = await Promise.all([usageOf(looking), runningTasksOf(looking)]);
  const its = await Promise.all(
    tasks.map(({ containerInstanceArn = '' }) => instanceBehind(looking, containerInstanceArn)),
  );
  return [...usage.instances].flatMap(([id, used]) => (used > BUSY && its.includes(id) ? id : []));
}

/** Whether all that the load balancer answers is this app's. */
async function isOnlyApp(looking: AppLooking): Promise<boolean> {
  const services = [...(await servicesOf(looking)).values()];
  return services.filter(({ loadBalancers = [] }) => loadBalancers.length > 0).length === 1;
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
