import { explain, isOfTheSame } from './about.ts';
import type { Finding } from './examine.ts';

/** What shows that ECS places no tasks. */
const NO_PLACE = ['app.events', 'app.deployment', 'app.running'];
/** What shows that no container starts, or stays. */
const NO_START = ['app.stopped-tasks', ...NO_PLACE];

/**
 * What follows from what: where the first does not hold, the others cannot. What passes shows that
 * the cause has not worked through it. Where a check may pass although it has, what lies behind it
 * is named with the cause as well:
 * - app.stopped-tasks and app.events: ECS forgets a stopped task within an hour or so, and says in
 *   words that we may not know what it does; the deployment that they made fail stays failed.
 * - instances.launching: where nothing was started of late, nothing has failed.
 * - instances.in-service and agent.registered: of instances that are not there they do not tell.
 * - roles.task: it has its policy, whatever that allows.
 * - balancer.answers and traffic.rules: a listener that is not there is not asked.
 */
export const CAUSES: Record<string, string[]> = {
  'cluster.active': ['agent.log', 'host.agent', 'agent.registered', 'app.service'],

  // From the network to the agent.
  'network.gateway': ['network.route'],
  'network.route': ['agent.log', ...NO_START, 'balancer.answers'],
  'network.dns': ['agent.log', ...NO_START],
  'network.block-public-access': ['agent.log', ...NO_START, 'balancer.answers'],
  'network.acl': ['agent.log', ...NO_START, 'app.targets', 'balancer.answers'],
  'network.instance-egress': ['agent.log', ...NO_START],
  'network.public-ip': ['agent.log', ...NO_START],
  'network.subnets': [
    'instances.launching',
    'instances.in-service',
    'balancer.state',
    'app.targets',
  ],
  'network.instance-ingress': ['app.targets'],
  'network.load-balancer-ingress': ['balancer.answers', 'traffic.answers'],

  // From the roles to the agent, and to the app.
  // Who deletes a role must take it out of its profile first.
  'roles.instance-role': ['roles.instance-profile', 'agent.log', ...NO_START],
  'roles.instance-profile': [
    'agent.log',
    'instances.launching',
    'instances.in-service',
    ...NO_START,
  ],
  'roles.instance-trust': ['agent.log', ...NO_START],
  'roles.instance-policies': ['agent.log', ...NO_START],
  // Containers start, and the load balancer is not told of them.
  'roles.service': ['app.targets', ...NO_PLACE],
  'roles.service-linked': [
    'instances.launching',
    'instances.in-service',
    'app.service',
    'app.targets',
    ...NO_PLACE,
  ],
  'roles.config-read': ['roles.task', ...NO_START],
  'roles.task': NO_START,

  // From the template and the group to the agent.
  'template.cluster-name': ['agent.log'],
  'template.imds': ['agent.log'],
  'instances.desired': ['instances.in-service', 'agent.registered', 'capacity.task', ...NO_PLACE],
  'instances.launching': ['instances.in-service'],
  'instances.in-service': ['agent.registered', 'agent.connected', 'capacity.task', ...NO_PLACE],
  'host.disk': ['host.docker', 'agent.log', 'agent.health', ...NO_START],
  'host.memory': ['host.docker', 'agent.log', 'agent.health', ...NO_START],
  'host.docker': ['agent.log', 'agent.health', ...NO_START],
  // An agent that ECS refuses for good gives up.
  'agent.log': ['host.agent', 'agent.registered', 'agent.connected', 'agent.health'],
  'host.agent': ['agent.registered', 'agent.connected'],
  'agent.registered': ['capacity.task', ...NO_PLACE],
  'agent.connected': ['agent.health', 'capacity.task', 'app.targets', ...NO_PLACE],
  'agent.health': NO_START,
  'capacity.task': NO_PLACE,

  // From what an app needs to what it does.
  'cluster.bucket': ['delivery.env-file'],
  'cluster.log-group': NO_START,
  'delivery.env-file': ['delivery.asset-prefix', ...NO_START],
  'app.image': ['app.architecture', ...NO_START],
  'app.architecture': NO_START,
  'app.service': ['app.targets'],
  'app.desired': ['app.alarm', 'traffic.answers'],
  'app.stopped-tasks': ['app.targets', 'app.errors', ...NO_PLACE],
  'app.targets': ['app.errors', 'app.alarm', 'traffic.answers', ...NO_PLACE],
  'app.events': ['app.deployment', 'app.running'],
  'app.deployment': ['app.running'],
  'app.running': ['app.alarm', 'traffic.answers'],
  'traffic.rules': ['app.targets', 'traffic.answers'],
  'traffic.dns': ['traffic.answers'],
  'balancer.state': ['app.targets', 'balancer.answers'],
  'balancer.listeners': ['traffic.rules', 'app.targets', 'balancer.answers', 'traffic.answers'],
  'balancer.certificate-expiry': ['traffic.answers'],
  'balancer.certificate-cover': ['traffic.answers'],
  'balancer.answers': ['traffic.answers'],
};

/** A finding that follows from no other, with all that follows from it. */
export interface Cause {
  finding: Finding;
  follows: Finding[];
}

/** Those that explain the most first. */
export function causesOf(findings: Finding[], causes = CAUSES): Cause[] {
  const wrong = findings.filter(({ status }) => status === 'fail');
  const below = new Map(wrong.map((finding) => [finding, following(finding, findings, causes)]));
  // What another follows from reaches that one, and all that it reaches: it comes before it. Of
  // those that explain each other the first is taken, so that one of them is named.
  const deepestFirst = wrong.toSorted((a, b) => below.get(b)!.size - below.get(a)!.size);
  const roots = new Map<Finding, Set<Finding>>();
  for (const finding of deepestFirst) {
    const over = [...roots.keys()].filter(
      (root) => below.get(root)!.has(finding) && isOfTheSame(root, finding),
    );
    if (!explain(over, finding)) roots.set(finding, new Set());
    else for (const root of over) roots.get(root)!.add(finding);
  }
  return wrong
    .filter((finding) => roots.has(finding))
    .map((finding) => ({
      finding,
      follows: wrong.filter((other) => roots.get(finding)!.has(other)),
    }))
    .sort((a, b) => b.follows.length - a.follows.length);
}

/**
 * What is wrong behind a finding, over what is wrong as well or could not be looked at. What holds
 * breaks the chain; of an app only what is looked at of that app, or of the cluster.
 */
function following(
  { check, app }: Finding,
  findings: Finding[],
  causes: Record<string, string[]>,
): Set<Finding> {
  const known = new Map(findings.map((each) => [keyOf(each.check.id, each.app), each]));
  // What is wrong with one app explains nothing of another, nor of the cluster.
  const apps = app === undefined ? [...new Set(findings.map((each) => each.app))] : [app];
  const found = new Set<Finding>();
  for (const at of apps) {
    const reached = new Set([check.id]);
    const todo = [...(causes[check.id] ?? [])];
    for (let id = todo.pop(); id; id = todo.pop()) {
      const link = known.get(keyOf(id, at)) ?? known.get(keyOf(id));
      if (reached.has(id) || link?.status === 'pass') continue;
      reached.add(id);
      todo.push(...(causes[id] ?? []));
      if (link?.status === 'fail' && (app === undefined || link.app === app)) found.add(link);
    }
  }
  return found;
}

function keyOf(id: string, app = ''): string {
  return `${id} ${app}`;
}
