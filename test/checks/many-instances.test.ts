import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { agentChecks } from '../../src/checks/agent.ts';
import { commandOutput, HEALTHY, hostOutput } from '../support/recorded/hosts.ts';
import { lay } from '../support/recorded/lay.ts';
import { type InstancesWorld, newInstancesWorld } from './instances-world.ts';

/** More than ECS lists, and describes, in one call. */
const MANY = 120;
/** The doctor's sample of those that are unwell alike. */
const SAMPLE = 20;
const DENIED =
  'User: arn:aws:iam::123456789012:user/x is not authorized to perform: ec2:GetConsoleOutput on resource: * because no identity-based policy allows the ec2:GetConsoleOutput action';
const ALWAYS = Number.POSITIVE_INFINITY;

let world: InstancesWorld;
beforeAll(async () => {
  world = await newInstancesWorld();
  const AutoScalingGroupName = 'digitalApps';
  const { autoScaling } = world.aws;
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, MaxSize: MANY }),
  );
  await autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: MANY }),
  );
  for (let joined = 0; joined < MANY; await sleep(200)) {
    joined = await registeredCount();
  }
});
afterAll(() => world?.stop());
afterEach(async () => {
  world.faults.clear();
  await world.emulator.settings({ agents_connected: true });
});

async function registeredCount(): Promise<number> {
  const { clusters } = await world.aws.ecs.send(
    new DescribeClustersCommand({ clusters: ['digitalApps'] }),
  );
  return clusters?.[0]?.registeredContainerInstancesCount ?? 0;
}

async function look(id: string, options?: { deep: boolean }) {
  const checks = agentChecks.filter((check) => check.id === id);
  const { status, verdicts } = (await world.examine(checks, options))[id]!;
  return { status, verdicts, evidence: verdicts.map(({ evidence }) => evidence) };
}

function bodiesOf(operation: string): Record<string, unknown>[] {
  return world.faults.calls
    .filter((call) => call.operation === operation)
    .map(({ body }) => JSON.parse(body));
}

function asked(operation: string): number {
  return world.faults.calls.filter((call) => call.operation === operation).length;
}

async function lose(): Promise<void> {
  await world.emulator.settings({ agents_connected: false });
  // The agents are looked at several times a second.
  await sleep(1000);
}

describe('of a cluster of more than a page', () => {
  test('all instances are seen, a hundred a call', async () => {
    expect((await look('agent.registered')).evidence).toEqual([`All ${MANY} are.`]);
    expect((await look('agent.connected')).evidence).toEqual([`All ${MANY} agents are connected.`]);
    const [first, second] = bodiesOf('ListContainerInstances');
    expect(first).not.toHaveProperty('nextToken');
    expect(second).toHaveProperty('nextToken');
    const described = bodiesOf('DescribeContainerInstances').map(
      ({ containerInstances }) => (containerInstances as string[]).length,
    );
    expect(described.slice(0, 2).sort()).toEqual([100, MANY - 100].sort());
  });

  test('that their agents find them healthy is seen of each', async () => {
    lay<{ containerInstances: object[] }>(
      world.faults,
      'ecs.DescribeContainerInstances',
      (answer) => ({
        ...answer,
        containerInstances: answer.containerInstances.map((each) => ({ ...each, ...HEALTHY })),
      }),
    );
    expect(await look('agent.health')).toMatchObject({
      status: 'pass',
      evidence: [`${MANY} instances without complaint.`],
    });
    for (const { include } of bodiesOf('DescribeContainerInstances')) {
      expect(include).toEqual(['CONTAINER_INSTANCE_HEALTH']);
    }
  });
});

describe('of many that have lost their agent alike', () => {
  /** What they differ in is the subnet alone. */
  let kinds: number;
  beforeAll(async () => {
    const { AutoScalingGroups } = await world.aws.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['digitalApps'] }),
    );
    kinds = AutoScalingGroups![0]!.VPCZoneIdentifier!.split(',').length;
  });
  beforeEach(lose);

  test('a sample of each kind is asked, and it is said how many', async () => {
    const { verdicts, evidence } = await look('agent.log');
    expect(verdicts).toHaveLength(kinds * SAMPLE);
    expect(asked('GetCommandInvocation')).toBe(kinds * SAMPLE);
    const words = `Asked: ${kinds * SAMPLE} of ${MANY} unwell instances, of each kind the newest (--deep asks all).`;
    expect(evidence.filter((each) => each.includes(words))).toHaveLength(1);
    expect(evidence[0]).toContain(words);
  });

  test('all are asked with --deep', async () => {
    const { verdicts, evidence } = await look('agent.log', { deep: true });
    expect(verdicts).toHaveLength(MANY);
    expect(evidence.join()).not.toContain('--deep');
  });

  test('one that went away a moment ago does not keep the others from being asked', async () => {
    const gone = (await look('agent.log')).verdicts[0]!.subject!;
    world.faults.clear();
    world.faults.inject({
      ...{ operation: 'SendCommand', body: new RegExp(gone), times: ALWAYS },
      ...{ code: 'InvalidInstanceId', message: `Instances [[${gone}]] not in a valid state` },
    });
    world.faults.inject({
      ...{ operation: 'GetCommandInvocation', times: ALWAYS },
      rewrite: commandOutput(hostOutput({ disk: 41 })),
    });
    const { verdicts } = await look('host.disk');
    const told = verdicts.map(({ subject }) => subject);
    expect(told).not.toContain(gone);
    expect(told.length % SAMPLE).toBe(SAMPLE - 1);
  });

  test('who may not see a console is told so, and not that it shows nothing', async () => {
    world.faults.inject({
      ...{ operation: 'GetConsoleOutput', code: 'UnauthorizedOperation', status: 403 },
      ...{ times: ALWAYS, message: DENIED },
    });
    const { evidence } = await look('agent.log');
    expect(evidence[1]).toMatch(
      /, and its console could not be looked at: You may not call ec2:GetConsoleOutput/,
    );
    expect(evidence.join()).not.toContain('shows no cause');
  });
});
