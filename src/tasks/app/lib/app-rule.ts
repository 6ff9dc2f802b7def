import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../../../aws/absent.ts';
import { StepFailed, UserError } from '../../../errors.ts';
import { makeOne } from '../../cluster/lib/make-one.ts';
import type { Live } from '../../resource.ts';
import { APP_TAG, ownership, tagList } from '../../tags.ts';
import type { Env, Place } from '../scope.ts';
import {
  actionWords,
  freePriority,
  hostCondition,
  type ListenerRule,
  listenerRule,
  rulesOf,
  takers,
  takesAll,
} from './listener-rules.ts';

/** The rule by which a listener sends the app's hosts to it. */
export interface AppRule extends Live {
  hosts: string[];
  /** What is done, in words. */
  action: string;
  priority: number;
  /** Further rules of ours, by runs that crossed and were cut off. */
  copies: string[];
  rule: ListenerRule;
  /** The listener's rules that are not ours. */
  others: ListenerRule[];
}

/** A load balancer's rule takes no more. */
const MOST_HOSTS = 5;

/** How often somebody else may take a priority between our look and our call. */
const TRIES = 10;

export async function readRule(place: Place, listener: string): Promise<AppRule | undefined> {
  const rules = await rulesOf(place, listener);
  const [first, ...copies] = rules
    .filter(isOursIn(place))
    .sort((a, b) => a.arn.localeCompare(b.arn));
  return first && { ...appRule(first, rules, place), copies: copies.map(({ arn }) => arn) };
}

function appRule(rule: ListenerRule, all: ListenerRule[], place: Place): AppRule {
  const { arn: id, tags, hosts, priority } = rule;
  const others = all.filter((other) => !isOursIn(place)(other));
  return { id, tags, hosts, action: actionWords(rule.actions), priority, copies: [], rule, others };
}

/** @throws UserError for more hosts than a rule takes. */
export function wantedRule({ answers }: Env, actions: Action[], live?: AppRule): Partial<AppRule> {
  const hosts = answers.host.toSorted();
  if (hosts.length > MOST_HOSTS) {
    throw new UserError(
      `A rule of the load balancer takes ${MOST_HOSTS} hosts, not ${hosts.length}.`,
      'Name the most important ones: --set host=NAME,NAME.',
    );
  }
  const action = actionWords(actions);
  if (!live) return { hosts, action };
  const isTaken = takers(live.others, hosts).some(({ priority }) => priority < live.priority);
  const priority = isTaken ? freePriority(live.others, hosts) : undefined;
  return {
    hosts,
    // Whoever has to sign in before that was asked to by a person.
    action: live.action.endsWith(`, then ${action}`) ? live.action : action,
    priority: priority ?? live.priority,
    copies: [],
  };
}

/** Makes the rule once, also for runs that cross and for answers that get lost. */
export async function makeRule(env: Env, listener: string, actions: Action[]): Promise<AppRule> {
  let rules: ListenerRule[] = [];
  const made = await makeOne<ListenerRule>({
    create: () => createRule(env, listener, actions),
    idOf: ({ arn }) => arn,
    async all() {
      rules = await rulesOf(env, listener);
      return rules.filter(isOursIn(env));
    },
    remove: (arn) => env.aws.elb.send(new DeleteRuleCommand({ RuleArn: arn })),
  });
  return appRule(made, rules, env);
}

function createRule(env: Env, listener: string, actions: Action[]): Promise<ListenerRule> {
  const { aws, answers, tags } = env;
  return atFreePriority(env, listener, async (Priority, rules) => {
    // By a call whose answer got lost; AWS then says that its priority is in use.
    const made = rules.find(isOursIn(env));
    if (made) return made;
    refuseRivals(rules, env);
    const { Rules } = await aws.elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority,
        Conditions: [hostCondition(answers.host)],
        Actions: actions,
        Tags: tagList(tags),
      }),
    );
    return listenerRule(Rules![0]!, tags);
  });
}

async function atFreePriority<T>(
  env: Env,
  listener: string,
  use: (priority: number, rules: ListenerRule[]) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const rules = await rulesOf(env, listener);
    const priority = freePriority(rules, env.answers.host);
    if (!priority) throw noneFree(rules, env);
    try {
      return await use(priority, rules);
    } catch (error) {
      if (!/^PriorityInUse/.test((error as Error).name) || tried === TRIES) throw error;
    }
  }
}

function noneFree(rules: ListenerRule[], { answers }: Env): StepFailed {
  const [taker] = takers(rules, answers.host);
  return new StepFailed(
    `No priority is free before ${say(taker!)}, which would take the app’s hosts.`,
    'Give that rule a higher number in the EC2 console (Listeners and rules), then run again.',
  );
}

function say({ hosts, priority }: ListenerRule): string {
  return `the rule for ${hosts.join(', ') || 'every host'} (priority ${priority})`;
}

function refuseRivals(rules: ListenerRule[], env: Env): void {
  const rival = rivals(rules, env, env.answers.host)[0];
  if (!rival) return;
  const app = rival.tags[APP_TAG];
  throw new StepFailed(
    `${rival.hosts.join(', ')} has a rule already${app ? `, of the app ${app}` : ''} (priority ${rival.priority}).`,
    'Take another host, or remove that rule in the EC2 console first.',
  );
}

/** The rules of others that have one of those hosts by its very name. */
export function rivals(rules: ListenerRule[], place: Place, hosts: string[]): ListenerRule[] {
  return rules.filter(
    (rule) =>
      !isOursIn(place)(rule) &&
      hosts.some((host) => rule.hosts.includes(host) && takesAll(rule, host)),
  );
}

function isOursIn(place: Place): (rule: ListenerRule) => boolean {
  return ({ tags }) => ownership(tags, place.tags, false) === 'ours';
}

/** How the fields are changed that do not depend on what the rule does. */
export const set = {
  async hosts({ env, live, to }: { env: Env; live: AppRule; to: string[] }) {
    // What else a person asks of a request stays.
    const Conditions = [...live.rule.conditions, hostCondition(to)];
    await env.aws.elb.send(new ModifyRuleCommand({ RuleArn: live.id, Conditions }));
  },
  priority: ({ env, live }: { env: Env; live: AppRule }) =>
    atFreePriority(env, listenerOf(live), async (priority) => {
      const RulePriorities = [{ RuleArn: live.id, Priority: priority }];
      await env.aws.elb.send(new SetRulePrioritiesCommand({ RulePriorities }));
      return { priority };
    }),
  async copies({ env, live }: { env: Env; live: AppRule }) {
    for (const RuleArn of live.copies) {
      await orAbsent(env.aws.elb.send(new DeleteRuleCommand({ RuleArn })), /^RuleNotFound/);
    }
  },
};

/** "arn:…:listener-rule/app/NAME/LB/LISTENER/RULE" is a rule of "arn:…:listener/app/NAME/LB/LISTENER". */
function listenerOf({ id }: AppRule): string {
  return id.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');
}

export async function setActions({ aws }: Env, { id }: AppRule, Actions: Action[]): Promise<void> {
  await aws.elb.send(new ModifyRuleCommand({ RuleArn: id, Actions }));
}

/** Whoever still comes before the app's rule and takes its hosts. */
export function attention({ answers }: Env, { others, priority }: AppRule): string[] {
  return takers(others, answers.host)
    .filter((taker) => taker.priority < priority)
    .map(
      (taker) =>
        `${say(taker)} comes first and takes the app’s hosts, and no priority before it is free; give it a higher number in the EC2 console, then run again`,
    );
}
