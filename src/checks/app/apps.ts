import { findTravisUsers } from '../../tasks/app/cluster.ts';
import { type ListenerRule, tagsOf } from '../../tasks/app/lib/listener-rules.ts';
import { appNamesOf, serviceNameOf } from '../../tasks/app/names.ts';
import { APP_TAG, appTags, ownership, REPOSITORY_TAG, type Tags } from '../../tasks/tags.ts';
import type { App, Looking } from '../check.ts';
import { rulesBy } from '../lookups/balancer.ts';
import { targetGroupsOf } from '../lookups/target-groups.ts';

/** The apps of the cluster, by name. */
export async function appsOf(looking: Looking): Promise<App[]> {
  const [apps, [user]] = await Promise.all([routedApps(looking), findTravisUsers(looking)]);
  const { repositoryNamespace: namespace, travisUser } = looking.names;
  return apps.map((app) => ({
    ...app,
    names: appNamesOf({ service: app.service, namespace, travisUser: user ?? travisUser }),
  }));
}

/** An app by what the load balancer has of it. */
export type RoutedApp = Omit<App, 'names'>;

/** Those that a target group or a rule of the load balancer is tagged as theirs, by name. */
export async function routedApps(looking: Looking): Promise<RoutedApp[]> {
  const [groups, { all: rules }] = await Promise.all([
    taggedTargetGroups(looking),
    rulesBy(looking),
  ]);
  const services = new Set([
    ...groups.map(({ service }) => service),
    ...rules.flatMap(({ tags }) => serviceIn(tags, looking) ?? []),
  ]);
  return [...services].sort().map((service) => {
    const { arn: targetGroupArn, repository } =
      groups.find((group) => group.service === service) ?? {};
    return { service, repository, targetGroupArn, hosts: hostsOf(rules, service, targetGroupArn) };
  });
}

/** Whether an app is deployed from that repository ("owner/name"): as it was added, else by its name alone. */
export function isRepositoryOf(
  slug: string,
  { service, repository }: Pick<App, 'service' | 'repository'>,
): boolean {
  const isSame = repository?.toLowerCase() === slug.toLowerCase();
  return repository ? isSame : service === serviceNameOf(slug.split('/').at(-1)!);
}

export async function taggedTargetGroups(
  looking: Looking,
): Promise<{ arn: string; service: string; repository?: string }[]> {
  const arns = (await targetGroupsOf(looking)).map(({ TargetGroupArn }) => TargetGroupArn!);
  const tags = await tagsOf(looking.aws, arns);
  return arns.flatMap((arn) => {
    const its = tags.get(arn) ?? {};
    const service = serviceIn(its, looking);
    return service === undefined ? [] : { arn, service, repository: its[REPOSITORY_TAG] };
  });
}

/** The app that a thing is of, where it is one of this cluster. */
function serviceIn(tags: Tags, { tags: cluster }: Looking): string | undefined {
  const service = tags[APP_TAG];
  const isOurs = service && ownership(tags, appTags(cluster, service), false) === 'ours';
  return isOurs ? service : undefined;
}

/** The hosts that those rules send to an app. */
export function hostsOf(rules: ListenerRule[], service: string, targetGroupArn?: string): string[] {
  const its = rules.filter(
    ({ tags, actions }) =>
      tags[APP_TAG] === service ||
      actions.some(({ TargetGroupArn }) => TargetGroupArn && TargetGroupArn === targetGroupArn),
  );
  return [...new Set(its.flatMap(({ hosts }) => hosts))].sort();
}
