import {
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { pushImage } from '../support/recorded/images.ts';
import { makeCluster } from './fixtures.ts';

const REGISTRY = `123456789012.dkr.ecr.${REGION}.amazonaws.com`;
const PATIENTLY = { timeout: 20_000 };
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;
let vpc: string;
/** Of one test: its service, of a cluster that all share. */
let cluster: string;
let name: string;
let targetGroupArn: string;
let tests = 0;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
  ({ vpc } = await makeCluster(aws));
  const instances = async () => {
    const list = new ListContainerInstancesCommand({ cluster: 'one' });
    return (await aws.ecs.send(list)).containerInstanceArns?.length === 2;
  };
  await vi.waitUntil(instances, { timeout: 5_000 });
}, 90_000);
afterAll(() => emulator?.stop());
beforeEach(async () => {
  tests += 1;
  cluster = 'one';
  name = `parks-${tests}`;
  const { TargetGroups } = await aws.elb.send(
    new CreateTargetGroupCommand({ Name: name, Protocol: 'HTTP', Port: 80, VpcId: vpc }),
  );
  targetGroupArn = TargetGroups![0]!.TargetGroupArn!;
});

async function register(
  change: Partial<ContainerDefinition> = {},
  taskRoleArn?: string,
): Promise<string> {
  const container = {
    ...{ name: 'app', image: 'parks', memory: 64, portMappings: [{ containerPort: 3000 }] },
    ...change,
  };
  const { taskDefinition } = await aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family: name, taskRoleArn, containerDefinitions: [container] },
    }),
  );
  return taskDefinition!.taskDefinitionArn!;
}

const create = (taskDefinition: string, change: Partial<CreateServiceCommandInput> = {}) =>
  aws.ecs.send(
    new CreateServiceCommand({
      ...{ cluster, serviceName: name, taskDefinition, desiredCount: 1 },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
      ...change,
    }),
  );

const update = (taskDefinition: string) =>
  aws.ecs.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition }));

async function live(): Promise<Service> {
  const described = new DescribeServicesCommand({ cluster, services: [name] });
  return (await aws.ecs.send(described)).services![0]!;
}

/** The newest last, without the service's name and what is different each time. */
const said = async () =>
  (await live()).events!.toReversed().map(({ message }) =>
    message!
      .replace(`(service ${name}) `, '')
      .replace(/\(task \w+\)/g, '(task)')
      .replace(/arn:\S+targetgroup\S+(?=\))/, 'ARN')
      .replace(/ecs-svc\/\d+/g, 'ID'),
  );

async function tasks(desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING') {
  const list = new ListTasksCommand({ cluster, serviceName: name, desiredStatus });
  const { taskArns = [] } = await aws.ecs.send(list);
  if (taskArns.length === 0) return [];
  return (await aws.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks!;
}

async function targets() {
  const { TargetHealthDescriptions = [] } = await aws.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  return TargetHealthDescriptions.map(
    ({ Target, TargetHealth }) => `${Target?.Port} ${TargetHealth?.State}`,
  );
}

const rollout = async () => (await live()).deployments?.[0]?.rolloutState;
const completed = () => expect.poll(rollout, PATIENTLY).toBe('COMPLETED');

test('a service runs its task on an instance, and the load balancer finds it well', async () => {
  const first = await register();
  await create(first, {
    deploymentConfiguration: BREAKER,
    healthCheckGracePeriodSeconds: 60,
  });
  expect(await live()).toMatchObject({
    ...{ status: 'ACTIVE', runningCount: 0, healthCheckGracePeriodSeconds: 60 },
    deploymentConfiguration: { ...BREAKER, minimumHealthyPercent: 100, maximumPercent: 200 },
  });
  await completed();
  const { deployments, runningCount } = await live();
  expect([runningCount, deployments?.length, deployments?.[0]?.failedTasks]).toEqual([1, 1, 0]);
  const [task] = await tasks();
  expect(task).toMatchObject({
    ...{ lastStatus: 'RUNNING', group: `service:${name}`, startedBy: deployments?.[0]?.id },
    taskDefinitionArn: first,
  });
  const [binding] = task!.containers![0]!.networkBindings!;
  expect(binding).toMatchObject({ containerPort: 3000 });
  expect(await targets()).toEqual([`${binding!.hostPort} healthy`]);
  expect(await said()).toEqual([
    'has started 1 tasks: (task).',
    'registered 1 targets in (target-group ARN)',
    '(deployment ID) deployment completed.',
    'has reached a steady state.',
  ]);
  const { clusters } = await aws.ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
  expect(clusters![0]).toMatchObject({ runningTasksCount: 1, activeServicesCount: 1 });
});

test('a new task definition rolls: the old task goes when the new one is well', async () => {
  await create(await register());
  await completed();
  const next = await register();
  await update(next);
  expect((await live()).deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: next },
    { status: 'ACTIVE', runningCount: 1 },
  ]);
  await completed();
  expect((await live()).taskDefinition).toBe(next);
  expect((await tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([next]);
  const [old] = await tasks('STOPPED');
  expect(old?.stoppedReason).toMatch(/^Scaling activity initiated by \(deployment ecs-svc\/\d+\)$/);
  expect(await targets()).toEqual([expect.stringMatching(/^3276\d healthy$/)]);
  expect((await said()).slice(4)).toEqual([
    'has started 1 tasks: (task).',
    'registered 1 targets in (target-group ARN)',
    'has begun draining connections on 1 tasks.',
    'deregistered 1 targets in (target-group ARN)',
    'has stopped 1 running tasks: (task).',
    '(deployment ID) deployment completed.',
    'has reached a steady state.',
  ]);
});

test('an image that is not in the registry is given up after three tasks, and the former one stays', async () => {
  await aws.ecr.send(new CreateRepositoryCommand({ repositoryName: 'digital/app' }));
  await pushImage(aws, 'digital/app', '1');
  const first = await register({ image: `${REGISTRY}/digital/app:1` });
  await create(first, { deploymentConfiguration: BREAKER });
  await completed();
  const broken = await register({ image: `${REGISTRY}/digital/app:2` });
  await update(broken);
  await expect.poll(async () => (await live()).taskDefinition, PATIENTLY).toBe(first);
  const stopped = await tasks('STOPPED');
  expect(stopped).toHaveLength(3);
  const reason = `CannotPullContainerError: Error response from daemon: manifest for ${REGISTRY}/digital/app:2 not found: manifest unknown: Requested image not found`;
  expect(stopped[0]).toMatchObject({
    ...{ stopCode: 'TaskFailedToStart', stoppedReason: reason },
    containers: [{ reason }],
  });
  await completed();
  expect((await live()).deployments).toMatchObject([{ taskDefinition: first }]);
  expect((await tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([first]);
  expect((await said()).slice(-4)).toEqual([
    '(deployment ID) deployment failed: tasks failed to start.',
    'rolling back to deployment ID.',
    '(deployment ID) deployment completed.',
    'has reached a steady state.',
  ]);
});

test('a container that ends by itself leaves its code and its log, and without a former one nothing runs', async () => {
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'one' }));
  const options = { 'awslogs-group': 'one', 'awslogs-stream-prefix': name };
  await create(
    await register({
      command: ['sh', '-c', 'echo no database; exit 3'],
      logConfiguration: { logDriver: 'awslogs', options },
    }),
    { deploymentConfiguration: BREAKER },
  );
  await expect.poll(rollout, PATIENTLY).toBe('FAILED');
  expect((await live()).deployments).toMatchObject([
    {
      ...{ status: 'PRIMARY', failedTasks: 3 },
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    },
  ]);
  const [task] = await tasks('STOPPED');
  expect(task).toMatchObject({
    ...{ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 3 }] },
    stoppedReason: 'Essential container in task exited',
  });
  const logStreamName = `${name}/app/${task!.taskArn!.split('/').at(-1)}`;
  const { events } = await aws.logs.send(
    new GetLogEventsCommand({ logGroupName: 'one', logStreamName }),
  );
  expect(events?.map(({ message }) => message)).toEqual(['no database']);
  const before = (await tasks('STOPPED')).length;
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect([await tasks(), (await tasks('STOPPED')).length]).toEqual([[], before]);
});

test('a container of our templates ends without its .env, or without a role that may read it', async () => {
  await emulator.settings({ env_files: true });
  const Bucket = 'config';
  const Key = `${name}/.env`;
  const url = `s3://${Bucket}/${Key}`;
  const LocationConstraint = REGION;
  await aws.s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }),
  );
  const { Role } = await aws.iam.send(
    new CreateRoleCommand({ RoleName: 'task', AssumeRolePolicyDocument: '{"Statement":[]}' }),
  );
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'config' }));
  const options = { 'awslogs-group': 'config', 'awslogs-stream-prefix': name };
  const definition = await register(
    {
      environment: [{ name: 'AWS_S3_CONFIG_URL', value: url }],
      logConfiguration: { logDriver: 'awslogs', options },
    },
    Role?.Arn,
  );
  const printed = async () => {
    const found = await aws.logs.send(new FilterLogEventsCommand({ logGroupName: 'config' }));
    return (found.events ?? []).map(({ message }) => message).at(-1);
  };
  await create(definition);
  await expect.poll(printed, PATIENTLY).toContain(`S3 denied reading ${url}`);
  await expect
    .poll(said, PATIENTLY)
    .toContainEqual(expect.stringMatching(/^is unable to consistently start tasks successfully/));
  expect((await tasks('STOPPED'))[0]).toMatchObject({ containers: [{ exitCode: 1 }] });
  const Statement = [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::config/*` },
  ];
  const policy = { RoleName: 'task', PolicyName: 'read', PolicyDocument: '' };
  await aws.iam.send(
    new PutRolePolicyCommand({
      ...policy,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  await expect.poll(printed, PATIENTLY).toContain(`there is no ${url} (404 NoSuchKey)`);
  await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'A=1' }));
  await completed();
});

test('what cannot be placed is said once, and runs when there is room', async () => {
  await create(await register({ memory: 60_000 }));
  await expect
    .poll(said, PATIENTLY)
    .toEqual([
      expect.stringMatching(
        /^was unable to place a task because no container instance met all of its requirements\. The closest matching \(container-instance [\w-]+\) has insufficient memory available\. For more/,
      ),
    ]);
  await update(await register());
  await completed();
});

test('a task that somebody stops, or whose instance goes, is replaced', async () => {
  await create(await register());
  await completed();
  const [first] = await tasks();
  await aws.ecs.send(new StopTaskCommand({ cluster, task: first!.taskArn, reason: 'a test' }));
  const running = async () =>
    (await tasks())
      .filter(({ lastStatus }) => lastStatus === 'RUNNING')
      .map((each) => each.taskArn);
  await expect.poll(running, PATIENTLY).toEqual([expect.not.stringMatching(first!.taskArn!)]);
  const [second] = await tasks();
  const { containerInstances } = await aws.ecs.send(
    new DescribeContainerInstancesCommand({
      ...{ cluster, containerInstances: [second!.containerInstanceArn!] },
    }),
  );
  const InstanceIds = [containerInstances![0]!.ec2InstanceId!];
  await aws.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  await expect.poll(async () => (await tasks('STOPPED')).length, PATIENTLY).toBe(2);
  const reasons = (await tasks('STOPPED')).map(({ stoppedReason }) => stoppedReason);
  expect(reasons).toEqual(['a test', `Host EC2 (instance ${InstanceIds[0]}) terminated.`]);
  await expect.poll(running, PATIENTLY).toHaveLength(1);
  await expect.poll(targets, PATIENTLY).toEqual([expect.stringMatching(/healthy$/)]);
});

test('a service is made once, and a deleted one is gone when its tasks are', async () => {
  const definition = await register();
  await create(definition);
  await create(definition);
  await expect(create(definition, { desiredCount: 2 })).rejects.toMatchObject({
    ...{ name: 'InvalidParameterException', message: 'Creation of service was not idempotent.' },
  });
  await completed();
  await aws.ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }));
  expect((await live()).status).toBe('DRAINING');
  await expect(create(definition)).rejects.toThrow('still Draining');
  await expect(update(definition)).rejects.toMatchObject({ name: 'ServiceNotActiveException' });
  await expect.poll(async () => (await live()).status, PATIENTLY).toBe('INACTIVE');
  expect([await targets(), await tasks()]).toEqual([[], []]);
  await create(definition);
  await completed();
});

test('without instances nothing is placed', async () => {
  cluster = 'two';
  await aws.ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  await create(await register());
  await expect
    .poll(said, PATIENTLY)
    .toEqual([
      expect.stringContaining('Reason: No Container Instances were found in your cluster.'),
    ]);
});
