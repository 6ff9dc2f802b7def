import { explain } from '../../aws/errors.ts';
import { findLoadBalancer } from '../cluster/load-balancer.ts';
import { namesOf } from '../cluster/names.ts';
import type * as every from '../env.ts';
import { run } from '../graph.ts';
import { makePlan, type Plan } from '../plan.ts';
import { Standing } from '../standing.ts';
import { appTags, ourTags, ownership } from '../tags.ts';
import { healthyHostsAlarm } from './alarms.ts';
import type { Env } from './lib/alarm.ts';
import { appNamesOf } from './names.ts';
import { targetGroup } from './target-group.ts';

type Where = Pick<every.Place, 'aws' | 'account' | 'caller' | 'partition' | 'region'>;

/**
 * The guide's alarm, once a deploy has left a healthy container: made where it is not there yet,
 * with the permissions of whoever deploys. Only for an app of add-app's. Never rejects: a deploy
 * has gone well, whatever becomes of the alarm.
 * @returns what is to be said of it, in a sentence or two; undefined when it is as it was.
 */
export async function alarmAfterDeploy(
  where: Where,
  { cluster, service }: { cluster: string; service: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const plan = await planFor(where, cluster, service, signal);
    const result = plan && (await run(plan, () => {})).at(-1);
    if (result?.cause && result.outcome === 'failed') throw result.cause;
    if (result?.outcome !== 'create' && result?.outcome !== 'change') return undefined;
    return `The alarm ${result.live?.id} watches that a container of it is well.`;
  } catch (error) {
    const { answer } = explain(error);
    return `The alarm for its healthy containers could not be made: ${answer} Make it by: digital-apps doctor ${service} --fix.`;
  }
}

async function planFor(
  where: Where,
  cluster: string,
  service: string,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  const names = namesOf({ account: 'digital', cluster, bucket: 'cob' });
  const namespace = names.repositoryNamespace;
  const appNames = appNamesOf({ service, namespace, travisUser: names.travisUser });
  const place = {
    ...where,
    tags: appTags(ourTags(cluster, where.region), service),
    names: { ...names, ...appNames },
    rename: '',
  };
  const resources = [targetGroup, healthyHostsAlarm];
  const standing = new Standing();
  const [balancer] = await Promise.all([
    findLoadBalancer(place),
    standing.readByName(resources, place),
  ]);
  const group = standing.get(targetGroup);
  if (!balancer || !group || ownership(group.tags ?? {}, place.tags, false) !== 'ours') {
    return undefined;
  }
  // It is for add-app to set right.
  standing.useAsItIs(targetGroup);
  const env: Env = {
    ...place,
    cluster: { loadBalancer: { arn: balancer.LoadBalancerArn! } },
    ...{ answers: { monitoring: [] }, isServing: true, signal, waiting: () => {} },
  };
  return makePlan(resources, env, standing, { adopt: false });
}
