import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { census, ONE_CLUSTER } from '../support/census.ts';
import { presets } from '../support/faults.ts';
import { newWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const caller = 'User: arn:aws:iam::123456789012:user/someone is not authorized to perform:';

test('what AWS answers while it is busy, or has not heard yet, is waited out', async () => {
  const { answerLost, throttled, unavailable, connectionReset, ...notYet } = presets;
  for (const preset of Object.values(notYet)) world.faults.inject(preset);
  world.faults.inject({ ...presets.instanceProfileInvalid, times: 2 });
  for (const preset of [throttled, unavailable, connectionReset]) {
    world.faults.inject({ ...preset, skip: 10, times: 4 });
  }
  const { exitCode, stderr } = await world.run('--no-wait');
  expect(exitCode, stderr).toBe(0);
  const failed = world.faults.calls.filter(({ status }) => status !== 200 && status !== 204);
  expect(failed.length).toBeGreaterThan(25);
  expect(await census(world.aws)).toEqual(ONE_CLUSTER);
});

describe('a refusal fails one thing, and what needs it', () => {
  test('by an identity’s policy', async () => {
    const action = 'elasticloadbalancing:CreateLoadBalancer';
    world.faults.inject({
      operation: 'CreateLoadBalancer',
      status: 403,
      code: 'AccessDenied',
      message: `${caller} ${action} on resource: arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/digitalApps/* because no identity-based policy allows the ${action} action`,
    });
    const ran = await world.run();
    expect(ran.exitCode).toBe(1);
    const { 'Load balancer': balancer, 'HTTP listener': listener, ...others } = ran.outcomes;
    expect([balancer, listener]).toEqual(['failed', 'skipped']);
    expect(others).toMatchObject({ 'Load balancer answers': 'skipped' });
    delete others['Load balancer answers'];
    expect(new Set(Object.values(others))).toEqual(new Set(['create']));
    expect(Object.keys(others)).toHaveLength(22);
    const errorOf = (name: string) =>
      ran.json.resources.find((resource) => resource.name === name)?.error;
    expect(errorOf('Load balancer')).toContain(action);
    expect(errorOf('Load balancer')).toContain('no identity-based policy');
    expect(errorOf('HTTP listener')).toBe('needs Load balancer');
    expect(errorOf('Load balancer answers')).toMatch(/^needs /);
    // Where to read on is said, and no stack is shown.
    const [log = ''] = await readdir(join(world.machine.home, 'state/digital-apps'));
    expect(ran.stderr).toContain(log);
    expect(ran.stderr).not.toMatch(/^ +at /m);

    const next = await world.run('--no-wait');
    expect(next.exitCode).toBe(0);
    expect(next.outcomes).toEqual({ 'Load balancer': 'create', 'HTTP listener': 'create' });
  });

  test('by an organisation’s policy', async () => {
    world.faults.inject({
      operation: 'CreateVpc',
      status: 403,
      code: 'UnauthorizedOperation',
      message:
        'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/someone is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-2:123456789012:vpc/* with an explicit deny in a service control policy',
    });
    const ran = await world.run('--no-wait');
    expect(ran.exitCode).toBe(1);
    const error = ran.json.resources.find(({ name }) => name === 'VPC')?.error;
    expect(error).toMatch(/ec2:CreateVpc.*explicit deny in a service control policy/);
    expect(ran.outcomes).toMatchObject({
      VPC: 'failed',
      Subnets: 'skipped',
      'Autoscaling group': 'skipped',
      'Config bucket': 'create',
      'Travis user': 'create',
    });
  });

  test('of load balancers in a new account, which AWS Support lifts', async () => {
    world.faults.inject({
      operation: 'CreateLoadBalancer',
      code: 'OperationNotPermitted',
      message:
        'This AWS account currently does not support creating load balancers. For more information, please contact AWS Support.',
    });
    const ran = await world.run('--no-wait');
    expect(ran.exitCode).toBe(1);
    const error = ran.json.resources.find(({ name }) => name === 'Load balancer')?.error;
    expect(error).toContain('AWS Support');
  });
});

describe('a look that is refused ends the run before any change', () => {
  test.each([
    ['DescribeLoadBalancers', 'elasticloadbalancing', 'Load balancer'],
    ['DescribeLaunchTemplateVersions', 'ec2', 'Launch template'],
    ['GetUser', 'iam', 'Travis user'],
  ])('%s', async (operation, service, resource) => {
    world.faults.inject({
      operation,
      times: 100,
      status: 403,
      code: service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied',
      message: `${caller} ${service}:${operation} because no identity-based policy allows it`,
    });
    const ran = await world.run('--no-wait');
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain(`Could not look for the ${resource}`);
    expect(ran.stderr).toContain(`${service}:${operation}`);
    expect(ran.stderr).not.toMatch(/^ +at /m);
    expect(world.changing()).toEqual([]);
  });

  test('a stack is shown to who asks for it', async () => {
    world.faults.inject({ operation: 'DescribeVpcs', status: 403, code: 'UnauthorizedOperation' });
    const { exitCode, stderr } = await world.run('--debug');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^ +at /m);
  });
});
