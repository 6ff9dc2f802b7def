import type { Finding } from './examine.ts';

/**
 * What follows from what: where the first does not hold, the others cannot. Only the nearest are
 * named; what follows from those follows from the first, too.
 */
export const CAUSES: Record<string, string[]> = {
  'cluster.active': ['agent.registered', 'app.service'],

  // From the network to the agent.
  'network.gateway': ['network.route'],
  'network.route': ['agent.log', 'app.stopped-tasks', 'balancer.answers'],
  'network.dns': ['agent.log', 'app.stopped-tasks'],
  'network.block-public-access': ['agent.log', 'app.stopped-tasks', 'balancer.answers'],
  'network.acl': ['agent.log', 'app.stopped-tasks', 'app.targets', 'balancer.answers'],
  'network.instance-egress': ['agent.log', 'app.stopped-tasks'],
  'network.public-ip': ['agent.log', 'app.stopped-tasks'],
  'network.subnets': ['instances.launching', 'balancer.state'],
  'network.instance-ingress': ['app.targets'],
  'network.load-balancer-ingress': ['balancer.answers', 'traffic.answers'],

  // From the roles to the agent, and to the app.
  'roles.instance-profile': [
    'roles.instance-trust',
    'agent.log',
    'app.stopped-tasks',
    'instances.launching',
  ],
  'roles.instance-trust': ['agent.log', 'app.stopped-tasks'],
  'roles.instance-policies': ['agent.log', 'app.stopped-tasks'],
  'roles.service-linked': ['instances.launching', 'app.service'],
  'roles.config-read': ['roles.task'],
  'roles.task': ['app.stopped-tasks'],

  // From the template and the group to the agent.
  'template.cluster-name': ['agent.log'],
  'template.imds': ['agent.log'],
  'instances.desired': ['instances.in-service', 'agent.registered', 'app.events'],
  'instances.launching': ['instances.in-service'],
  'instances.in-service': ['agent.registered'],
  'host.disk': ['host.docker', 'app.stopped-tasks'],
  'host.memory': ['host.docker', 'app.stopped-tasks'],
  'host.docker': ['agent.log', 'agent.health'],
  // An agent that ECS refuses for good gives up.
  'agent.log': ['host.agent', 'agent.registered', 'agent.connected', 'agent.health'],
  'host.agent': ['agent.registered', 'agent.connected'],
  'agent.registered': ['capacity.task', 'app.running', 'app.events'],
  'agent.connected': ['agent.health', 'capacity.task', 'app.events', 'app.running', 'app.targets'],
  'agent.health': ['app.stopped-tasks', 'app.running'],
  'capacity.task': ['app.events', 'app.running'],

  // From what an app needs to what it does.
  'cluster.bucket': ['delivery.env-file'],
  'cluster.log-group': ['app.stopped-tasks'],
  'delivery.env-file': ['delivery.asset-prefix', 'app.stopped-tasks'],
  'app.image': ['app.architecture', 'app.stopped-tasks', 'app.events'],
  'app.architecture': ['app.stopped-tasks', 'app.events'],
  'app.service': ['app.targets'],
  'app.stopped-tasks': ['app.targets', 'app.events'],
  'app.targets': ['app.events', 'app.errors'],
  'app.events': ['app.deployment', 'app.running'],
  'app.deployment': ['app.running'],
  'app.running': ['app.alarm', 'traffic.answers'],
  'traffic.rules': ['traffic.answers'],
  'traffic.dns': ['traffic.answers'],
  'balancer.state': ['balancer.answers'],
  'balancer.listeners': ['traffic.rules', 'balancer.answers'],
  'balancer.certificate-expiry': ['traffic.answers'],
  'balancer.certificate-cover': ['traffic.answers'],
  'balancer.answers': ['traffic.answers'],
};

/** A finding that follows from no other, with all that follows from it. */
export interface Cause {
  finding: Finding;
  follows: Finding[];
}

/** The deepest causes first: those that explain the most. */
export function causesOf(findings: Finding[], causes = CAUSES): Cause[] {
  const wrong = findings.filter(({ status }) => status === 'fail');
  const below = new Map(wrong.map((finding) => [finding, following(finding, wrong, causes)]));
  const isExplained = (finding: Finding, at: number) =>
    wrong.some((other, before) => {
      if (!below.get(other)!.has(finding)) return false;
      // Of those that explain each other the first is taken, so that one of them is named.
      return !below.get(finding)!.has(other) || before < at;
    });
  return wrong
    .filter((finding, at) => !isExplained(finding, at))
    .map((finding) => ({ finding, follows: [...below.get(finding)!] }))
    .sort((a, b) => b.follows.length - a.follows.length);
}

/** Also through what holds by itself: a chain is not broken by a link that could not be looked at. */
function following(
  { check, app }: Finding,
  wrong: Finding[],
  causes: Record<string, string[]>,
): Set<Finding> {
  const reached = new Set<string>();
  const todo = [...(causes[check.id] ?? [])];
  for (let id = todo.pop(); id; id = todo.pop()) {
    if (reached.has(id) || id === check.id) continue;
    reached.add(id);
    todo.push(...(causes[id] ?? []));
  }
  // What is wrong with one app explains nothing of another.
  const isNear = (other: Finding) => app === undefined || app === other.app;
  return new Set(wrong.filter((other) => reached.has(other.check.id) && isNear(other)));
}
