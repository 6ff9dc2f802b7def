import {
  type Action,
  DescribeTagsCommand,
  paginateDescribeAccountLimits,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../../aws/absent.ts';
import type { Aws } from '../../../aws/clients.ts';
import { listenersOf } from '../../cluster/listeners.ts';
import type { Place } from '../../cluster/scope.ts';
import { fromTagList, type Tags } from '../../tags.ts';

/** One rule of a listener. */
export interface ListenerRule {
  arn: string;
  /** Its place: the lowest is asked first. */
  priority: number;
  /** In small letters, sorted; with "*" and "?" where a person put them. */
  hosts: string[];
  /** What else a request must have, as AWS takes it. */
  conditions: RuleCondition[];
  actions: Action[];
  tags: Tags;
}

/** The highest that a rule may have. */
const LAST_PRIORITY = 50_000;

/** All rules of a listener but the default one. */
export async function rulesOf(
  { aws }: Pick<Place, 'aws'>,
  listener: string,
): Promise<ListenerRule[]> {
  for (;;) {
    const rules = await describeRules(aws, listener);
    const arns = rules.map(({ RuleArn }) => RuleArn!);
    // Another run may take one of its rules away between the two questions.
    const tags = await orAbsent(tagsOf(aws, arns), /^RuleNotFound/);
    if (tags) return rules.map((rule) => listenerRule(rule, tags.get(rule.RuleArn!) ?? {}));
    aws.reads.forget();
  }
}

/** How many rules the load balancer has, and may have. */
export async function rulesUsed(
  place: Place,
  loadBalancer: string,
): Promise<{ used: number; most: number }> {
  const { aws } = place;
  const listeners = await listenersOf(place, loadBalancer);
  const [rules, limits] = await Promise.all([
    Promise.all(listeners.map(({ ListenerArn }) => describeRules(aws, ListenerArn!))),
    Array.fromAsync(paginateDescribeAccountLimits({ client: aws.elb }, {})),
  ]);
  const limit = limits
    .flatMap(({ Limits = [] }) => Limits)
    .find(({ Name }) => Name === 'rules-per-application-load-balancer');
  return { used: rules.flat().length, most: Number(limit?.Max ?? 100) };
}

async function describeRules(aws: Aws, ListenerArn: string): Promise<Rule[]> {
  const pages = await Array.fromAsync(paginateDescribeRules({ client: aws.elb }, { ListenerArn }));
  return pages.flatMap(({ Rules = [] }) => Rules).filter(({ IsDefault }) => !IsDefault);
}

/** By ARN; AWS tells them for twenty at a time. */
export async function tagsOf(aws: Aws, arns: string[]): Promise<Map<string, Tags>> {
  const parts = Array.from({ length: Math.ceil(arns.length / 20) }, (_, part) =>
    arns.slice(part * 20, part * 20 + 20),
  );
  const answers = await Promise.all(
    parts.map((ResourceArns) => aws.elb.send(new DescribeTagsCommand({ ResourceArns }))),
  );
  return new Map(
    answers
      .flatMap(({ TagDescriptions = [] }) => TagDescriptions)
      .map(({ ResourceArn, Tags }) => [ResourceArn!, fromTagList(Tags)]),
  );
}

export function listenerRule(rule: Rule, tags: Tags): ListenerRule {
  const conditions = rule.Conditions ?? [];
  const hosts = conditions.filter(isHost).flatMap(valuesOf);
  return {
    arn: rule.RuleArn!,
    priority: Number(rule.Priority),
    hosts: hosts.map((host) => host.toLowerCase()).sort(),
    conditions: conditions.filter((condition) => !isHost(condition)).map(asAsked),
    actions: rule.Actions ?? [],
    tags,
  };
}

/** By a regular expression, a rule takes some hosts more narrowly than can be told here. */
function isHost({ Field, HostHeaderConfig }: RuleCondition): boolean {
  return Field === 'host-header' && !HostHeaderConfig?.RegexValues?.length;
}

function valuesOf({ Values, HostHeaderConfig, PathPatternConfig }: RuleCondition): string[] {
  return HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [];
}

/** AWS tells some values twice, and wants to be told them once. */
function asAsked(condition: RuleCondition): RuleCondition {
  const { Values, ...rest } = condition;
  return Object.keys(rest).length > 1 ? rest : condition;
}

export function hostCondition(hosts: string[]): RuleCondition {
  return { Field: 'host-header', HostHeaderConfig: { Values: hosts } };
}

/** Whether all of a host's requests are this rule's, as far as its place lets them through. */
export function takesAll({ hosts, conditions }: ListenerRule, host: string): boolean {
  return (
    (hosts.length === 0 || hosts.some((pattern) => matches(pattern, host))) &&
    conditions.every(
      (condition) =>
        condition.Field === 'path-pattern' &&
        valuesOf(condition).some((path) => path === '*' || path === '/*'),
    )
  );
}

function matches(pattern: string, host: string): boolean {
  const source = pattern.replace(/[.*?]/g, (sign) => ({ '.': '\\.', '*': '.*', '?': '.' })[sign]!);
  return new RegExp(`^${source}$`).test(host);
}

/** The rules that would take one of those hosts away by a pattern, whoever made them. */
export function takers(rules: ListenerRule[], hosts: string[]): ListenerRule[] {
  return rules.filter((rule) =>
    hosts.some((host) => takesAll(rule, host) && !rule.hosts.includes(host)),
  );
}

/**
 * A priority that no rule has and that comes before all that would take one of the hosts away,
 * otherwise after all others; undefined where there is no such.
 */
export function freePriority(rules: ListenerRule[], hosts: string[]): number | undefined {
  const used = new Set(rules.map(({ priority }) => priority));
  const before = Math.min(LAST_PRIORITY + 1, ...takers(rules, hosts).map((rule) => rule.priority));
  const next = Math.max(0, ...used) + 1;
  if (next < before) return next;
  let free = before - 1;
  while (used.has(free)) free -= 1;
  return free > 0 ? free : undefined;
}

/** What actions do, in words that are the same only where they do the same. */
export function actionWords(actions: Action[]): string {
  return actions.map(words).join(', then ');
}

function words({ Type, TargetGroupArn, ForwardConfig, RedirectConfig, ...rest }: Action): string {
  if (Type === 'forward') {
    const groups = ForwardConfig?.TargetGroups?.map((group) => group.TargetGroupArn);
    return `forward to ${(groups ?? [TargetGroupArn]).map((arn) => targetGroupOf(arn!)).join(' and ')}`;
  }
  if (Type === 'redirect') {
    const { StatusCode, Protocol, Host, Port, Path, Query } = RedirectConfig!;
    return `redirect ${StatusCode} to ${Protocol}://${Host}:${Port}${Path}?${Query}`;
  }
  return [Type, rest.FixedResponseConfig?.StatusCode].filter(Boolean).join(' ');
}

/** "parks/0123456789abcdef": a target group by its name, and which of that name. */
function targetGroupOf(arn: string): string {
  return arn.split('targetgroup/')[1] ?? arn;
}
