/** A known thing that an agent's log, a service's event or a stopped task's reason says. */
export interface Signature {
  /** Stable: "network.no-way-out". */
  id: string;
  /** Anchored: it must fit where a message begins, or an error that is wrapped in it. */
  pattern: RegExp;
  /** Whom it keeps from working. */
  level: 'agent' | 'task' | 'host';
  /** What it means, in a sentence. */
  cause: string;
  /** What to do; INSTANCE_ID stands for the instance, VPC_ID for its VPC, CLUSTER_NAME and SERVICE_NAME for an app's. */
  fix: string;
  /** Of several that fit, the lowest explains the others. */
  precedence: number;
  /** Happens now and then by itself: means something only when it goes on. */
  transient?: true;
  /** Looks like trouble and is none. */
  benign?: true;
  /** Holds although the agent connected afterwards. */
  lasting?: true;
}

/** What must work before what: a host before its Docker, Docker before the agent, the agent before tasks. */
export const DEPTH = {
  boot: 0,
  disk: 10,
  memory: 12,
  docker: 20,
  cluster: 30,
  config: 35,
  clock: 40,
  credentials: 50,
  network: 60,
  registration: 70,
  session: 80,
  task: 90,
  /** What only says that something failed, around the error that says why. */
  wrapper: 100,
};

export const REPLACE_INSTANCE =
  'aws autoscaling terminate-instance-in-auto-scaling-group --instance-id INSTANCE_ID --no-should-decrement-desired-capacity';

export const REPAIR_AND_REPLACE =
  'Run digital-apps init-cluster --replace-instances: it puts the cluster right and replaces the instances.';

/** The line that runs these as root on the instance. */
export function onHost(...commands: string[]): string {
  return `aws ssm send-command --instance-ids INSTANCE_ID --document-name AWS-RunShellScript --parameters '${JSON.stringify({ commands })}'`;
}

export const RESTART_AGENT = onHost('systemctl restart ecs');
export const RESTART_DOCKER = onHost('systemctl restart docker', 'systemctl restart ecs');
/** A new registration, as of a new instance. */
export const FORGET_STATE = onHost(
  'systemctl stop ecs',
  'rm -f /var/lib/ecs/data/agent.db',
  'systemctl start ecs',
);
