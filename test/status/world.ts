import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { found } from '../app/found.ts';
import { type AppWorld, type Clients, newAppWorld } from '../app/world.ts';
import { REGION } from '../support/clients.ts';
import type { Emulator } from '../support/emulator.ts';
import type { Ran } from '../support/program.ts';

export const CLUSTER = 'digitalApps';
const REGISTRY = `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps`;

/** What `status --json` writes. */
export interface StatusDocument {
  schema: number;
  command: string;
  account: string;
  region: string;
  endpoint: string;
  cluster: {
    name: string;
    state?: string;
    instances?: { ready: number; registered: number; desired?: number };
    capacity?: Record<'free' | 'total', { cpu: number; memory: number }>;
  };
  apps: {
    service: string;
    state: string;
    hosts: string[];
    version?: string;
    deployedAt?: string;
    tasks?: { running: number; desired: number; pending: number };
    targets?: { healthy: number; total: number };
    rollout?: { state: string; version?: string; running: number; desired: number };
    alarm?: string;
    alarming?: string[];
    room?: number;
    events?: { at: string; message: string }[];
  }[];
  unseen: string[];
  calls: { total: number; changing: number };
  seconds: number;
}

export function documentOf({ stdout, stderr }: Ran): StatusDocument {
  if (!stdout) throw new Error(`it wrote no document, but said:\n${stderr}`);
  return JSON.parse(stdout);
}

/** A cluster with those apps, added and not deployed. */
export async function newStatusWorld(...apps: string[]): Promise<AppWorld> {
  const world = await newAppWorld();
  await world.emulator.settings({ services: false });
  await keepTasksRunning(world.emulator);
  for (const app of apps) {
    const dir = await world.clone(`city/${app}`);
    const { exitCode, stderr } = await world.add(dir, '--host', `${app}.example.gov`);
    if (exitCode !== 0) throw new Error(`${app} was not added:\n${stderr}`);
  }
  return world;
}

/** moto would have every task stopped when it is first looked at. */
async function keepTasksRunning({ endpoint }: Emulator): Promise<void> {
  const transition = { progression: 'manual', times: Number.MAX_SAFE_INTEGER };
  await fetch(`${endpoint}/moto-api/state-manager/set-transition`, {
    method: 'POST',
    body: JSON.stringify({ model_name: 'ecs::task', transition }),
  });
}

/** What a first deploy of that image makes. */
export async function deploy(aws: Clients, service: string, tag: string, desired = 1) {
  const taskDefinition = await define(aws, service, tag);
  const [{ TargetGroupArn: targetGroupArn } = {}] = await found.targetGroups(aws, service);
  await aws.ecs.send(
    new CreateServiceCommand({
      ...{ cluster: CLUSTER, serviceName: service, taskDefinition, desiredCount: desired },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
    }),
  );
}

/** What a deploy of another image makes of the service. */
export async function redeploy(aws: Clients, service: string, tag: string) {
  const taskDefinition = await define(aws, service, tag);
  await aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, taskDefinition }));
}

async function define(
  { ecs }: Clients,
  family: string,
  tag: string,
  memory = 256,
): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions: [
        { name: 'app', image: `${REGISTRY}/${family}:${tag}`, cpu: memory / 2, memory },
      ],
    }),
  );
  return taskDefinition!.taskDefinitionArn!;
}

/** Runs tasks as ECS would for the service, which the emulator does not. */
export async function runTasks(
  { ecs }: Clients,
  service: string,
  count: number,
  taskDefinition: string = service,
) {
  const group = `service:${service}`;
  await ecs.send(new RunTaskCommand({ cluster: CLUSTER, taskDefinition, group, count }));
}

/** An alarm on the app's healthy targets, in that state. */
export async function alarm(aws: Clients, service: string, StateValue: 'OK' | 'ALARM') {
  const [{ TargetGroupArn = '' } = {}] = await found.targetGroups(aws, service);
  const AlarmName = `${service}-healthy-hosts`;
  await aws.cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      ...{ Namespace: 'AWS/ApplicationELB', MetricName: 'HealthyHostCount', Statistic: 'Minimum' },
      ...{ Period: 60, EvaluationPeriods: 2, Threshold: 1, TreatMissingData: 'breaching' },
      ComparisonOperator: 'LessThanThreshold',
      Dimensions: [{ Name: 'TargetGroup', Value: TargetGroupArn.split(':').at(-1) }],
    }),
  );
  await aws.cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'as the test has it' }),
  );
}

/** As many as AWS has on one load balancer, beside those of other apps. */
const RULES = 80;

/** Apps more, by their numbers, each with a service of two tasks. */
export async function manyApps(aws: Clients, from: number, to: number): Promise<string[]> {
  const { VpcId } = await found.loadBalancer(aws);
  const ListenerArn = await found.listener(aws, 80);
  const taskDefinition = await define(aws, 'many', '1-abc', 4);
  const names: string[] = [];
  for (let number = from; number < to; number += 1) {
    const app = `app-${String(number).padStart(3, '0')}`;
    const Tags = [
      { Key: 'digital-apps:cluster', Value: CLUSTER },
      { Key: 'digital-apps:region', Value: REGION },
      { Key: 'digital-apps:app', Value: app },
    ];
    const { TargetGroups } = await aws.elb.send(
      new CreateTargetGroupCommand({ Name: app, Protocol: 'HTTP', Port: 80, VpcId, Tags }),
    );
    const targetGroupArn = TargetGroups![0]!.TargetGroupArn!;
    if (number < RULES) {
      await aws.elb.send(
        new CreateRuleCommand({
          ...{ ListenerArn, Tags, Priority: 1000 + number },
          Conditions: [{ Field: 'host-header', Values: [`${app}.example.gov`] }],
          Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
        }),
      );
    }
    await aws.ecs.send(
      new CreateServiceCommand({
        ...{ cluster: CLUSTER, serviceName: app, taskDefinition, desiredCount: 2 },
        loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
      }),
    );
    await runTasks(aws, app, 2, taskDefinition);
    names.push(app);
  }
  return names;
}
