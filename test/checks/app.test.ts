import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { deliveryChecks } from '../../src/checks/app/delivery.ts';
import { serviceChecks } from '../../src/checks/app/service.ts';
import type { AppLooking } from '../../src/checks/check.ts';
import { examination, examine } from '../../src/checks/examine.ts';
import { REGION } from '../support/clients.ts';
import { deleteImage, pushImage } from '../support/recorded/images.ts';
import { lay } from '../support/recorded/lay.ts';
import {
  recordRunningTask,
  recordService,
  recordStoppedTasks,
  secondsAgo,
} from '../support/recorded/services.ts';
import { recordTargetHealth } from '../support/recorded/target-health.ts';
import { type CheckWorld, newCheckWorld } from './app-world.ts';

const IMAGE = `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps/parks:1-abc`;

let world: CheckWorld;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  world = await newCheckWorld('parks', 'permits');
  cloudWatch = new CloudWatchClient({
    endpoint: world.emulator.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await push('amd64');
  await deploy();
  await makeStream();
  await measure({ MemoryUtilization: 40, CPUUtilization: 300, RequestCount: 1000 });
  await alarm('parks-healthy-hosts');
}, 120_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

const push = (architecture: string) =>
  pushImage(world.aws, 'digital-apps/parks', '1-abc', architecture);
const unpush = () => deleteImage(world.aws, 'digital-apps/parks', '1-abc');

async function deploy(): Promise<void> {
  const { ecs } = world.aws;
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: {
      ...{ 'awslogs-group': 'digitalApps', 'awslogs-region': REGION },
      'awslogs-stream-prefix': 'parks',
    },
  };
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'parks',
      containerDefinitions: [{ name: 'app', image: IMAGE, memory: 512, logConfiguration }],
    }),
  );
  const { app } = await world.appLooking('parks');
  await ecs.send(
    new CreateServiceCommand({
      ...{ cluster: 'digitalApps', serviceName: 'parks', taskDefinition: 'parks' },
      desiredCount: 1,
      loadBalancers: [
        { targetGroupArn: app.targetGroupArn, containerName: 'app', containerPort: 3000 },
      ],
    }),
  );
}

/** As Docker makes it when the container starts: without a line. */
async function makeStream(): Promise<void> {
  const stream = { logGroupName: 'digitalApps', logStreamName: 'parks/app/1' };
  await world.aws.logs.send(new CreateLogStreamCommand(stream));
}

async function dimensions(metric: string): Promise<{ Name: string; Value: string }[]> {
  const { app } = await world.appLooking('parks');
  const { cluster } = await world.env({ service: 'parks' });
  return /Utilization/.test(metric)
    ? [
        { Name: 'ClusterName', Value: 'digitalApps' },
        { Name: 'ServiceName', Value: 'parks' },
      ]
    : [
        ...(metric.startsWith('HTTPCode_ELB')
          ? []
          : [{ Name: 'TargetGroup', Value: app.targetGroupArn!.split(':').at(-1)! }]),
        { Name: 'LoadBalancer', Value: cluster.loadBalancer.arn.split(':loadbalancer/')[1]! },
      ];
}

async function instancesOfGroup(): Promise<string[]> {
  const { autoScaling } = world.aws;
  const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  return AutoScalingGroups!.flatMap(({ Instances = [] }) => Instances).map((i) => i.InstanceId!);
}

/** As AWS's own services tell CloudWatch. */
async function measure(values: Record<string, number>): Promise<void> {
  for (const [MetricName, Value] of Object.entries(values)) {
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: /Utilization/.test(MetricName) ? 'AWS/ECS' : 'AWS/ApplicationELB',
        MetricData: [{ MetricName, Value, Dimensions: await dimensions(MetricName) }],
      }),
    );
  }
}

async function alarm(
  AlarmName: string,
  change: Partial<PutMetricAlarmCommandInput> = {},
): Promise<void> {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      ...{ Namespace: 'AWS/ApplicationELB', MetricName: 'HealthyHostCount', Statistic: 'Minimum' },
      ...{ Period: 60, EvaluationPeriods: 2, Threshold: 1, TreatMissingData: 'breaching' },
      ComparisonOperator: 'LessThanThreshold',
      Dimensions: await dimensions('HealthyHostCount'),
      ...change,
    }),
  );
}

/** As AWS reports an app that is well. */
function healthy(): void {
  recordService(world.faults, 'parks');
  recordTargetHealth(world.faults, [{ state: 'healthy' }]);
  recordRunningTask(world.faults, 'parks', '1');
}

function look(id: string, looking: AppLooking) {
  return world.look(serviceChecks, id, looking);
}

async function lookNow(id: string) {
  return look(id, await world.appLooking('parks'));
}

/** The finding of that check in words, with its status. */
async function said(id: string): Promise<string> {
  const { status, verdicts } = await lookNow(id);
  return `${status}: ${verdicts.map(({ evidence, fix }) => `${evidence} → ${fix}`).join(' | ')}`;
}

test('An app that is well has no finding', async () => {
  healthy();
  const looking = await world.appLooking('parks');
  looking.aws.reads.remember();
  const findings = await examine(
    serviceChecks.map((check) => examination(check, looking)),
    () => {},
  );
  const others = findings
    .filter(({ status }) => status !== 'pass')
    .map(({ check, verdicts }) => [check.id, verdicts[0]?.evidence]);
  expect(others).toEqual([['app.alarm-mail', 'No mail was asked for.']]);
  expect(findings).toHaveLength(16);
});

test('An app that is yet to be deployed is told so, and nothing else of it is found wrong', async () => {
  const looking = await world.appLooking('permits');
  const findings = await Promise.all(serviceChecks.map(({ id }) => look(id, looking)));
  const told = findings.filter(({ status }) => status === 'warn' || status === 'fail');
  expect(told.map(({ check }) => check.id)).toEqual(['app.service']);
  expect(told[0]!.verdicts[0]!.fix).toContain('digital-apps deploy permits --region us-east-2');
});

test('Too few running tasks fail, but not while a deployment is under way', async () => {
  recordService(world.faults, 'parks', { running: 0, desired: 2, pending: 1 });
  expect(await said('app.running')).toMatch(/^fail: 0 of 2 tasks run, 1 are starting/);
  world.faults.clear();
  const deployment = { rolloutState: 'IN_PROGRESS', createdAt: secondsAgo(60) };
  recordService(world.faults, 'parks', { running: 0, deployment });
  expect(await said('app.running')).toMatch(/^warn/);
  expect(await said('app.deployment')).toMatch(/^pass: A deployment began 1 min ago/);
});

test('A service that was scaled to none is told apart', async () => {
  recordService(world.faults, 'parks', { running: 0, desired: 0 });
  expect(await said('app.desired')).toMatch(/^fail: .+scaled.+to 0.+--desired-count 1/);
  expect(await said('app.running')).toMatch(/^skip/);
});

test('A failed, a stuck and a rolled back deployment are told apart', async () => {
  const failed = {
    rolloutState: 'FAILED',
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
  };
  recordService(world.faults, 'parks', { deployment: failed });
  expect(await said('app.deployment')).toMatch(/^fail: .+circuit breaker: tasks failed to start/);
  world.faults.clear();
  const stuck = { rolloutState: 'IN_PROGRESS', createdAt: secondsAgo(3600) };
  recordService(world.faults, 'parks', { deployment: stuck });
  expect(await said('app.deployment')).toMatch(/^warn: A deployment began 60 min ago/);
  world.faults.clear();
  const id = 'ecs-svc/4210000000000000001';
  const events = [
    `(deployment ${id}) deployment completed.`,
    `rolling back to deployment ${id}.`,
    '(deployment ecs-svc/4210000000000000002) deployment failed: tasks failed to start.',
  ];
  recordService(world.faults, 'parks', { events });
  expect(await said('app.deployment')).toMatch(
    /^fail: .+went back to the one before \(2 min ago\)/,
  );
});

test('What ECS says since the app was last steady is translated', async () => {
  recordService(world.faults, 'parks', {
    running: 0,
    events: [
      'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123456789abcdef0123456789abcdef) has insufficient memory available.',
      'has started 1 tasks: (task 0123456789abcdef0123456789abcdef).',
    ],
  });
  expect(await said('app.events')).toMatch(/^fail: .*memory.+unable to place a task/);
  world.faults.clear();
  recordService(world.faults, 'parks', {
    events: [
      'has reached a steady state.',
      '(port 32768) is unhealthy in (target-group arn:aws:…) due to (reason Health checks failed).',
    ],
  });
  expect(await said('app.events')).toMatch(/^pass/);
});

test('What ECS says of a service’s settings is answered with the line for that service', async () => {
  recordService(world.faults, 'parks', {
    running: 0,
    events: [
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ],
  });
  expect(await said('app.events')).toMatch(
    /^fail: .+aws ecs update-service.* --cluster digitalApps --service parks .+maximumPercent=200/,
  );
});

test('Tasks that stopped by themselves are told with their reasons, others are not', async () => {
  recordService(world.faults, 'parks', { running: 0 });
  const oom = {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    exitCode: 137,
    reason: 'OutOfMemoryError: Container killed due to memory usage',
  };
  const scaledIn = {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/4210000000000000001)',
    exitCode: 143,
  };
  recordStoppedTasks(world.faults, 'parks', [oom, scaledIn, oom]);
  const { status, verdicts } = await lookNow('app.stopped-tasks');
  expect(status).toBe('fail');
  expect(verdicts).toHaveLength(1);
  expect(verdicts[0]!.evidence).toMatch(/memory.+2 times in the last hour.+OutOfMemoryError.+137/);
  world.faults.clear();
  recordService(world.faults, 'parks');
  const crashed = { ...oom, reason: undefined, exitCode: 1 };
  recordStoppedTasks(world.faults, 'parks', [crashed]);
  expect(await said('app.stopped-tasks')).toMatch(/^warn: .+exited with 1.+aws logs tail/);
  world.faults.clear();
  recordService(world.faults, 'parks');
  recordStoppedTasks(world.faults, 'permits', [oom]);
  expect(await said('app.stopped-tasks')).toMatch(/^pass/);
});

test('What AWS says is shown without the secrets in it, such as of a signed address', async () => {
  const address =
    'https://prod-us-east-2-starport-layer-bucket.s3.us-east-2.amazonaws.com/abc?X-Amz-Security-Token=IQoJb3Jp&X-Amz-Signature=0f1e2d';
  const reason = `CannotPullContainerError: Get "${address}": net/http: request canceled while waiting for connection`;
  recordService(world.faults, 'parks', { running: 0, events: [`${reason}.`] });
  recordStoppedTasks(world.faults, 'parks', [
    { stopCode: 'TaskFailedToStart', stoppedReason: reason, reason },
  ]);
  for (const id of ['app.stopped-tasks', 'app.events']) {
    const says = await said(id);
    expect(says).toContain('request canceled while waiting');
    expect(says).not.toMatch(/IQoJb3Jp|0f1e2d/);
  }
  // The commit that an image is named by is none.
  const commit = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
  const unknown = `CannotPullContainerError: manifest for parks:${commit} not found: manifest unknown`;
  world.faults.clear();
  recordService(world.faults, 'parks', { running: 0 });
  recordStoppedTasks(world.faults, 'parks', [
    { stopCode: 'TaskFailedToStart', stoppedReason: unknown },
  ]);
  expect(await said('app.stopped-tasks')).toContain(commit);
});

test('A line that is advised names the instance that it is for', async () => {
  const cluster = 'digitalApps';
  const arn = `arn:aws:ecs:${REGION}:123456789012:container-instance/${cluster}/0123456789abcdef0123456789abcdef`;
  const instance = { containerInstanceArn: arn, ec2InstanceId: 'i-0a1b2c3d4e5f60718' };
  const registered = () => {
    lay(world.faults, 'ListContainerInstances', () => ({ containerInstanceArns: [arn] }));
    lay(world.faults, 'DescribeContainerInstances', () => ({ containerInstances: [instance] }));
  };
  registered();
  recordService(world.faults, 'parks', {
    running: 0,
    events: [
      'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123456789abcdef0123456789abcdef) encountered error "AGENT".',
    ],
  });
  expect(await said('app.events')).toContain(
    'aws ssm start-session --region us-east-2 --target i-0a1b2c3d4e5f60718',
  );
  world.faults.clear();
  registered();
  recordService(world.faults, 'parks', { running: 0 });
  recordStoppedTasks(world.faults, 'parks', [
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'write /app/index.js: no space left on device',
      containerInstanceArn: arn,
    },
  ]);
  expect(await said('app.stopped-tasks')).toMatch(
    /aws ssm send-command --region us-east-2 --instance-ids i-0a1b2c3d4e5f60718 --document-name/,
  );
});

test('An image that is gone, and one for another processor, are found', async () => {
  healthy();
  await unpush();
  expect(await said('app.image')).toMatch(/^fail: .+parks:1-abc is not in the registry/);
  await push('arm64');
  expect(await said('app.image')).toMatch(/^pass/);
  expect(await said('app.architecture')).toMatch(
    /^fail: .+built for arm64, and there are instances with amd64.+--platform linux\/amd64/,
  );
  await unpush();
  await push('amd64');
  expect(await said('app.architecture')).toMatch(/^pass/);
});

test('Why a target gets no requests is said in words', async () => {
  recordService(world.faults, 'parks');
  recordTargetHealth(world.faults, [
    { state: 'healthy' },
    {
      state: 'unhealthy',
      reason: 'Target.ResponseCodeMismatch',
      description: 'Health checks failed with these codes: [404]',
    },
  ]);
  const { status, verdicts } = await lookNow('app.targets');
  expect([status, verdicts.length]).toEqual(['fail', 1]);
  expect(verdicts[0]!.evidence).toContain(
    'another status than 200 (AWS: Health checks failed with',
  );
  expect(verdicts[0]!.subject).toBe('i-0123456789abcdef1:32769');
  for (const [reason, words] of [
    ['Target.Timeout', 'in time'],
    ['Target.FailedHealthChecks', 'Nothing takes'],
  ]) {
    world.faults.clear();
    recordService(world.faults, 'parks');
    recordTargetHealth(world.faults, [{ state: 'unhealthy', reason }]);
    expect(await said('app.targets')).toMatch(new RegExp(`^fail: .*${words}`));
  }
  world.faults.clear();
  recordService(world.faults, 'parks');
  recordTargetHealth(world.faults, [{ state: 'initial', reason: 'Elb.InitialHealthChecking' }]);
  expect(await said('app.targets')).toMatch(/^warn: No target is healthy yet/);
  world.faults.clear();
  recordService(world.faults, 'parks');
  recordTargetHealth(world.faults, []);
  expect(await said('app.targets')).toMatch(/^fail: No container is registered/);
});

/** What CloudWatch has of the last hour. */
function counted(values: Record<string, number>): void {
  lay(world.faults, 'GetMetricData', () => ({
    MetricDataResults: Object.entries(values).map(([Label, value]) => ({
      ...{ Id: 'a', Label, Values: [value], Timestamps: [Date.now() / 1000] },
    })),
  }));
}

test.each([
  [1, 10, 'warn'],
  [9, 10, 'warn'],
  [10, 10, 'fail'],
  [1, 50, 'pass'],
  [9, 200, 'pass'],
  [10, 200, 'warn'],
  [10, 1000, 'pass'],
])('%i errors in %i requests: %s', async (errors, requests, status) => {
  healthy();
  counted({ 'parks errors': errors, 'parks requests': requests });
  expect(await said('app.errors')).toMatch(
    new RegExp(`^${status}: ${errors} of ${requests} requests in the last hour were`),
  );
});

test('What the load balancer answers itself of several apps is said of it, and of no app', async () => {
  healthy();
  counted({ 'parks requests': 100, ofBalancer: 50 });
  lay<{ services: object[] }>(world.faults, 'ecs.DescribeServices', ({ services }) => ({
    services: services.flatMap((each) => [each, { ...each, serviceName: 'other' }]),
  }));
  expect(await said('app.errors')).toBe(
    'pass: 0 of 100 requests in the last hour were answered with 5xx. Of all apps’ requests the load balancer answered 50 with 5xx itself. → undefined',
  );
});

test('More CPU than is reserved is found where others on the instance want it, too', async () => {
  const containerInstanceArn = `arn:aws:ecs:${REGION}:123456789012:container-instance/digitalApps/0c1d2e3f`;
  const [instance] = await instancesOfGroup();
  healthy();
  recordRunningTask(world.faults, 'parks', '1', { containerInstanceArn });
  lay(world.faults, 'ListContainerInstances', () => ({
    containerInstanceArns: [containerInstanceArn],
  }));
  lay(world.faults, 'DescribeContainerInstances', () => ({
    containerInstances: [{ containerInstanceArn, ec2InstanceId: instance, agentConnected: true }],
  }));
  expect(await said('app.memory')).toMatch(
    /^pass: .+up to 40 % of the memory was used, and on average 300 % of the CPU reserved for them\./,
  );
  const used = async (Value: number) =>
    cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: 'AWS/EC2',
        MetricData: [
          {
            ...{ MetricName: 'CPUUtilization', Value },
            Dimensions: [{ Name: 'InstanceId', Value: instance }],
          },
        ],
      }),
    );
  await used(97);
  expect(await said('app.memory')).toMatch(
    new RegExp(`^warn: .+ on instances that are busy: ${instance}\\. → Raise cpu_shares`),
  );
});

test('Much memory and many errors are found in the metrics, also where no container takes a request', async () => {
  healthy();
  await measure({ MemoryUtilization: 93, HTTPCode_Target_5XX_Count: 20 });
  expect(await said('app.memory')).toMatch(/^warn: .+up to 93 % of the memory/);
  expect(await said('app.errors')).toMatch(/^warn: 20 of 1000 requests/);
  await measure({ TargetConnectionErrorCount: 20 });
  expect(await said('app.errors')).toMatch(
    /^warn: 40 of 1000 requests in the last hour were answered with 5xx, 20 of them by the load balancer, which got no answer from a container\. /,
  );
  await measure({ HTTPCode_ELB_5XX_Count: 70 });
  expect(await said('app.errors')).toMatch(/^fail: 90 of 1000 .+, 70 of them by the load balancer/);
});

test('A missing alarm is told with the command that makes it, and one that rings fails', async () => {
  healthy();
  await cloudWatch.send(
    new SetAlarmStateCommand({
      ...{ AlarmName: 'parks-healthy-hosts', StateValue: 'ALARM', StateReason: 'no datapoints' },
    }),
  );
  expect(await said('app.alarm')).toMatch(/^fail: parks-healthy-hosts is in ALARM: no datapoints/);
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['parks-healthy-hosts'] }));
  expect(await said('app.alarm')).toBe(
    'warn: No alarm watches its HealthyHostCount. → digital-apps doctor parks --region us-east-2 --fix',
  );
});

test('Alarms for errors and memory that go off are told beside it', async () => {
  healthy();
  await alarm('digital-apps/parks/healthy-hosts');
  const names = ['digital-apps/parks/errors', 'digital-apps/parks/memory', 'digital-apps/x/errors'];
  for (const AlarmName of names) {
    await alarm(AlarmName, { Namespace: 'AWS/ECS', MetricName: 'MemoryUtilization' });
  }
  for (const AlarmName of names.slice(1)) {
    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: '97 >= 90' }),
    );
  }
  expect(await said('app.alarm')).toMatch(
    /^warn: digital-apps\/parks\/healthy-hosts is OK\. → undefined \| digital-apps\/parks\/memory is in ALARM: 97 >= 90 → https:[^|]+$/,
  );
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: names }));
});

test('An alarm of ours that a person has changed is told, with how it is had as it was', async () => {
  healthy();
  const name = 'digital-apps/parks/healthy-hosts';
  await alarm(name, { Threshold: 2, ActionsEnabled: false });
  expect(await said('app.alarm')).toContain(
    `warn: ${name} was changed by hand: Threshold: 1 → 2, its actions are switched off. → To have it as it was: aws cloudwatch delete-alarms --alarm-names ${name} --region us-east-2; then digital-apps doctor parks --region us-east-2 --fix`,
  );
  await alarm(name);
  expect(await said('app.alarm')).toBe(`pass: ${name} is OK. → undefined`);
});

test('Containers whose logs do not arrive are noticed, and not those that print nothing', async () => {
  healthy();
  expect(await said('app.logs')).toBe(
    'pass: Its containers have their streams in digitalApps, such as parks/app/1. → undefined',
  );
  recordRunningTask(world.faults, 'parks', '2', { ago: 60 });
  expect(await said('app.logs')).toMatch(/^skip/);
  recordRunningTask(world.faults, 'parks', '2', { revision: 7 });
  expect(await said('app.logs')).toMatch(/^skip/);
  recordRunningTask(world.faults, 'parks', '2');
  expect(await said('app.logs')).toMatch(/^warn: There is no stream parks\/app\/2 in digitalApps/);
  // Others' in plenty, of which some have no lines yet either.
  const others = Array.from({ length: 60 }, (_, index) => `parks/app/1-${index}`);
  for (const logStreamName of others) {
    await world.aws.logs.send(
      new CreateLogStreamCommand({ logGroupName: 'digitalApps', logStreamName }),
    );
  }
  recordRunningTask(world.faults, 'parks', '1');
  expect(await said('app.logs')).toMatch(/^pass/);
});

test('Containers that log elsewhere are noticed', async () => {
  healthy();
  const withLogging = (logConfiguration?: object) =>
    lay<{ taskDefinition: object }>(world.faults, 'DescribeTaskDefinition', (answer) => ({
      taskDefinition: {
        ...answer.taskDefinition,
        containerDefinitions: [{ name: 'app', image: IMAGE, logConfiguration }],
      },
    }));
  withLogging({ logDriver: 'fluentd' });
  expect(await said('app.logs')).toMatch(
    /^warn: The containers of parks do not log to CloudWatch, but by fluentd\./,
  );
  withLogging();
  expect(await said('app.logs')).toContain('but by Docker itself.');
  withLogging({ logDriver: 'awslogs', options: { 'awslogs-group': 'digitalApps' } });
  expect(await said('app.logs')).toMatch(/^skip: .+ or to streams without a prefix/);
  withLogging({
    logDriver: 'awslogs',
    options: { 'awslogs-group': 'gone', 'awslogs-stream-prefix': 'parks' },
  });
  expect(await said('app.logs')).toMatch(/^skip: There is no log group gone\./);
});

test('Many old task definitions are told of, also where an old one runs again', async () => {
  healthy();
  let pages = 0;
  lay(world.faults, 'ecs.ListTaskDefinitions', () => {
    pages += 1;
    const page = Array.from(
      { length: 100 },
      (_, index) => `task-definition/parks:${index + pages}`,
    );
    return { taskDefinitionArns: page, ...(pages % 9 > 0 && { nextToken: `${pages}` }) };
  });
  lay<{ services: object[] }>(world.faults, 'ecs.DescribeServices', ({ services }) => ({
    services: services.map((each) => ({ ...each, taskDefinition: 'task-definition/parks:3' })),
  }));
  expect(await said('app.revisions')).toMatch(
    /^warn: More than 100 task definitions of parks are active \(--deep counts them\)\./,
  );
  expect(pages).toBe(2);
  lay(world.faults, 'ecs.ListTaskDefinitions', () => ({
    taskDefinitionArns: ['task-definition/parks:3', 'task-definition/parks-nightly:200'],
  }));
  expect(await said('app.revisions')).toMatch(/^pass: 1 of parks are active/);
  // However often each was deployed, a call for each of many apps is too much.
  lay<{ services: object[] }>(world.faults, 'ecs.DescribeServices', ({ services }) => ({
    services: services.map((each) => ({ ...each, taskDefinition: 'task-definition/parks:500' })),
  }));
  world.faults.calls.length = 0;
  const one = { ...(await world.appLooking('parks')), isOneOfMany: true };
  const { verdicts } = await look('app.revisions', one);
  expect(verdicts[0]!.evidence).toMatch(/^Not looked at: there are many apps/);
  expect(world.faults.calls.map(({ operation }) => operation)).not.toContain('ListTaskDefinitions');
});

describe('Images', () => {
  const asked = (operation: string) =>
    world.faults.calls.filter((call) => call.operation === operation).length;

  /** So many, a thousand in a page, each with a tag for its build; the newest is the latest, too. */
  function inTheRegistry(images: number): void {
    let from = 0;
    lay(world.faults, 'ListImages', () => {
      const page = Array.from({ length: Math.min(images - from, 1000) }, (_, index) => ({
        ...{ imageDigest: `sha256:${from + index}`, imageTag: `${from + index}` },
      }));
      const latest = from === 0 ? [{ imageDigest: 'sha256:0', imageTag: 'latest' }] : [];
      from += page.length;
      const more = from < images ? { nextToken: String(from) } : {};
      if (from >= images) from = 0;
      return { imageIds: [...page, ...latest], ...more };
    });
  }

  async function deeply() {
    const looking = { ...(await world.appLooking('parks')), deep: true };
    const { verdicts } = await look('app.images', looking);
    return verdicts[0]!;
  }

  test('are counted each once, and no further than to many', async () => {
    healthy();
    inTheRegistry(1000);
    expect(await said('app.images')).toMatch(/^pass: digital-apps\/parks has 1000 images\./);
    healthyWith(5000);
    expect(await said('app.images')).toMatch(/^warn: .* more than 1000 images \(--deep counts/);
    expect(asked('ListImages')).toBe(2);
    expect(asked('GetServiceQuota')).toBe(0);
  });

  test('are all counted with --deep, and compared with what the registry takes', async () => {
    const quota = (Value: number) =>
      world.faults.inject({
        ...{ operation: 'GetServiceQuota', times: 1 },
        rewrite: () => JSON.stringify({ Quota: { Value } }),
      });
    healthyWith(5000);
    const few = await deeply();
    expect([few.status, few.evidence]).toEqual(['warn', 'digital-apps/parks has 5000 images.']);
    expect(asked('ListImages')).toBe(5);

    healthyWith(5000);
    quota(6000);
    const near = await deeply();
    expect([near.status, near.evidence]).toEqual([
      'warn',
      'digital-apps/parks has 5000 of the 6000 images that ECR takes.',
    ]);
    expect(near.fix).toContain('digital-apps cleanup parks');
    expect(near.fix).toContain('services/ecr/quotas/L-03A36CE1');

    healthyWith(5000);
    quota(5000);
    const full = await deeply();
    expect([full.status, full.evidence]).toEqual([
      'fail',
      'digital-apps/parks has 5000 of the 5000 images that ECR takes: no build can push.',
    ]);
  });

  function healthyWith(images: number): void {
    world.faults.clear();
    healthy();
    inTheRegistry(images);
  }
});

test('A target group that is gone leaves the app known by its rules', async () => {
  healthy();
  const looking = await world.appLooking('permits');
  const gone = { ...looking, app: { ...looking.app, targetGroupArn: undefined } };
  const { status, verdicts } = await look('app.targets', gone);
  expect([status, verdicts[0]!.evidence]).toEqual(['fail', 'permits has no target group.']);
});

test('Many apps that are well cost pages, not a call each', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `other-${index}`);
  for (const serviceName of names) {
    await world.aws.ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'digitalApps', serviceName, taskDefinition: 'parks', desiredCount: 0 },
      }),
    );
  }
  const Timestamps = [Date.now() / 1000];
  lay(world.faults, 'GetMetricData', () => ({
    MetricDataResults: names.flatMap((name) => [
      { Id: 'a', Label: `${name} healthy`, Values: [1], Timestamps },
      { Id: 'b', Label: `${name} unhealthy`, Values: [0], Timestamps },
    ]),
  }));
  for (const name of names) recordService(world.faults, name);
  const looking = await world.appLooking('parks');
  const apps = names.map((service) => {
    const app = {
      ...looking.app,
      service,
      names: { ...looking.app.names, service, configKey: `${service}/.env` },
    };
    return { ...looking, app, isOneOfMany: true };
  });
  world.faults.calls.length = 0;
  looking.aws.reads.remember();
  const findings = await examine(
    apps.flatMap((app) => serviceChecks.map((check) => examination(check, app))),
    () => {},
  );
  const targets = findings.filter(({ check }) => check.id === 'app.targets');
  expect(new Set(targets.map(({ status }) => status))).toEqual(new Set(['pass']));
  const count = (operation: string) =>
    world.faults.calls.filter((call) => call.operation === operation).length;
  expect([count('ListServices'), count('DescribeServices')]).toEqual([1, 5]);
  expect(world.faults.calls.length).toBeLessThan(20);
  // Who watches looks again every few seconds; what CloudWatch charges for is not asked each time.
  const [metrics, described] = [count('GetMetricData'), count('DescribeServices')];
  looking.aws.reads.forget();
  looking.aws.reads.remember();
  await examine(
    apps.flatMap((app) => serviceChecks.map((check) => examination(check, app))),
    () => {},
  );
  expect([count('GetMetricData'), count('DescribeServices')]).toEqual([metrics, 2 * described]);
  const envFiles = await examine(
    [looking, ...apps].map((app) =>
      examination(deliveryChecks.find(({ id }) => id === 'delivery.env-file')!, {
        ...app,
        isOneOfMany: true,
      }),
    ),
    () => {},
  );
  expect(envFiles.map(({ status }) => status)).toEqual(['pass', ...names.map(() => 'fail')]);
  expect([count('ListObjectsV2'), count('GetObject')]).toEqual([1, 0]);
  // Who asks for one alone wants to know all of it, however many others there are.
  recordService(world.faults, 'parks');
  const { status } = await look('app.image', await world.appLooking('parks'));
  expect(status).toBe('pass');
});
