import { type AppLooking, type Check, fail, pass, skip, warn } from '../check.ts';
import { metricsOf } from '../lookups/metrics.ts';
import { NOT_DEPLOYED, serviceOf, servicesOf } from '../lookups/services.ts';
import { alarmChecks } from './alarms.ts';
import { logCheck } from './logs.ts';
import { tailLogs } from './words.ts';

const group = 'App';

/** In percent. */
const MUCH_MEMORY = 85;
const SOME_ERRORS = 1;
const MANY_ERRORS = 5;
/** Fewer within the hour may be chance: of an app that few visit, one is many in percent. */
const ENOUGH_ERRORS = 10;

/** The guide's Monitoring. */
export const monitoringChecks: Check<AppLooking>[] = [
  {
    id: 'app.memory',
    ...{ group, title: 'The containers have memory to spare' },
    problem: 'The containers have little memory to spare',
    why: 'A container that takes more than it may is killed at once.',
    fix: 'Raise mem_limit in deploy/docker-compose.yml, or find what uses the memory.',
    async look(looking) {
      if (!(await serviceOf(looking))) return NOT_DEPLOYED;
      const { memory, cpu, age } = await metricsOf(looking);
      if (memory === undefined) return skip('CloudWatch has no numbers of the last hour.');
      const evidence = `In the last hour up to ${percent(memory)} of the memory${cpu === undefined ? '' : ` and ${percent(cpu)} of the CPU`} were used${age}.`;
      if (memory <= MUCH_MEMORY) return pass(evidence);
      return warn(evidence, 'Raise mem_limit in deploy/docker-compose.yml and deploy again.');
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

/** Whether all that the load balancer answers is this app's. */
async function isOnlyApp(looking: AppLooking): Promise<boolean> {
  const services = [...(await servicesOf(looking)).values()];
  return services.filter(({ loadBalancers = [] }) => loadBalancers.length > 0).length === 1;
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
