import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import {
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { vi } from 'vitest';
import { Aws } from '../../src/aws/clients.ts';
import { Journal } from '../../src/aws/journal.ts';
import { describeService } from '../../src/deploy/rollout/describe.ts';
import type { News, Outcome } from '../../src/deploy/rollout/outcome.ts';
import type { Placed, Release } from '../../src/deploy/rollout/placed.ts';
import { putIntoService } from '../../src/deploy/rollout/service.ts';
import { watch } from '../../src/deploy/rollout/watch.ts';
import type { Target } from '../../src/deploy/target.ts';
import { makeCluster } from '../sandbox/fixtures.ts';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';

export const SERVICE_ROLE = 'arn:aws:iam::123456789012:role/digitalAppsServiceRole';
const LOG_GROUP = 'one';

/** An account with a cluster of two instances; each test deploys an app of its own. */
export interface RolloutWorld {
  emulator: Emulator;
  faults: Faults;
  /** Past the proxy. */
  aws: ReturnType<typeof awsClients>;
  /** A new app, with a target group. */
  newTarget(): Promise<Target>;
  /** Registers the next task definition of that app: a server, unless the command says otherwise. */
  release(target: Target, container?: Partial<ContainerDefinition>): Promise<Release>;
  put(target: Target, release: Release, signal?: AbortSignal): Promise<Placed>;
  watch(target: Target, placed: Placed, upTo?: number, signal?: AbortSignal): Promise<Watched>;
  /** All of it, to its end. */
  deploy(target: Target, release: Release): Promise<Watched>;
  client(signal?: AbortSignal): Aws;
  live(target: Target): Promise<Service>;
  tasks(target: Target): Promise<Task[]>;
  /** Ports of targets, with what the load balancer finds of them. */
  targets(target: Target): Promise<string[]>;
  /** The operations that could change something, of those recorded. */
  changing(): string[];
  stop(): Promise<void>;
}

interface Watched {
  placed: Placed;
  outcome: Outcome;
  news: News[];
}

export async function newRolloutWorld(): Promise<RolloutWorld> {
  const emulator = await startEmulator();
  const faults = await startFaults(emulator.endpoint);
  const directory = await mkdtemp(join(tmpdir(), 'digital-apps-rollout-'));
  const aws = awsClients(emulator.endpoint);
  const { vpc: VpcId } = await makeCluster(aws);
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
  const instances = async () => {
    const list = new ListContainerInstancesCommand({ cluster: 'one' });
    return (await aws.ecs.send(list)).containerInstanceArns?.length === 2;
  };
  await vi.waitUntil(instances, { timeout: 10_000 });
  let targets = 0;
  const client = (signal = new AbortController().signal) =>
    new Aws({
      ...{ region: REGION, endpoint: faults.endpoint, signal },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      journal: new Journal(join(directory, 'journal')),
    });
  const current = async (target: Target) => {
    const service = await describeService(client(), target);
    return service?.status === 'ACTIVE' ? service : undefined;
  };
  const world: RolloutWorld = {
    ...{ emulator, faults, aws, client },
    async newTarget() {
      targets += 1;
      const service = `parks-${targets}`;
      const { TargetGroups } = await aws.elb.send(
        new CreateTargetGroupCommand({ Name: service, Protocol: 'HTTP', Port: 80, VpcId }),
      );
      return {
        ...{ cluster: 'one', service, region: REGION, logGroup: LOG_GROUP },
        registry: `123456789012.dkr.ecr.${REGION}.amazonaws.com`,
        repository: `digital/${service}`,
        targetGroupArn: TargetGroups![0]!.TargetGroupArn!,
        serviceRoleArn: SERVICE_ROLE,
        taskRoleArn: 'arn:aws:iam::123456789012:role/digitalAppsTaskRole',
        configBucket: 'cob-digital-apps-config',
      };
    },
    async release({ service }, container = {}) {
      const options = { 'awslogs-group': LOG_GROUP, 'awslogs-stream-prefix': service };
      const { taskDefinition } = await aws.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: service,
          containerDefinitions: [
            {
              ...{ name: 'app', image: 'nginx:1.29', memory: 64 },
              portMappings: [{ containerPort: 3000, hostPort: 0 }],
              logConfiguration: { logDriver: 'awslogs', options },
              ...container,
            },
          ],
        }),
      );
      const taskDefinitionArn = taskDefinition!.taskDefinitionArn!;
      return { taskDefinitionArn, container: container.name ?? 'app', port: 3000 };
    },
    async put(target, release, signal = new AbortController().signal) {
      return putIntoService(client(signal), target, release, await current(target), {
        ...{ signal, waiting: () => {}, upTo: 30 },
      });
    },
    async watch(target, placed, upTo = 40, signal = new AbortController().signal) {
      const news: News[] = [];
      const tell = (each: News) => news.push(each);
      const outcome = await watch(client(signal), target, placed, { signal, upTo, tell });
      return { placed, outcome, news };
    },
    async deploy(target, release) {
      return world.watch(target, await world.put(target, release));
    },
    async live({ cluster, service }) {
      const include = ['TAGS' as const];
      const described = await aws.ecs.send(
        new DescribeServicesCommand({ cluster, services: [service], include }),
      );
      return described.services![0]!;
    },
    async tasks({ cluster, service: serviceName }) {
      const { taskArns = [] } = await aws.ecs.send(new ListTasksCommand({ cluster, serviceName }));
      if (taskArns.length === 0) return [];
      const described = await aws.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      return described.tasks!;
    },
    async targets({ targetGroupArn: TargetGroupArn }) {
      const { TargetHealthDescriptions = [] } = await aws.elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return TargetHealthDescriptions.map(
        ({ Target, TargetHealth }) => `${Target?.Port} ${TargetHealth?.State}`,
      );
    },
    changing: () => faults.calls.filter((call) => call.changing).map((call) => call.operation),
    async stop() {
      await faults.stop();
      await emulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

/** The messages of ECS that were told, without what is different each time. */
export function eventsIn(news: News[], { service }: Target): string[] {
  return news.flatMap((each) =>
    each.kind === 'event'
      ? each.message
          .replace(`(service ${service}) `, '')
          .replace(/\(task \w+\)/g, '(task)')
          .replace(/arn:\S+targetgroup\S+(?=\))/, 'ARN')
          .replace(/ecs-svc\/\d+/g, 'ID')
      : [],
  );
}

export function progressIn(news: News[]) {
  return news.filter((each) => each.kind === 'progress');
}
