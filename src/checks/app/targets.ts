import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type AppLooking, type Check, fail, pass, skip, type Verdict, warn } from '../check.ts';
import { metricsOf } from '../lookups/metrics.ts';
import { isOneOfFew, isWorthACall, NOT_DEPLOYED, serviceOf } from '../lookups/services.ts';
import { targetsIn } from '../lookups/target-groups.ts';
import { isPassing, meaningOf } from '../signatures/target-reasons.ts';
import { addApp, consoleOf } from './words.ts';

export const targetChecks: Check<AppLooking>[] = [
  {
    id: 'app.targets',
    ...{ group: 'App', title: 'The load balancer finds the app’s containers well' },
    problem: 'The load balancer does not find the app’s containers well',
    why: 'It sends requests to those that answer the health check, and to no other.',
    fix: 'Have the app answer the health check’s path with 200, from the start and in time.',
    async look(looking) {
      const { targetGroupArn, service } = looking.app;
      if (!targetGroupArn) return fail(`${service} has no target group.`, addApp(looking));
      const deployed = await serviceOf(looking);
      if (!deployed) return NOT_DEPLOYED;
      const counted = await healthyByMetrics(looking);
      if (counted) return counted;
      if (!deployed.runningCount && !isOneOfFew(looking)) return skip('No container runs.');
      const targets = await targetsIn(looking, targetGroupArn);
      if (!targets) return fail(`The target group of ${service} is gone.`, addApp(looking));
      if (targets.length === 0 && !deployed.runningCount) return skip('No container runs.');
      return verdicts(targets, looking);
    },
  },
];

/** Where all are well by metrics that were asked for all apps at once. */
async function healthyByMetrics(looking: AppLooking): Promise<Verdict | undefined> {
  if (await isWorthACall(looking)) return undefined;
  const metrics = await metricsOf(looking).catch(() => undefined);
  const { healthy = 0, unhealthy = 1, age = '' } = metrics ?? {};
  if (healthy === 0 || unhealthy > 0) return undefined;
  return pass(`${healthy} healthy, as CloudWatch counts${age}.`);
}

function verdicts(targets: TargetHealthDescription[], looking: AppLooking): Verdict | Verdict[] {
  if (targets.length === 0) {
    return fail('No container is registered with the target group.', consoleOf(looking));
  }
  const healths = targets.map(({ TargetHealth = {}, Target }) => ({
    health: TargetHealth,
    Target,
  }));
  const healthy = healths.filter(({ health }) => health.State === 'healthy').length;
  const passing = healths.filter(({ health }) => isPassing(health));
  const sick = healths.filter(({ health }) => health.State !== 'healthy' && !isPassing(health));
  if (sick.length > 0) {
    return sick.map(({ health, Target }) => {
      const { says, fix } = meaningOf(health);
      return fail(says, fix, `${Target?.Id}:${Target?.Port}`);
    });
  }
  if (healthy > 0) return pass(`${healthy} of ${targets.length} targets are healthy.`);
  return warn(
    `No target is healthy yet; ${passing.length} are being checked or leaving.`,
    'Wait a minute: the first checks take their time.',
  );
}
