import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { appTags, ourTags, tagList } from '../src/tasks/tags.ts';
import { type awsClients, REGION } from '../test/support/emulator.ts';
import type { Faults } from '../test/support/faults.ts';
import { pushImage } from '../test/support/recorded/images.ts';
import { lay } from '../test/support/recorded/lay.ts';
import { secondsAgo } from '../test/support/recorded/services.ts';

type Clients = ReturnType<typeof awsClients>;

/** A load balancer has a hundred rules, unless AWS has been asked for more. */
const MOST_RULES = 100;

/** Of an app that has been deployed for a year or two. */
const REVISION = 500;

/** As many events as ECS tells of a service. */
const EVENTS = 100;

/**
 * As many apps as that, each with a target group, an image, a .env, a service, and a rule while there
 * is room: what the doctor knows an app by.
 */
export async function makeApps(clients: Clients, count: number): Promise<void> {
  const { elb, ecs, ecr, s3 } = clients;
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets![0]!.Name;
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { VpcId, LoadBalancerArn } = LoadBalancers![0]!;
  const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const ListenerArn = Listeners!.find(({ Port }) => Port === 80)?.ListenerArn;
  for (let number = 1; number <= count; number += 1) {
    const name = `app-${number}`;
    const Tags = tagList(appTags(ourTags('digitalApps', REGION), name));
    const made = await elb.send(
      new CreateTargetGroupCommand({ Name: name, Protocol: 'HTTP', Port: 80, VpcId, Tags }),
    );
    const { TargetGroupArn } = made.TargetGroups![0]!;
    if (number < MOST_RULES) {
      await elb.send(
        new CreateRuleCommand({
          ...{ ListenerArn, Priority: number, Tags },
          Conditions: [
            { Field: 'host-header', HostHeaderConfig: { Values: [`${name}.example.gov`] } },
          ],
          Actions: [{ Type: 'forward', TargetGroupArn }],
        }),
      );
    }
    const repositoryName = `digital-apps/${name}`;
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    await pushImage(clients, repositoryName, '1');
    await s3.send(
      new PutObjectCommand({
        ...{ Bucket, Key: `${name}/.env`, Body: 'COLOUR=green\n', ServerSideEncryption: 'AES256' },
      }),
    );
    const image = `123456789012.dkr.ecr.${REGION}.amazonaws.com/${repositoryName}:1`;
    const containerDefinitions = [{ name: 'app', image, memory: 512 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: name, containerDefinitions }));
    await ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'digitalApps', serviceName: name, taskDefinition: name, desiredCount: 0 },
        loadBalancers: [
          { targetGroupArn: TargetGroupArn, containerName: 'app', containerPort: 3000 },
        ],
      }),
    );
  }
}

/** That each service runs its container, with as many events as it gets in a while. */
export function recordWell(faults: Faults): void {
  recordServices(faults, 1, 'has reached a steady state.');
  recordTasks(faults, 'RUNNING', 1, {});
  // Who asks for all apps asks by their services' names: whichever they are, they are well.
  faults.inject({
    ...{ operation: 'GetMetricData', times: Number.POSITIVE_INFINITY },
    rewrite: () => {
      const Timestamps = [Date.now() / 1000];
      const result = (Label: string, value: number) => ({
        Id: 'm',
        Label,
        Values: [value],
        Timestamps,
      });
      const names = Array.from({ length: 200 }, (_, index) => `app-${index + 1}`);
      return JSON.stringify({
        MetricDataResults: names.flatMap((name) => [
          ...[result(`${name} healthy`, 1), result(`${name} unhealthy`, 0)],
          ...[result(`${name} memory`, 40), result(`${name} requests`, 1000)],
        ]),
      });
    },
  });
}

/** That none runs, since its containers stop again and again. */
export function recordUnwell(faults: Faults): void {
  recordServices(faults, 0, 'deregistered 1 targets in (target-group digital)');
  recordTasks(faults, 'STOPPED', 10, {
    ...{ stoppedAt: secondsAgo(300), stopCode: 'EssentialContainerExited' },
    stoppedReason: 'Essential container in task exited',
  });
}

/** So many of each app, as ECS tells of them: a hundred a page. */
function recordTasks(faults: Faults, status: 'RUNNING' | 'STOPPED', each: number, more: object) {
  const always = { times: Number.POSITIVE_INFINITY };
  const arns = Array.from({ length: 200 * each }, (_, index) => {
    const id = `app-${(index % 200) + 1}.${index}`;
    return `arn:aws:ecs:${REGION}:123456789012:task/digitalApps/${id}`;
  });
  faults.inject({
    ...{ ...always, operation: 'ecs.ListTasks', body: new RegExp(status) },
    answer: (body) => {
      const { nextToken = '0' } = JSON.parse(body) as { nextToken?: string };
      const end = Number(nextToken) + 100;
      return {
        taskArns: arns.slice(Number(nextToken), end),
        ...(end < arns.length && { nextToken: String(end) }),
      };
    },
  });
  const task = (taskArn: string) => {
    const name = taskArn.split('/').at(-1)!.split('.')[0];
    return {
      ...{ taskArn, lastStatus: status, desiredStatus: status, ...more },
      ...{
        group: `service:${name}`,
        cpu: '256',
        memory: '512',
        taskDefinitionArn: definitionOf(name!),
      },
      attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
      containers: [
        {
          ...{ containerArn: `${taskArn}/0`, taskArn, name: 'app', lastStatus: status },
          ...{ imageDigest: `sha256:${'a'.repeat(64)}`, networkInterfaces: [], memory: '512' },
          image: `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps/${name}:1`,
          ...(status === 'STOPPED' && { exitCode: 1 }),
        },
      ],
    };
  };
  faults.inject({
    ...{ ...always, operation: 'ecs.DescribeTasks' },
    answer: (body) => ({ tasks: (JSON.parse(body) as { tasks: string[] }).tasks.map(task) }),
  });
}

/** The emulator has the first alone, and any other stands for it. */
function recordDefinitions(faults: Faults): void {
  faults.inject({
    ...{ operation: 'ecs.DescribeTaskDefinition', times: Number.POSITIVE_INFINITY },
    answer: (body) => {
      const [, name] = /([\w-]+):\d+"/.exec(body)!;
      const image = `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps/${name}:1`;
      return {
        taskDefinition: {
          ...{ taskDefinitionArn: definitionOf(name!), family: name, revision: REVISION },
          ...{ status: 'ACTIVE', containerDefinitions: [{ name: 'app', image, memory: 512 }] },
        },
      };
    },
  });
}

function definitionOf(name: string): string {
  return `arn:aws:ecs:${REGION}:123456789012:task-definition/${name}:${REVISION}`;
}

interface Services {
  services: { serviceName: string; deployments: object[] }[];
}

function recordServices(faults: Faults, running: number, says: string): void {
  recordDefinitions(faults);
  lay<Services>(faults, 'ecs.DescribeServices', ({ services }) => ({
    failures: [],
    services: services.map((service) => ({
      ...service,
      ...{ runningCount: running, desiredCount: 1 },
      taskDefinition: definitionOf(service.serviceName),
      deployments: service.deployments.map((each) => ({
        ...each,
        taskDefinition: definitionOf(service.serviceName),
        ...{ status: 'PRIMARY', rolloutState: 'COMPLETED', createdAt: secondsAgo(7200) },
      })),
      events: Array.from({ length: EVENTS }, (_, index) => ({
        id: `5c38e0cf-2f1b-4bb5-9a4a-${service.serviceName}-${index}`,
        createdAt: secondsAgo(60 * index),
        message: `(service ${service.serviceName}) ${says}`,
      })),
    })),
  }));
}
