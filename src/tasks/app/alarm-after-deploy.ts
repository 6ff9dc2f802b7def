import { explain } from '../../aws/errors.ts';
import { findLoadBalancer } from '../cluster/load-balancer.ts';
import { namesOf, USUAL_PREFIXES } from '../cluster/names.ts';
import { differenceWords } from '../difference-words.ts';
import type * as every from '../env.ts';
import { run } from '../graph.ts';
import { makePlan, type Plan, type Step } from '../plan.ts';
import { Standing } from '../standing.ts';
import { appTags, ourTags, ownership } from '../tags.ts';
import { healthyHostsAlarm } from './alarms.ts';
import type { Env } from './lib/alarm.ts';
import { appNamesOf } from './names.ts';
import { targetGroup } from './target-group.ts';

type Where = Pick<every.Place, 'aws' | 'account' | 'caller' | 'partition' | 'region'>;

/**
 * The guide's alarm, once a deploy has left a healthy container: made where it is not there yet,
 * with the permissions of whoever deploys. What a person has changed of it stays. Only for an app
 * of add-app's. Never rejects: a deploy has gone well, whatever becomes of the alarm.
 * @returns what is to be said of it, in a sentence or two; undefined when it is as it was made.
 */
export async function alarmAfterDeploy(
  where: Where,
  { cluster, service }: { cluster: string; service: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const plan = await planFor(where, cluster, service, signal);
    const step = plan?.steps.find(({ resource }) => resource === healthyHostsAlarm);
    if (!plan || !step || step.action === 'keep') return undefined;
    if (step.action === 'change') return unchanged(step, service);
    const made = (await run(plan, () => {})).find(({ resource }) => resource === healthyHostsAlarm);
    if (made?.outcome === 'failed') throw made.cause;
    return made?.live && `The alarm ${made.live.id} watches that a container of it is well.`;
  } catch (error) {
    const { answer } = explain(error);
    return `The alarm for its healthy containers could not be made: ${answer} Make it by: digital-apps doctor ${service} --fix.`;
  }
}

/** A change is for those who can be shown it, and asked. */
function unchanged({ live, differences }: Step, service: string): string {
  const isOn = (dimension: string) =>
    differences.every(({ field }) => field !== `dimensions.${dimension}`);
  const gone = isOn('TargetGroup') ? !isOn('LoadBalancer') && 'load balancer' : 'target group';
  if (gone) {
    return `The alarm ${live?.id} watches a ${gone} that is not the app’s any more, and so tells nothing of its containers. To have it watch them: digital-apps doctor ${service} --fix.`;
  }
  const changes = differences.map(differenceWords).join(', ');
  return `The alarm ${live?.id} is left as it is, though add-app would change it (${changes}). To see that, and to say whether: digital-apps add-app --set service=${service} in the app’s repository.`;
}

async function planFor(
  where: Where,
  cluster: string,
  service: string,
  signal: AbortSignal,
): Promise<Plan | undefined> {
  const names = namesOf({ ...USUAL_PREFIXES, cluster });
  const namespace = names.repositoryNamespace;
  const appNames = appNamesOf({ service, namespace, travisUser: names.travisUser });
  const ofCluster = { ...where, tags: ourTags(cluster, where.region), names, rename: '' };
  const balancer = await findLoadBalancer(ofCluster);
  if (!balancer) return undefined;
  const place = {
    ...ofCluster,
    ...{ tags: appTags(ofCluster.tags, service), names: { ...names, ...appNames } },
    cluster: { loadBalancer: { arn: balancer.LoadBalancerArn! } },
  };
  const resources = [targetGroup, healthyHostsAlarm];
  const standing = new Standing();
  await standing.readByName(resources, place);
  const group = standing.get(targetGroup);
  if (!group || ownership(group.tags ?? {}, place.tags, false) !== 'ours') return undefined;
  // It is for add-app to set right.
  standing.useAsItIs(targetGroup);
  const env: Env = {
    ...place,
    ...{ answers: { monitoring: [] }, isServing: true, signal, waiting: () => {} },
  };
  return makePlan(resources, env, standing, { adopt: false });
}
