import { paginateDescribeTargetGroups } from '@aws-sdk/client-elastic-load-balancing-v2';
import { rulesOf, tagsOf } from '../../tasks/app/lib/listener-rules.ts';
import { appNamesOf } from '../../tasks/app/names.ts';
import { listenersOf } from '../../tasks/cluster/listeners.ts';
import { findLoadBalancer } from '../../tasks/cluster/load-balancer.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { APP_TAG, ownership, type Tags } from '../../tasks/tags.ts';
import type { App } from '../check.ts';

/** The cluster's apps, by the tags of their target groups and rules, in alphabetical order. */
export async function appsOf(place: Place): Promise<App[]> {
  const [groups, rules] = await Promise.all([targetGroups(place), allRules(place)]);
  const services = new Set([...groups, ...rules].flatMap(({ tags }) => appIn(tags, place) ?? []));
  const of = <T extends { tags: Tags }>(things: T[], service: string) =>
    things.filter(({ tags }) => appIn(tags, place) === service);
  return [...services].sort().map((service) => ({
    service,
    names: appNamesOf({
      service,
      namespace: place.names.repositoryNamespace,
      travisUser: place.names.travisUser,
    }),
    targetGroupArn: of(groups, service)[0]?.arn,
    hosts: [...new Set(of(rules, service).flatMap(({ hosts }) => hosts))].sort(),
  }));
}

async function targetGroups({ aws }: Place): Promise<{ arn: string; tags: Tags }[]> {
  const pages = await Array.fromAsync(paginateDescribeTargetGroups({ client: aws.elb }, {}));
  const arns = pages.flatMap(({ TargetGroups = [] }) =>
    TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn!),
  );
  const tags = await tagsOf(aws, arns);
  return arns.map((arn) => ({ arn, tags: tags.get(arn) ?? {} }));
}

async function allRules(place: Place) {
  const balancer = await findLoadBalancer(place);
  const listeners = balancer ? await listenersOf(place, balancer.LoadBalancerArn!) : [];
  const rules = listeners.map(({ ListenerArn }) => rulesOf(place, ListenerArn!));
  return (await Promise.all(rules)).flat();
}

/** The app that a thing belongs to, where that is one of this cluster's. */
function appIn(tags: Tags, place: Place): string | undefined {
  const app = tags[APP_TAG];
  return app && ownership(tags, { ...place.tags, [APP_TAG]: app }, false) === 'ours'
    ? app
    : undefined;
}
