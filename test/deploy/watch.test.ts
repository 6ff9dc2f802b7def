import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { type Service, type Task, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { pushImage } from '../support/recorded/images.ts';
import { lay } from '../support/recorded/lay.ts';
import { recordTargetHealth } from '../support/recorded/target-health.ts';
import { eventsIn, newRolloutWorld, progressIn, type RolloutWorld } from './rollout-world.ts';

const PATIENTLY = { timeout: 20_000 };
const CRASH = ['sh', '-c', 'echo connecting; echo DATABASE_PASSWORD=hunter2 refused; exit 3'];

let world: RolloutWorld;
beforeAll(async () => {
  world = await newRolloutWorld();
}, 90_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

/** As ECS would show it at that moment. */
function show(change: (service: Service) => object): void {
  lay<{ services: Service[] }>(world.faults, 'ecs.DescribeServices', ({ services }) => ({
    services: services.map((each) => ({ ...each, ...change(each) })),
  }));
}

test('a first deploy ends when its container gets requests, and tells all on the way', async () => {
  const target = await world.newTarget();
  const release = await world.release(target);
  const { outcome, news } = await world.deploy(target, release);
  expect(outcome).toMatchObject({ kind: 'deployed', desired: 1 });
  const { deployments, runningCount } = await world.live(target);
  expect(deployments).toMatchObject([
    { taskDefinition: release.taskDefinitionArn, rolloutState: 'COMPLETED' },
  ]);
  expect(runningCount).toBe(1);
  expect(await world.targets(target)).toEqual([expect.stringMatching(/^\d+ healthy$/)]);
  expect(eventsIn(news, target)).toEqual([
    'has started 1 tasks: (task).',
    'registered 1 targets in (target-group ARN)',
    '(deployment ID) deployment completed.',
    'has reached a steady state.',
  ]);
  expect(progressIn(news)[0]).toMatchObject({ desired: 1, failed: 0 });
  expect(progressIn(news).at(-1)).toMatchObject({ running: 1, healthy: 1, unhealthy: {} });
});

test('a second deploy is over when the former container is gone', async () => {
  const target = await world.newTarget();
  await world.deploy(target, await world.release(target));
  const next = await world.release(target);
  const { outcome, news } = await world.deploy(target, next);
  expect(outcome.kind).toBe('deployed');
  const tasks = await world.tasks(target);
  expect(tasks.map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([next.taskDefinitionArn]);
  // Nothing of the deployment before.
  expect(eventsIn(news, target)).toEqual([
    'has started 1 tasks: (task).',
    'registered 1 targets in (target-group ARN)',
    'has begun draining connections on 1 tasks.',
    'deregistered 1 targets in (target-group ARN)',
    'has stopped 1 running tasks: (task).',
    '(deployment ID) deployment completed.',
    'has reached a steady state.',
  ]);
});

test('the same again changes nothing, and is seen to be well', async () => {
  const target = await world.newTarget();
  const release = await world.release(target);
  await world.deploy(target, release);
  world.faults.calls.length = 0;
  const { placed, outcome, news } = await world.deploy(target, release);
  expect([placed.action, outcome.kind]).toEqual(['unchanged', 'deployed']);
  expect(world.changing()).toEqual([]);
  expect(eventsIn(news, target)).toEqual([]);
  // The service twice, its targets, its tasks that run and have stopped, and where they are.
  expect(world.faults.calls.map(({ operation }) => operation).sort()).toEqual([
    'DescribeContainerInstances',
    'DescribeServices',
    'DescribeServices',
    'DescribeTargetHealth',
    'DescribeTasks',
    'ListTasks',
    'ListTasks',
  ]);
});

test('a container that ends again and again: ECS goes back, and that is no success', async () => {
  const target = await world.newTarget();
  const first = await world.release(target);
  await world.deploy(target, first);
  const { outcome, news } = await world.deploy(
    target,
    await world.release(target, { command: CRASH }),
  );
  if (outcome.kind !== 'rolledBack') throw new Error(`it ended as ${outcome.kind}`);
  expect(outcome.to).toBe(`${target.service}:1`);
  expect(outcome.cause).toBe('The app ended by itself.');
  expect(outcome.tasks).toHaveLength(3);
  expect(outcome.tasks[0]).toMatchObject({
    ...{ container: 'app', exitCode: 3, hasRun: true, unhealthy: false },
    reason: 'Essential container in task exited; app exited with 3',
  });
  expect(outcome.log).toEqual({
    stream: `${target.service}/app/${outcome.tasks.at(-1)!.id}`,
    lines: ['connecting', 'DATABASE_PASSWORD=*** refused'],
  });
  const stopped = news.flatMap((each) => (each.kind === 'stopped' ? each.task : []));
  expect(stopped).toEqual(outcome.tasks);
  expect(progressIn(news).at(-1)).toMatchObject({ failed: 3, healthy: 0 });
  const { taskDefinition, runningCount } = await world.live(target);
  expect([taskDefinition, runningCount]).toEqual([first.taskDefinitionArn, 1]);
});

test('a rollback is told by the events where ECS no longer shows what failed', async () => {
  const target = await world.newTarget();
  await world.deploy(target, await world.release(target));
  const placed = await world.put(target, await world.release(target, { command: ['false'] }));
  await expect
    .poll(async () => (await world.live(target)).taskDefinition, PATIENTLY)
    .toMatch(/:1$/);
  show(({ deployments }) => ({
    deployments: deployments!.flatMap((each) =>
      each.id === placed.deploymentId ? [] : { ...each, rolloutStateReason: 'completed' },
    ),
  }));
  const { outcome } = await world.watch(target, placed);
  expect(outcome).toMatchObject({ kind: 'rolledBack', tasks: [{ exitCode: 1 }, {}, {}] });
});

test('a first deploy that fails has nothing to go back to, and the same again is tried anew', async () => {
  const target = await world.newTarget();
  const release = await world.release(target, { command: ['sh', '-c', 'exit 137'] });
  const { outcome } = await world.deploy(target, release);
  expect(outcome).toMatchObject({
    ...{ kind: 'failed', cause: expect.stringContaining('took more memory than it may') },
    log: { missing: expect.stringContaining('has written nothing to') },
  });
  const again = await world.put(target, release);
  expect(again.action).toBe('updated');
  const { deployments } = await world.live(target);
  expect(deployments![0]).toMatchObject({ id: again.deploymentId, status: 'PRIMARY' });
});

test('of a container that the load balancer finds unwell, its words and the container’s are told', async () => {
  const target = await world.newTarget();
  lay<{ tasks: Task[] }>(world.faults, 'ecs.DescribeTasks', ({ tasks }) => ({
    tasks: tasks.map((task) => ({
      ...task,
      ...(task.stopCode && {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: `Task failed ELB health checks in (target-group ${target.targetGroupArn})`,
        containers: task.containers!.map((each) => ({ ...each, exitCode: 137 })),
      }),
    })),
  }));
  show(({ serviceName, events = [] }) => ({
    events: events.flatMap((each, index) =>
      index === 0
        ? [
            {
              ...{ id: 'unhealthy', createdAt: each.createdAt },
              message: `(service ${serviceName}) (instance i-0123456789abcdef0) (port 32768) is unhealthy in (target-group ${target.targetGroupArn}) due to (reason Health checks failed with these codes: [500])`,
            },
            each,
          ]
        : each,
    ),
  }));
  const { outcome } = await world.deploy(target, await world.release(target, { command: CRASH }));
  expect(outcome).toMatchObject({
    ...{ kind: 'failed', cause: 'The app answers its health check with an error.' },
    tasks: [{ hasRun: true, unhealthy: true }, {}, {}],
    log: { lines: ['connecting', 'DATABASE_PASSWORD=*** refused'] },
  });
});

test('an image that is not there is named as the cause', async () => {
  const target = await world.newTarget();
  const { repository: repositoryName, registry } = target;
  await world.aws.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  await pushImage(world.aws, repositoryName, '1');
  const image = `${registry}/${repositoryName}`;
  await world.deploy(target, await world.release(target, { image: `${image}:1` }));
  const { outcome } = await world.deploy(
    target,
    await world.release(target, { image: `${image}:2` }),
  );
  expect(outcome).toMatchObject({
    ...{ kind: 'rolledBack', to: `${target.service}:1` },
    cause: expect.stringContaining('no image of that tag'),
    tasks: [{ hasRun: false, reason: expect.stringMatching(/^CannotPullContainerError/) }, {}, {}],
    log: { missing: 'No container that ran has failed.' },
  });
});

test('what cannot be placed is translated at once, and is the cause when time is up', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target, { memory: 60_000 }));
  await expect.poll(async () => (await world.live(target)).events!.length, PATIENTLY).toBe(1);
  const { outcome, news } = await world.watch(target, placed, 0);
  expect(outcome).toMatchObject({
    ...{ kind: 'timedOut', cause: 'No instance has enough memory left for another task.' },
    ...{ fix: expect.stringContaining('instance-type'), tasks: [] },
  });
  expect(news).toContainEqual(
    expect.objectContaining({
      ...{ kind: 'event', cause: 'No instance has enough memory left for another task.' },
      message: expect.stringContaining('was unable to place a task'),
    }),
  );
});

test('somebody else’s deployment takes the place of this one', async () => {
  const target = await world.newTarget();
  await world.deploy(target, await world.release(target));
  const placed = await world.put(target, await world.release(target));
  const theirs = await world.release(target, { image: 'registry.example/parks:42-abc1234' });
  await world.put(target, theirs);
  const { outcome } = await world.watch(target, placed);
  expect(outcome).toMatchObject({
    kind: 'overtaken',
    by: { taskDefinition: `${target.service}:3`, image: '42-abc1234', by: 'user/moto' },
  });
});

test('one that came through before another began between two looks is told so, and whose that is', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target));
  await expect
    .poll(async () => (await world.live(target)).deployments![0]!.rolloutState, PATIENTLY)
    .toBe('COMPLETED');
  await world.put(target, await world.release(target));
  expect((await world.watch(target, placed)).outcome).toMatchObject({
    ...{ kind: 'replaced', by: { taskDefinition: `${target.service}:2` } },
  });
});

test('what takes too long is left to go on, and who stops watching stops nothing', async () => {
  const target = await world.newTarget();
  await world.emulator.settings({ task_delay: 60 });
  try {
    const placed = await world.put(target, await world.release(target));
    await expect.poll(async () => (await world.live(target)).pendingCount, PATIENTLY).toBe(1);
    const slow = await world.watch(target, placed, 0);
    expect(slow.outcome).toMatchObject({
      ...{ kind: 'timedOut', cause: 'Its tasks are still starting.' },
    });
    const watching = world.watch(target, placed, 60, AbortSignal.timeout(300));
    await expect(watching).rejects.toMatchObject({ name: 'Interrupted' });
    await world.emulator.settings({ task_delay: 0.2 });
    expect((await world.watch(target, placed)).outcome.kind).toBe('deployed');
  } finally {
    await world.emulator.settings({ task_delay: 0.2 });
  }
});

test('a container that runs and gets no requests is no success', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target));
  await expect
    .poll(async () => (await world.live(target)).deployments![0]!.rolloutState, PATIENTLY)
    .toBe('COMPLETED');
  const [task] = await world.tasks(target);
  const port = task!.containers![0]!.networkBindings![0]!.hostPort!;
  recordTargetHealth(world.faults, [{ state: 'healthy' }]);
  const elsewhere = await world.watch(target, placed, 0);
  expect(elsewhere.outcome).toMatchObject({
    ...{ kind: 'timedOut', cause: expect.stringContaining('has not found them well yet') },
  });
  world.faults.clear();
  world.faults.inject({
    ...{ operation: 'DescribeTargetHealth', times: Number.POSITIVE_INFINITY },
    rewrite: (xml) =>
      xml.replace(
        '<State>healthy</State>',
        '<State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason><Description>Health checks failed with these codes: [404]</Description>',
      ),
  });
  const { outcome, news } = await world.watch(target, placed, 0);
  expect(outcome).toMatchObject({
    ...{ kind: 'timedOut', fix: expect.stringContaining('health-check=PATH') },
    cause: expect.stringMatching(/another status than 200 \(AWS: .+\[404\]/),
  });
  expect(progressIn(news).at(-1)).toMatchObject({
    ...{ running: 1, healthy: 0, unhealthy: { 'Target.ResponseCodeMismatch': 1 } },
  });
  expect(await world.targets(target)).toEqual([`${port} healthy`]);
});

test('a service that was scaled to none is deployed, and nothing of it runs', async () => {
  const target = await world.newTarget();
  await world.deploy(target, await world.release(target));
  const { cluster, service } = target;
  await world.aws.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
  const { outcome } = await world.deploy(target, await world.release(target));
  expect(outcome).toMatchObject({
    ...{ kind: 'deployed', desired: 0 },
  });
  expect((await world.live(target)).desiredCount).toBe(0);
});

test('a log that may not be read leaves a sentence, and the rest of the evidence', async () => {
  const target = await world.newTarget();
  world.faults.inject({
    ...{ operation: 'GetLogEvents', times: 9, code: 'AccessDeniedException' },
    message:
      'User: arn:aws:iam::123456789012:user/digitalTravis is not authorized to perform: logs:GetLogEvents on resource: arn:aws:logs:us-east-2:123456789012:log-group:one:log-stream:parks because no identity-based policy allows the logs:GetLogEvents action',
  });
  const { outcome } = await world.deploy(target, await world.release(target, { command: CRASH }));
  expect(outcome).toMatchObject({
    ...{ kind: 'failed', tasks: [{ exitCode: 3 }, {}, {}] },
    log: {
      missing: expect.stringMatching(/cannot be read\. You may not call logs:GetLogEvents/),
    },
  });
});

test('what AWS does not answer for a while is asked again, and nothing is missed', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target));
  // The SDK tries again by itself, at once.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
  const unwell = { status: 503, code: 'ServiceUnavailableException', times: 9 };
  world.faults.inject({ operation: 'DescribeTargetHealth', ...unwell });
  world.faults.inject({ operation: 'DescribeServices', skip: 1, reset: true, times: 9 });
  const { outcome, news } = await world.watch(target, placed);
  expect(outcome).toMatchObject({ kind: 'deployed', desired: 1 });
  const unanswered = news.flatMap((each) => (each.kind === 'unanswered' ? each.answer : []));
  expect(unanswered).toEqual([
    expect.stringContaining('ServiceUnavailable'),
    expect.stringContaining('No answer (ECONNRESET)'),
  ]);
  expect(eventsIn(news, target)).toContain('has started 1 tasks: (task).');
});

test('what AWS will not answer ends the watching, and not the deployment', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target));
  world.faults.inject({
    ...{ operation: 'ecs.DescribeServices', times: 9, code: 'ExpiredTokenException' },
    message: 'The security token included in the request is expired',
  });
  const { outcome } = await world.watch(target, placed);
  expect(outcome).toMatchObject({
    ...{ kind: 'lostSight', seconds: expect.any(Number) },
    error: { answer: expect.stringContaining('expired'), fix: expect.stringContaining('sso') },
  });
  expect(world.faults.calls.map(({ operation }) => operation)).not.toContain('ListTasks');
  // What may pass is waited for, as long as there is time.
  world.faults.clear();
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
  const unwell = { status: 503, code: 'ServiceUnavailableException', times: 9 };
  world.faults.inject({ operation: 'ecs.DescribeServices', ...unwell });
  const late = await world.watch(target, placed, 0);
  expect([late.outcome.kind, late.news]).toEqual(['lostSight', []]);
});

test('a service on more instances than AWS describes at once is watched', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target));
  const many = Array.from({ length: 101 }, (_, index) => index);
  show(({ deployments }) => ({
    ...{ desiredCount: 101, runningCount: 101 },
    deployments: deployments!.map((each) => ({ ...each, runningCount: 101, desiredCount: 101 })),
  }));
  const always = { times: Number.POSITIVE_INFINITY };
  const asked = (body: string, name: string) =>
    (JSON.parse(body) as Record<string, string[]>)[name]!;
  world.faults.inject({
    ...{ operation: 'ListTasks', ...always },
    answer: (body) => ({
      taskArns: /STOPPED/.test(body) ? [] : many.map((each) => `task/${each}`),
    }),
  });
  world.faults.inject({
    ...{ operation: 'DescribeTasks', ...always },
    answer: (body) => ({
      tasks: asked(body, 'tasks').map((taskArn) => ({
        ...{ taskArn, startedBy: placed.deploymentId, lastStatus: 'RUNNING' },
        containerInstanceArn: taskArn.replace('task', 'instance'),
        containers: [{ name: 'app', networkBindings: [{ containerPort: 3000, hostPort: 32768 }] }],
      })),
    }),
  });
  const sizes: number[] = [];
  world.faults.inject({
    ...{ operation: 'DescribeContainerInstances', ...always },
    answer(body) {
      const arns = asked(body, 'containerInstances');
      sizes.push(arns.length);
      return {
        containerInstances: arns.map((containerInstanceArn) => ({
          ...{
            containerInstanceArn,
            ec2InstanceId: containerInstanceArn.replace('instance/', 'i-'),
          },
        })),
      };
    },
  });
  const { news } = await world.watch(target, placed, 0);
  expect(progressIn(news).at(-1)).toMatchObject({ running: 101, desired: 101 });
  expect(sizes.sort()).toEqual([1, 100]);
});

test('a service that is deleted meanwhile has failed', async () => {
  const target = await world.newTarget();
  const placed = await world.put(target, await world.release(target));
  show(() => ({ status: 'DRAINING' }));
  expect((await world.watch(target, placed)).outcome).toMatchObject({
    ...{ kind: 'failed', cause: 'The service was deleted meanwhile.' },
  });
});
