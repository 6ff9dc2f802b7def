import {
  CreateTargetGroupCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import { presets } from '../../support/faults.ts';
import { type AppWorld, newAppWorld } from './world.ts';

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

async function found(name: string) {
  const { elb } = world.aws;
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ Names: [name] }));
  const TargetGroupArn = TargetGroups[0]!.TargetGroupArn!;
  const [{ Attributes = [] }, { TagDescriptions }] = await Promise.all([
    elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
    elb.send(new DescribeTagsCommand({ ResourceArns: [TargetGroupArn] })),
  ]);
  const delay = Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds');
  return { group: TargetGroups[0]!, delay: delay?.Value, tags: TagDescriptions?.[0]?.Tags };
}

test('is made as the guide says, with our tags, and kept', async () => {
  const app = { service: 'parks' };
  expect((await world.run([targetGroup], app)).outcomes).toEqual({ 'Target group': 'create' });
  const { cluster } = await world.env(app);
  const { group, delay, tags } = await found('parks');
  expect(group).toMatchObject({
    ...{ VpcId: cluster.vpcId, Protocol: 'HTTP', Port: 80, TargetType: 'instance' },
    HealthCheckPath: '/admin/ok',
  });
  expect(delay).toBe('30');
  expect(tags).toEqual(
    expect.arrayContaining([
      { Key: 'digital-apps:cluster', Value: 'digitalApps' },
      { Key: 'digital-apps:app', Value: 'parks' },
      { Key: 'digital-apps:repository', Value: 'example/parks' },
    ]),
  );
  world.faults.clear();
  expect((await world.run([targetGroup], app)).outcomes).toEqual({ 'Target group': 'keep' });
  expect(world.faults.calls.filter(({ changing }) => changing)).toEqual([]);
});

test('is put right after a change by hand, and follows the answer', async () => {
  const app = { service: 'pools' };
  await world.run([targetGroup], app);
  const { TargetGroupArn } = (await found('pools')).group;
  await world.aws.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: '/' }));
  await world.aws.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '300' }],
    }),
  );
  const answers = { 'health-check': '/healthz' };
  const { outcomes } = await world.run([targetGroup], { ...app, answers });
  expect(outcomes).toEqual({ 'Target group': 'change' });
  const { group, delay } = await found('pools');
  expect([group.HealthCheckPath, delay]).toEqual(['/healthz', '30']);
});

test('is one, though two runs cross and though the answer gets lost', async () => {
  const app = { service: 'roads' };
  const both = await Promise.all([world.run([targetGroup], app), world.run([targetGroup], app)]);
  expect(both.flatMap(({ errors }) => errors)).toEqual([]);
  world.faults.inject({ ...presets.answerLost, operation: 'CreateTargetGroup' });
  const lost = await world.run([targetGroup], { service: 'trees' });
  expect(lost.outcomes).toEqual({ 'Target group': 'create' });
  expect((await found('trees')).delay).toBe('30');
});

test('that was cut off after its making is finished by the next run', async () => {
  const app = { service: 'ponds' };
  world.faults.inject({
    operation: 'ModifyTargetGroupAttributes',
    code: 'ValidationError',
    message: 'not now',
  });
  expect((await world.run([targetGroup], app)).outcomes).toEqual({ 'Target group': 'failed' });
  expect((await found('ponds')).delay).toBe('300');
  expect((await world.run([targetGroup], app)).outcomes).toEqual({ 'Target group': 'change' });
  expect((await found('ponds')).delay).toBe('30');
});

test('of somebody else’s is not touched', async () => {
  const { cluster } = await world.env({ service: 'theirs' });
  await world.aws.elb.send(
    new CreateTargetGroupCommand({
      ...{ Name: 'theirs', VpcId: cluster.vpcId, Protocol: 'HTTP', Port: 8080 },
    }),
  );
  await expect(world.run([targetGroup], { service: 'theirs' })).rejects.toThrow(
    'Target group theirs is there already and was not made by digital-apps.',
  );
});

test('what the app was to do without is kept in a tag, until it is asked for', async () => {
  const app = (cdn: boolean) => ({ service: 'plain', answers: { cdn, certificate: 'none' } });
  const declined = async (cdn: boolean) => {
    const { lives } = await world.run([targetGroup], app(cdn));
    const { tags } = await found('plain');
    const tag = tags?.find(({ Key }) => Key === 'digital-apps:declined')?.Value;
    return [tag, (lives.get(targetGroup) as unknown as { declined: string[] }).declined];
  };
  expect(await declined(false)).toEqual(['certificate cdn', ['certificate', 'cdn']]);
  expect(await declined(true)).toEqual(['certificate', ['certificate']]);
});
