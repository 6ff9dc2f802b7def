import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ModifyRuleCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { httpRule, ruleForHost } from '../../../src/tasks/app/rules.ts';
import { targetGroup } from '../../../src/tasks/app/target-group.ts';
import { remarksOf } from '../../../src/tasks/plan.ts';
import { presets } from '../../support/faults.ts';
import { type App, type AppWorld, newAppWorld } from './world.ts';

const both = [targetGroup, httpRule];
let world: AppWorld;
let ListenerArn: string;

beforeAll(async () => {
  world = await newAppWorld();
  ListenerArn = (await world.env({ service: 'any' })).cluster.httpListener;
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.faults.clear();
  for (const { RuleArn } of await rules()) {
    await world.aws.elb.send(new DeleteRuleCommand({ RuleArn }));
  }
});

async function rules(): Promise<Rule[]> {
  const { Rules = [] } = await world.aws.elb.send(
    new DescribeRulesCommand({ ListenerArn, PageSize: 400 }),
  );
  return Rules.filter(({ IsDefault }) => !IsDefault);
}

/** "7 parks.example.gov -> parks" for each, by priority. */
async function inShort(): Promise<string[]> {
  const found = (await rules()).sort((a, b) => Number(a.Priority) - Number(b.Priority));
  return found.map(({ Priority, Conditions = [], Actions = [] }) => {
    const values = Conditions.flatMap(({ Values }) => Values ?? []);
    const target = Actions[0]?.TargetGroupArn?.split('/')[1] ?? Actions[0]?.Type;
    return `${Priority} ${values.join(' ')} -> ${target}`;
  });
}

/** A rule that a person made: answers 404. */
async function byHand(Priority: number, Values: string[], Field = 'host-header') {
  const { Rules } = await world.aws.elb.send(
    new CreateRuleCommand({
      ...{ ListenerArn, Priority },
      Conditions: [
        Field === 'host-header'
          ? { Field, HostHeaderConfig: { Values } }
          : { Field, PathPatternConfig: { Values } },
      ],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    }),
  );
  return Rules![0]!;
}

describe('the HTTP rule', () => {
  test('forwards the hosts to the target group, carries our tags, and is kept', async () => {
    const app = {
      service: 'parks',
      answers: { host: ['parks.example.gov', 'www.parks.example.gov'] },
    };
    expect((await world.run(both, app)).outcomes).toEqual({
      ...{ 'Target group': 'create', 'HTTP rule': 'create' },
    });
    expect(await inShort()).toEqual(['1 parks.example.gov www.parks.example.gov -> parks']);
    const [{ RuleArn = '' } = {}] = await rules();
    const { TagDescriptions } = await world.aws.elb.send(
      new DescribeTagsCommand({ ResourceArns: [RuleArn] }),
    );
    expect(TagDescriptions?.[0]?.Tags).toContainEqual({ Key: 'digital-apps:app', Value: 'parks' });
    world.faults.clear();
    const again = await world.run(both, app);
    expect(again.outcomes).toEqual({ 'Target group': 'keep', 'HTTP rule': 'keep' });
    expect(world.faults.calls.filter(({ changing }) => changing)).toEqual([]);
  });

  test('follows a host that is moved, and keeps what a person asks besides', async () => {
    await world.run(both, { service: 'parks' });
    const [{ RuleArn } = {}] = await rules();
    await world.aws.elb.send(
      new ModifyRuleCommand({
        RuleArn,
        Conditions: [
          { Field: 'host-header', HostHeaderConfig: { Values: ['parks.example.gov'] } },
          { Field: 'path-pattern', PathPatternConfig: { Values: ['/open/*'] } },
        ],
      }),
    );
    const moved: App = { service: 'parks', answers: { host: ['green.example.gov'] } };
    const { outcomes, errors } = await world.run(both, moved);
    expect(errors).toEqual([]);
    expect(outcomes['HTTP rule']).toBe('change');
    expect(await inShort()).toEqual(['1 /open/* green.example.gov -> parks']);
  });

  test('is put right after it was changed by hand', async () => {
    await world.run(both, { service: 'parks' });
    const [{ RuleArn } = {}] = await rules();
    await world.aws.elb.send(
      new ModifyRuleCommand({
        RuleArn,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['x.example.gov'] } }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }],
      }),
    );
    expect((await world.run(both, { service: 'parks' })).outcomes['HTTP rule']).toBe('change');
    expect(await inShort()).toEqual(['1 parks.example.gov -> parks']);
  });

  test('takes no more than five hosts', async () => {
    const host = [1, 2, 3, 4, 5, 6].map((number) => `h${number}.example.gov`);
    await expect(world.plan(both, { service: 'many', answers: { host } })).rejects.toThrow(
      'A rule of the load balancer takes 5 hosts, not 6.',
    );
  });

  test('says how many rules are used', async () => {
    await byHand(7, ['a.example.gov']);
    const { results, plan } = await world.run(both, { service: 'parks' });
    const live = results[1]!.live!;
    expect(remarksOf(httpRule, plan.env, live, { targetGroup: results[0]!.live })).toEqual([
      '2 of 100 rules of the load balancer are used',
    ]);
  });
});

describe('its priority', () => {
  test('comes after what does not concern it', async () => {
    await byHand(10, ['a.example.gov']);
    await byHand(20, ['/.well-known/*'], 'path-pattern');
    await world.run(both, { service: 'parks' });
    expect((await inShort()).at(-1)).toBe('21 parks.example.gov -> parks');
  });

  test('comes before a wildcard that would take the host away', async () => {
    await byHand(5, ['*.example.gov']);
    await byHand(4, ['a.example.gov']);
    await world.run(both, { service: 'parks' });
    expect((await inShort())[0]).toBe('3 parks.example.gov -> parks');
  });

  test('moves before a wildcard that was put before it later', async () => {
    await byHand(10, ['a.example.gov']);
    await world.run(both, { service: 'parks' });
    await byHand(2, ['*.example.gov']);
    const { outcomes, attention } = await world.run(both, { service: 'parks' });
    expect([outcomes['HTTP rule'], attention]).toEqual(['change', []]);
    expect((await inShort())[0]).toBe('1 parks.example.gov -> parks');
  });

  test('is not to be had before a wildcard that is first', async () => {
    await byHand(1, ['*.example.gov']);
    const { outcomes, errors } = await world.run(both, { service: 'parks' });
    expect(outcomes['HTTP rule']).toBe('failed');
    expect(errors).toEqual([
      'No priority is free before the rule for *.example.gov (priority 1), which would take the app’s hosts.',
    ]);
  });

  test('of a rule that stands behind such a wildcard is a person’s to decide', async () => {
    await byHand(1, ['a.example.gov']);
    await world.run(both, { service: 'parks' });
    const [first] = await rules();
    await world.aws.elb.send(
      new ModifyRuleCommand({
        RuleArn: first?.RuleArn,
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['*.example.gov'] } }],
      }),
    );
    const { outcomes, attention } = await world.run(both, { service: 'parks' });
    expect(outcomes['HTTP rule']).toBe('keep');
    expect(attention).toEqual([
      expect.stringMatching(/^the rule for \*\.example\.gov \(priority 1\) comes first/),
    ]);
  });

  test('is chosen again when somebody takes it meanwhile', async () => {
    world.faults.inject({
      operation: 'CreateRule',
      times: 2,
      code: 'PriorityInUse',
      message: 'The specified priority is in use.',
    });
    await byHand(1, ['a.example.gov']);
    expect((await world.run(both, { service: 'parks' })).outcomes['HTTP rule']).toBe('create');
    expect((await inShort()).at(-1)).toBe('2 parks.example.gov -> parks');
  });
});

describe('there is one rule', () => {
  test('though two runs cross', async () => {
    // Both have looked before either has made one.
    world.faults.inject({ operation: 'CreateRule', latency: 300, times: 2 });
    const ran = await Promise.all([1, 2].map(() => world.run(both, { service: 'parks' })));
    expect(ran.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await rules()).toHaveLength(1);
    expect((await world.run(both, { service: 'parks' })).outcomes['HTTP rule']).toBe('keep');
  });

  test('for each of two apps that are added at once', async () => {
    const ran = await Promise.all(
      ['parks', 'pools'].map((service) => world.run(both, { service })),
    );
    expect(ran.flatMap(({ errors }) => errors)).toEqual([]);
    expect((await inShort()).map((line) => line.replace(/^\d+ /, '')).sort()).toEqual([
      ...['parks.example.gov -> parks', 'pools.example.gov -> pools'],
    ]);
  });

  test('though the answer to its making gets lost', async () => {
    world.faults.inject({ ...presets.answerLost, operation: 'CreateRule' });
    const { errors } = await world.run(both, { service: 'parks' });
    expect(errors).toEqual([]);
    expect(await inShort()).toEqual(['1 parks.example.gov -> parks']);
  });

  test('after a run that was cut off had left two', async () => {
    await world.run(both, { service: 'parks' });
    const [{ RuleArn: first = '', Conditions, Actions } = {}] = await rules();
    const { TagDescriptions } = await world.aws.elb.send(
      new DescribeTagsCommand({ ResourceArns: [first] }),
    );
    await world.aws.elb.send(
      new CreateRuleCommand({
        ...{ ListenerArn, Priority: 9, Actions, Tags: TagDescriptions?.[0]?.Tags },
        Conditions: Conditions?.map(({ Values: _twice, ...rest }) => rest),
      }),
    );
    expect((await world.run(both, { service: 'parks' })).outcomes['HTTP rule']).toBe('change');
    expect(await rules()).toHaveLength(1);
  });
});

describe('a host that has a rule already', () => {
  test('is told with the app it belongs to, or the target group', async () => {
    await world.run(both, { service: 'parks' });
    const place = await world.env({ service: 'pools' });
    expect(await ruleForHost(place, 'parks.example.gov')).toEqual({
      ...{ app: 'parks', targetGroup: 'parks' },
    });
    await byHand(30, ['old.example.gov']);
    expect(await ruleForHost(place, 'old.example.gov')).toEqual({});
    expect(await ruleForHost(place, 'new.example.gov')).toBeUndefined();
    const own = await world.env({ service: 'parks' });
    expect(await ruleForHost(own, 'parks.example.gov')).toBeUndefined();
  });

  test('is not taken from whoever was faster', async () => {
    await world.run(both, { service: 'parks' });
    const answers = { host: ['parks.example.gov'] };
    const { errors } = await world.run(both, { service: 'pools', answers });
    expect(errors).toEqual([
      'parks.example.gov has a rule already, of the app parks (priority 1).',
    ]);
    expect(await inShort()).toEqual(['1 parks.example.gov -> parks']);
  });
});

describe('a hundred rules', () => {
  test('are all looked through, and one more is refused with what to do', async () => {
    const first = await byHand(1, ['h1.example.gov']);
    for (let priority = 2; priority <= 99; priority += 1) {
      await byHand(priority, [`h${priority}.example.gov`]);
    }
    expect((await world.run(both, { service: 'parks' })).errors).toEqual([]);
    expect((await world.run(both, { service: 'parks' })).outcomes['HTTP rule']).toBe('keep');
    const { results } = await world.run(both, { service: 'pools' });
    expect(results[1]?.error?.answer).toMatch(/^TooManyRules/);
    expect(results[1]?.error?.fix).toMatch(/Rules per Application Load Balancer/);
    await world.aws.elb.send(new DeleteRuleCommand({ RuleArn: first.RuleArn }));
    expect((await world.run(both, { service: 'pools' })).outcomes['HTTP rule']).toBe('create');
  });
});
