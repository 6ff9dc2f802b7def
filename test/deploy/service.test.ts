import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { putIntoService } from '../../src/deploy/rollout/service.ts';
import { underWay, waitForTurn, whose } from '../../src/deploy/rollout/under-way.ts';
import type { Target } from '../../src/deploy/target.ts';
import { lay } from '../support/recorded/lay.ts';
import { newRolloutWorld, type RolloutWorld, SERVICE_ROLE } from './rollout-world.ts';

let world: RolloutWorld;
beforeAll(async () => {
  world = await newRolloutWorld();
}, 90_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

const { signal } = new AbortController();

/** As ecs-cli makes one, or a person in the console. */
async function createByHand(target: Target, change: object = {}): Promise<void> {
  const { taskDefinitionArn } = await world.release(target);
  const { cluster, service: serviceName, targetGroupArn } = target;
  await world.aws.ecs.send(
    new CreateServiceCommand({
      ...{ cluster, serviceName, taskDefinition: taskDefinitionArn, desiredCount: 2 },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 },
      ...change,
    }),
  );
}

/** What is told of waiting; the tasks go on as soon as something is. */
function untilTold() {
  const told: string[] = [];
  const waiting = (text: string) => {
    told.push(text);
    void world.emulator.settings({ task_delay: 0.2 });
  };
  return { told, waiting };
}

const refuse = (operation: string, message: string, code = 'InvalidParameterException') =>
  world.faults.inject({ operation, code, message });

test('a service is made with one task, behind the target group, with a circuit breaker and tags', async () => {
  const target = await world.newTarget();
  const release = await world.release(target);
  const placed = await world.put(target, release);
  const made = await world.live(target);
  expect(placed).toMatchObject({
    ...{ ...release, action: 'created', remarks: [] },
    ...{ deploymentId: made.deployments![0]!.id, since: made.deployments![0]!.createdAt },
  });
  expect(made).toMatchObject({
    ...{ desiredCount: 1, launchType: 'EC2', roleArn: SERVICE_ROLE, propagateTags: 'SERVICE' },
    ...{ healthCheckGracePeriodSeconds: 120, taskDefinition: release.taskDefinitionArn },
    loadBalancers: [
      { targetGroupArn: target.targetGroupArn, containerName: 'app', containerPort: 3000 },
    ],
    deploymentConfiguration: {
      ...{ minimumHealthyPercent: 100, maximumPercent: 200 },
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    placementStrategy: [
      { type: 'spread', field: 'attribute:ecs.availability-zone' },
      { type: 'spread', field: 'instanceId' },
    ],
  });
  expect(Object.fromEntries(made.tags!.map(({ key, value }) => [key, value]))).toEqual({
    'digital-apps:cluster': 'one',
    'digital-apps:region': 'us-east-2',
    'digital-apps:app': target.service,
  });
});

test('a service of ecs-cli’s is taken over as it is, and given a circuit breaker', async () => {
  const target = await world.newTarget();
  await createByHand(target);
  const before = await world.live(target);
  const next = await world.release(target);
  const placed = await world.put(target, next);
  expect(placed.action).toBe('updated');
  const after = await world.live(target);
  expect(after).toMatchObject({
    ...{ desiredCount: 2, taskDefinition: next.taskDefinitionArn, tags: [] },
    ...{ loadBalancers: before.loadBalancers, createdAt: before.createdAt },
    deploymentConfiguration: {
      ...{ minimumHealthyPercent: 50, maximumPercent: 150 },
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
  });
});

test('what somebody has chosen of a circuit breaker stays', async () => {
  const target = await world.newTarget();
  const chosen = { deploymentCircuitBreaker: { enable: true, rollback: false } };
  await createByHand(target, { deploymentConfiguration: chosen });
  await world.put(target, await world.release(target));
  expect((await world.live(target)).deploymentConfiguration).toMatchObject(chosen);
});

test('a container of another name or port is what the load balancer is put in front of', async () => {
  const target = await world.newTarget();
  await createByHand(target);
  await world.put(target, await world.release(target, { name: 'web' }));
  expect((await world.live(target)).loadBalancers).toEqual([
    { targetGroupArn: target.targetGroupArn, containerName: 'web', containerPort: 3000 },
  ]);
});

test('a service behind another target group is not touched', async () => {
  const [target, other] = [await world.newTarget(), await world.newTarget()];
  await createByHand({ ...target, targetGroupArn: other.targetGroupArn });
  await expect(world.put(target, await world.release(target))).rejects.toMatchObject({
    ...{ name: 'StepFailed', message: expect.stringContaining(other.targetGroupArn) },
    fix: expect.stringContaining(`--load-balancers targetGroupArn=${target.targetGroupArn}`),
  });
  expect(world.changing()).toEqual([]);
});

test('a service that was deleted is waited for, and made anew', async () => {
  const target = await world.newTarget();
  await world.deploy(target, await world.release(target));
  const { cluster, service } = target;
  await world.emulator.settings({ task_delay: 60 });
  await world.aws.ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  expect((await world.live(target)).status).toBe('DRAINING');
  const { told, waiting } = untilTold();
  const turn = await waitForTurn(world.client(), target, { signal, waiting, upTo: 30 });
  expect(turn).toEqual({});
  const placed = await world.put(target, await world.release(target));
  expect(placed.action).toBe('created');
  expect(told[0]).toContain('its last tasks are stopping');
  expect((await world.live(target)).status).toBe('ACTIVE');
});

/** What happens between a look and what is done about it. */
function hideOnce(what: 'services' | 'deployments'): void {
  const rewrite = (body: string) => {
    const answer = JSON.parse(body) as { services: Service[] };
    const services = answer.services.map((each) => ({
      ...each,
      deployments: each.deployments!.slice(1).map((former) => ({ ...former, status: 'PRIMARY' })),
    }));
    return JSON.stringify({ ...answer, services: what === 'services' ? [] : services });
  };
  world.faults.inject({ operation: 'ecs.DescribeServices', rewrite });
}

test('of two that make it at once, the second waits for the first one’s deployment', async () => {
  const target = await world.newTarget();
  await world.emulator.settings({ task_delay: 60 });
  await createByHand(target);
  hideOnce('services');
  const release = await world.release(target);
  const { told, waiting } = untilTold();
  const running = { signal, waiting, upTo: 30 };
  const placed = await putIntoService(world.client(), target, release, undefined, running);
  expect(placed.action).toBe('updated');
  expect(told[0]).toContain(`another deployment: ${target.service}:1 (image 1.29, by user/moto)`);
  const [ours, theirs] = (await world.live(target)).deployments!;
  expect([ours!.taskDefinition, theirs!.rolloutState]).toEqual([
    release.taskDefinitionArn,
    'COMPLETED',
  ]);
});

test('of two that update it at once, the second is told whose deployment has lost its place', async () => {
  const target = await world.newTarget();
  await world.deploy(target, await world.release(target));
  await world.emulator.settings({ task_delay: 60 });
  try {
    await world.put(target, await world.release(target));
    hideOnce('deployments');
    const { remarks } = await world.put(target, await world.release(target));
    expect(remarks).toEqual([
      `Another deployment had begun in the same moment, and this one has taken its place: ${target.service}:2 (image 1.29, by user/moto), begun just now.`,
    ]);
  } finally {
    await world.emulator.settings({ task_delay: 0.2 });
  }
});

test.each([
  ['CODE_DEPLOY', 'AWS CodeDeploy'],
  ['EXTERNAL', 'a program of your own (EXTERNAL)'],
])('a service that is deployed by %s is left to that', async (type, who) => {
  const target = await world.newTarget();
  await createByHand(target);
  lay<{ services: Service[] }>(world.faults, 'ecs.DescribeServices', ({ services }) => ({
    services: services.map((each) => ({
      ...each,
      ...{ deploymentController: { type }, deployments: [] },
    })),
  }));
  const turn = waitForTurn(world.client(), target, { signal, waiting: () => {}, upTo: 1 });
  await expect(turn).rejects.toMatchObject({
    ...{ name: 'UserError', message: expect.stringContaining(`is deployed by ${who}`) },
  });
});

test('an answer that was lost makes no second service, and no second deployment', async () => {
  const target = await world.newTarget();
  world.faults.inject({ operation: 'CreateService', reset: true, after: true });
  const placed = await world.put(target, await world.release(target));
  const { deployments } = await world.live(target);
  expect(deployments!.map(({ id }) => id)).toEqual([placed.deploymentId]);
});

test('a role, a right or a rule that AWS has yet to hear of is waited for', async () => {
  const target = await world.newTarget();
  refuse(
    'CreateService',
    `The target group with targetGroupArn ${target.targetGroupArn} does not have an associated load balancer.`,
  );
  refuse(
    'CreateService',
    'Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions.',
  );
  refuse(
    'CreateService',
    'User: arn:aws:iam::123456789012:user/digitalTravis is not authorized to perform: iam:PassRole on resource: x',
    'AccessDeniedException',
  );
  const { remarks } = await world.put(target, await world.release(target));
  expect([remarks, (await world.live(target)).roleArn]).toEqual([[], SERVICE_ROLE]);
  expect(world.changing()).toEqual(Array(4).fill('CreateService'));
});

test('without the role or the tags that AWS refuses there is a service all the same', async () => {
  const target = await world.newTarget();
  refuse(
    'CreateService',
    'You cannot specify an IAM role for services that require a service linked role.',
  );
  refuse(
    'CreateService',
    'User: arn:aws:iam::123456789012:user/digitalTravis is not authorized to perform: ecs:TagResource on resource: arn:aws:ecs:us-east-2:123456789012:service/one/parks because no identity-based policy allows the ecs:TagResource action',
    'AccessDeniedException',
  );
  const { remarks } = await world.put(target, await world.release(target));
  expect(remarks).toEqual([
    expect.stringContaining(`does not take the role ${SERVICE_ROLE}`),
    expect.stringContaining('digital-apps init-cluster brings the deploy policy up to date'),
  ]);
  const { roleArn, tags } = await world.live(target);
  expect([roleArn, tags]).toEqual([undefined, []]);
});

test('what AWS refuses otherwise is told as it is', async () => {
  const target = await world.newTarget();
  refuse('CreateService', 'The container app does not exist in the task definition.');
  await expect(world.put(target, await world.release(target))).rejects.toThrow(
    'The container app does not exist in the task definition.',
  );
});

/** Somebody with a key of their own registers a task definition and deploys it. */
async function deployAs(UserName: string, target: Target, image: string): Promise<void> {
  const { iam } = world.aws;
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const ecs = new ECSClient({
    ...{ endpoint: world.emulator.endpoint, region: target.region },
    credentials: {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    },
  });
  const { cluster, service } = target;
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: service,
      containerDefinitions: [
        { name: 'app', image, memory: 64, portMappings: [{ containerPort: 3000 }] },
      ],
    }),
  );
  await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: service }));
}

test('another deployment is told with whose it is, and waited for', async () => {
  const target = await world.newTarget();
  const aws = world.client();
  await world.deploy(target, await world.release(target));
  expect(await underWay(aws, await world.live(target))).toBeUndefined();
  await world.emulator.settings({ task_delay: 60 });
  await deployAs('digitalTravis', target, 'registry.example:5000/parks:124-abc1234@sha256:0a');
  const service = await world.live(target);
  const other = await underWay(aws, service);
  expect(other).toMatchObject({
    ...{ taskDefinition: `${target.service}:2`, image: '124-abc1234', by: 'user/digitalTravis' },
    stuck: undefined,
  });
  expect(whose(other!)).toBe(
    `${target.service}:2 (image 124-abc1234, by user/digitalTravis), begun just now`,
  );
  const { told, waiting } = untilTold();
  const running = { signal, waiting, upTo: 30 };
  const ours = service.taskDefinition;
  const joined = await waitForTurn(aws, target, { ...running, ours });
  expect([joined.service?.taskDefinition, told]).toEqual([ours, []]);
  const turn = await waitForTurn(aws, target, running);
  expect(told[0]).toContain(`${target.service}:2 (image 124-abc1234`);
  expect([turn.stuck, turn.service!.deployments![0]!.rolloutState]).toEqual([
    undefined,
    'COMPLETED',
  ]);
});

test('one that does not end in time is no reason to go on, and says whose it is', async () => {
  const target = await world.newTarget();
  await world.emulator.settings({ task_delay: 60 });
  try {
    await world.put(target, await world.release(target));
    const waiting = waitForTurn(world.client(), target, { signal, waiting: () => {}, upTo: 1 });
    await expect(waiting).rejects.toMatchObject({
      ...{ name: 'StepFailed', fix: 'Deploy again when it has.' },
      message: expect.stringContaining(`has not ended: ${target.service}:1`),
    });
  } finally {
    await world.emulator.settings({ task_delay: 0.2 });
  }
});

test('one that cannot end holds up nobody', async () => {
  const failing = await world.newTarget();
  const command = ['sh', '-c', 'exit 1'];
  await createByHand(failing);
  const { cluster, service } = failing;
  const { taskDefinitionArn: taskDefinition } = await world.release(failing, { command });
  await world.aws.ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }));
  const failedTasks = async () =>
    (await world.live(failing)).deployments![0]!.failedTasks! > 0 || undefined;
  await expect.poll(failedTasks, { timeout: 20_000 }).toBe(true);
  const unplaced = await world.newTarget();
  await world.put(unplaced, await world.release(unplaced, { memory: 60_000 }));
  await expect
    .poll(async () => (await world.live(unplaced)).events!.length, { timeout: 20_000 })
    .toBe(1);
  const running = { signal, waiting: () => {}, upTo: 5 };
  expect((await waitForTurn(world.client(), failing, running)).stuck?.stuck).toContain(
    'without a circuit breaker',
  );
  // There may be room in a moment.
  await expect(
    waitForTurn(world.client(), unplaced, { ...running, upTo: 1 }),
  ).rejects.toMatchObject({ name: 'StepFailed' });
  world.faults.inject({
    operation: 'DescribeServices',
    rewrite: (body) =>
      body.replace(/"createdAt": ?([\d.]+)/g, (_, at) => `"createdAt":${at - 120}`),
  });
  expect((await waitForTurn(world.client(), unplaced, running)).stuck?.stuck).toBe(
    'No instance has enough memory left for another task.',
  );
});

test('nothing is changed once the run is stopped', async () => {
  const target = await world.newTarget();
  const release = await world.release(target);
  await expect(world.put(target, release, AbortSignal.abort())).rejects.toMatchObject({
    name: 'Interrupted',
  });
  await sleep(100);
  const described = new DescribeServicesCommand({ cluster: 'one', services: [target.service] });
  expect((await world.aws.ecs.send(described)).services).toEqual([]);
});
