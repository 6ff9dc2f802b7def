import type { Check, Group, Status, Verdict } from '../../src/checks/check.ts';
import { type Diagnosis, diagnosisOf } from '../../src/checks/diagnosis.ts';
import type { Finding } from '../../src/checks/examine.ts';

/** A check that is only talked about. */
export function check(
  id: string,
  group: Group,
  title: string,
  problem = `Not so: ${title}`,
): Check {
  return {
    ...{ id, group, title, problem, look: async () => [] },
    why: `Without it nothing else of ${group.toLowerCase()} can be well.`,
    fix: `Look at it in the console (${group}).`,
  };
}

/** What became of a check: its verdicts as [evidence, fix, subject], all of its status. */
export function finding(
  of: Check,
  status: Status,
  verdicts: [evidence: string, fix?: string, subject?: string][],
  app?: string,
): Finding {
  const all = verdicts.map(([evidence, fix, subject]): Verdict => {
    return { status, evidence, fix, subject };
  });
  return { check: of, app, status, verdicts: all, seconds: 0.4 };
}

const route = {
  ...check('network.route', 'Network', 'The subnets have a way out', 'Subnets have no way out'),
};
const gateway = check(
  'network.gateway',
  'Network',
  'The VPC has an internet gateway',
  'The VPC has no internet gateway',
);
const joined = check(
  'instances.joined',
  'Instances',
  'The instances have joined the cluster',
  'Not every instance has joined the cluster',
);
const agent = check(
  'agent.connected',
  'Agent',
  'Every agent is connected',
  'Not every agent is connected',
);
const active = check(
  'cluster.active',
  'Cluster',
  'The ECS cluster is there and active',
  'The ECS cluster is missing, or not active',
);
const quotas = check(
  'account.quotas',
  'Account',
  'The account’s quotas leave room',
  'The account is at one of its quotas, or close to it',
);
const certificate = check(
  'balancer.certificate',
  'Load balancer',
  'The certificates are valid',
  'A certificate is about to expire',
);
const tasks = check(
  'app.tasks',
  'App',
  'The service has the tasks it wants',
  'Too few of the app’s tasks run',
);
const targets = check(
  'traffic.targets',
  'Traffic',
  'The load balancer finds its targets healthy',
  'The load balancer does not find its targets healthy',
);
const hosts = check(
  'traffic.hosts',
  'Traffic',
  'Its hosts lead to the load balancer',
  'A host of it does not lead to the load balancer',
);

export const CHECKS = {
  route,
  gateway,
  joined,
  agent,
  active,
  quotas,
  certificate,
  tasks,
  targets,
};

const ROUTE = finding({ ...route, isMendable: true }, 'fail', [
  [
    'rtb-07c2f91aa4e1d5b77 has no route to an internet gateway, so what runs in subnet-0aa4e1d5 and subnet-0bb4e1d5 cannot reach AWS.',
    '`digital-apps init-cluster` adds the route.',
  ],
]);
const JOINED = finding(joined, 'fail', [
  ['0 of 2 instances have joined.', 'aws ssm start-session --target i-0aa4e1d5b77c2f91'],
]);
const AGENT = finding(agent, 'fail', [
  ['The agent is not connected.', undefined, 'i-0aa4e1d5b77c2f91'],
  ['The agent is not connected.', undefined, 'i-0bb4e1d5b77c2f91'],
  ['The agent is not connected.', undefined, 'i-0cc4e1d5b77c2f91'],
  ['The agent is not connected.', undefined, 'i-0dd4e1d5b77c2f91'],
]);
const TASKS = finding(tasks, 'fail', [['0 of 2 tasks are running.']], 'parks');
const TARGETS = finding(targets, 'fail', [['It has no targets.']], 'parks');
const NO_ROOM = finding(quotas, 'fail', [
  ['32 of 32 vCPUs are used.', 'Ask for more under Service Quotas.', 'vCPUs'],
]);
const OTHER_TASKS = finding(
  tasks,
  'fail',
  [['exit code 137: a container ran out of memory.', 'Give it more: mem_limit in the file.']],
  'roads',
);
const CERTIFICATE = finding(certificate, 'warn', [
  ['*.example.gov expires in 12 days.', 'Renew it in ACM.', '*.example.gov'],
]);
const WELL = [
  finding(active, 'pass', [['digitalApps is active']]),
  finding(gateway, 'pass', [['igw-04e1d5b77c2f91aa is attached']]),
  finding(hosts, 'pass', [['parks.example.gov leads to it']], 'parks'),
];
const UNTOLD: Finding = {
  ...finding(quotas, 'skip', [['could not look: you may not call it.', 'Ask for it.']]),
  isUnable: true,
};

/** What follows from what, among these. */
export const CAUSES = {
  'network.route': ['instances.joined', 'agent.connected'],
  'instances.joined': ['agent.connected', 'app.tasks'],
  'app.tasks': ['traffic.targets'],
};

function look(findings: Finding[]): Diagnosis {
  const about = { calls: { total: 62, changing: 0 }, seconds: 3.2 };
  return { ...diagnosisOf(findings, about, CAUSES), at: new Date(2026, 10, 23, 6, 31, 7) };
}

export const healthy = look([...WELL]);
export const uncertain = look([...WELL, UNTOLD, CERTIFICATE]);
export const broken = look([
  ...[ROUTE, JOINED, AGENT, TASKS, TARGETS, CERTIFICATE, ...WELL, UNTOLD],
]);
/** Two that have nothing to do with each other. */
export const twoCauses = look([NO_ROOM, OTHER_TASKS, ROUTE, JOINED, AGENT, ...WELL]);
export const blind = look([UNTOLD]);
