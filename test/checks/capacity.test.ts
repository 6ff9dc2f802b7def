import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateServiceCommand,
  DescribeClustersCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { agentChecks } from '../../src/checks/agent.ts';
import { capacityChecks } from '../../src/checks/capacity.ts';
import { instanceChecks } from '../../src/checks/instances.ts';
import { REGION } from '../support/clients.ts';
import { containerInstance } from '../support/recorded/hosts.ts';
import { type InstancesWorld, newInstancesWorld } from './instances-world.ts';

const cluster = 'digitalApps';

let world: InstancesWorld;
beforeAll(async () => {
  world = await newInstancesWorld('--set', 'key-pair=none', '--set', 'max=250');
});
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

async function look(id: string) {
  const checks = capacityChecks.filter((check) => check.id === id);
  const finding = (await world.examine(checks))[id]!;
  return { ...finding.verdicts[0]!, all: finding.verdicts };
}

/** A service of one task that asks for that much memory, in MiB. */
async function serve(service: string, memory: number) {
  await world.aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: service,
      containerDefinitions: [{ name: 'app', image: 'app', cpu: 128, memory, essential: true }],
    }),
  );
  await world.aws.ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: service,
      taskDefinition: service,
      desiredCount: 1,
    }),
  );
}

async function groupIds(): Promise<string[]> {
  const { AutoScalingGroups } = await world.aws.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({}),
  );
  return AutoScalingGroups?.[0]?.Instances?.map(({ InstanceId }) => InstanceId!) ?? [];
}

function alarm(AlarmName: string) {
  return world.aws.cloudWatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Average' },
      ...{ Period: 300, EvaluationPeriods: 3, Threshold: 90 },
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    }),
  );
}

test('an alarm of the instances that goes off is told, and nobody else’s is', async () => {
  const { cloudWatch } = world.aws;
  const goOff = (AlarmName: string) =>
    cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: '97 >= 90' }),
    );
  const names = ['digital-apps/instance-cpu', 'digital-apps/instance-memory', 'other/instance-cpu'];
  for (const name of names) await alarm(name);
  await goOff('other/instance-cpu');
  expect(await look('capacity.alarms')).toMatchObject({ status: 'pass' });
  await goOff('digital-apps/instance-cpu');
  expect((await look('capacity.alarms')).all).toEqual([
    {
      ...{ status: 'warn', subject: 'digital-apps/instance-cpu' },
      evidence: 'digital-apps/instance-cpu is in ALARM: 97 >= 90',
      fix: expect.stringContaining('--desired-capacity 3'),
    },
  ]);
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: names }));
});

/** Recorded a few minutes ago. */
async function measure(MetricName: string, dimension: string, of: string, Value: number) {
  const client = new CloudWatchClient({
    ...{ endpoint: world.emulator.endpoint, region: REGION },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(
    new PutMetricDataCommand({
      Namespace: dimension === 'ClusterName' ? 'AWS/ECS' : 'AWS/EC2',
      MetricData: [
        {
          ...{ MetricName, Value, Unit: 'Percent', Timestamp: new Date(Date.now() - 400_000) },
          Dimensions: [{ Name: dimension, Value: of }],
        },
      ],
    }),
  );
}

test('without apps and without metrics there is nothing to say', async () => {
  const findings = Object.values(await world.examine(capacityChecks));
  expect(findings.map(({ status }) => status)).toEqual(['skip', 'skip', 'skip', 'skip']);
});

test('there is room for a small task, and none for one that is bigger than an instance', async () => {
  await serve('parks', 512);
  expect(await look('capacity.task')).toMatchObject({ status: 'pass', subject: 'parks' });
  await serve('maps', 3000);
  const found = await look('capacity.task');
  expect(found.all.find(({ subject }) => subject === 'maps')).toEqual({
    status: 'fail',
    evidence:
      'The task of maps asks for 128 CPU units and 3000 MiB; an instance has 2048 CPU units and 1913 MiB in all.',
    fix: 'Ask for less in its docker-compose.yml, or take a bigger type: digital-apps init-cluster --region us-east-2 --set instance-type=TYPE --replace-instances',
    subject: 'maps',
  });
  await world.aws.ecs.send(new UpdateServiceCommand({ cluster, service: 'maps', desiredCount: 0 }));
  expect((await look('capacity.task')).all).toHaveLength(1);
});

test('there is none where other tasks have taken it', async () => {
  const taken = (name: string) => ({ name, type: 'INTEGER', integerValue: 128 });
  const full = { remainingResources: [taken('CPU'), taken('MEMORY')] };
  const ids = await groupIds();
  world.faults.inject({
    operation: 'DescribeContainerInstances',
    rewrite: (body) => ids.reduce((text, id) => containerInstance(full, id)(text), body),
  });
  expect(await look('capacity.task')).toMatchObject({
    status: 'warn',
    evidence:
      'No instance has room for one more task of parks, which asks for 128 CPU units and 512 MiB; the most there is: 128 CPU units and 128 MiB.',
    fix: 'aws autoscaling set-desired-capacity --auto-scaling-group-name digitalApps --desired-capacity 3 --region us-east-2',
    subject: 'parks',
  });
});

test('an instance that is drained or has lost its agent has no room', async () => {
  const [one, other] = await groupIds();
  const drained = containerInstance({ status: 'DRAINING' }, one);
  const lost = containerInstance({ agentConnected: false }, other);
  world.faults.inject({
    // An agent that has lost its connection is looked at once more.
    ...{ operation: 'DescribeContainerInstances', times: 2 },
    rewrite: (body) => lost(drained(body)),
  });
  expect(await look('capacity.task')).toMatchObject({
    status: 'skip',
    evidence: 'no instance takes tasks',
  });
});

test('what is nearly all reserved or used is found, of the cluster and of an instance', async () => {
  await measure('CPUReservation', 'ClusterName', cluster, 40);
  await measure('MemoryReservation', 'ClusterName', cluster, 93);
  await measure('MemoryUtilization', 'ClusterName', cluster, 51);
  expect(await look('capacity.cpu')).toMatchObject({
    status: 'pass',
    evidence: '40 % reserved in the last half hour.',
  });
  expect(await look('capacity.memory')).toMatchObject({
    status: 'warn',
    evidence: '93 % reserved, 51 % used in the last half hour.',
    fix: expect.stringContaining('--desired-capacity 3'),
  });
  const [busy = ''] = await groupIds();
  await measure('CPUUtilization', 'InstanceId', busy, 97.4);
  expect(await look('capacity.cpu')).toMatchObject({
    status: 'warn',
    evidence: `Busy instances in the last half hour: ${busy} at 97 %.`,
  });
});

test('250 instances cost pages, not instances', async () => {
  await world.aws.autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: cluster, DesiredCapacity: 250 }),
  );
  const registered = async () =>
    (await world.aws.ecs.send(new DescribeClustersCommand({ clusters: [cluster] }))).clusters?.[0]
      ?.registeredContainerInstancesCount;
  while ((await registered()) !== 250) await sleep(200);
  const findings = await world.examine([...instanceChecks, ...agentChecks, ...capacityChecks]);
  const wrong = Object.values(findings).filter(({ status }) => status === 'fail');
  expect(wrong.map(({ check }) => check.id)).toEqual([]);
  const calls = Map.groupBy(world.faults.calls, ({ operation }) => operation);
  const counts = Object.fromEntries([...calls].map(([name, several]) => [name, several.length]));
  expect(counts).toEqual({
    DescribeAlarms: 1,
    DescribeAutoScalingGroups: 1,
    DescribeContainerInstances: 3,
    DescribeImages: 1,
    DescribeInstances: 1,
    DescribeLaunchTemplateVersions: 2,
    DescribeScalingActivities: 1,
    DescribeServices: 1,
    DescribeTaskDefinition: 1,
    DescribeTasks: 1,
    GetMetricData: 1,
    GetParameters: 1,
    ListContainerInstances: 3,
    ListServices: 1,
    ListTasks: 2,
  });
});
