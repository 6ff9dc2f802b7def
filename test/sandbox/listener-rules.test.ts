import { get } from 'node:http';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';
import { makeNetwork, type Network } from './fixtures.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;
let network: Network;
let balancer: string | undefined;
let listener: string | undefined;
let group: string | undefined;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(async () => {
  await emulator.reset();
  network = await makeNetwork(aws);
  balancer = await makeBalancer('one');
  listener = await makeListener(balancer);
  group = (await makeGroup('one'))?.TargetGroupArn;
});

async function makeBalancer(Name: string) {
  const { LoadBalancers } = await aws.elb.send(
    new CreateLoadBalancerCommand({
      Name,
      Subnets: network.subnets,
      SecurityGroups: [network.group],
    }),
  );
  return LoadBalancers?.[0]?.LoadBalancerArn;
}

async function makeListener(LoadBalancerArn: string | undefined, Port = 80) {
  const made = await aws.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Port,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    }),
  );
  return made.Listeners?.[0]?.ListenerArn;
}

async function makeGroup(Name: string, change: Partial<CreateTargetGroupCommandInput> = {}) {
  const asked = { Name, Protocol: 'HTTP' as const, Port: 80, VpcId: network.vpc };
  const made = await aws.elb.send(new CreateTargetGroupCommand({ ...asked, ...change }));
  return made.TargetGroups?.[0];
}

const forward = (TargetGroupArn = group): Action[] => [{ Type: 'forward', TargetGroupArn }];
const hosts = (...Values: string[]) => [{ Field: 'host-header', HostHeaderConfig: { Values } }];
const Tags = [{ Key: 'digital-apps:app', Value: 'one' }];

async function rule(Priority: number, values: string[], Actions = forward(), on = listener) {
  const asked = { ListenerArn: on, Priority, Conditions: hosts(...values), Actions, Tags };
  const made = await aws.elb.send(new CreateRuleCommand(asked));
  return made.Rules?.[0]?.RuleArn;
}

const refused = (message: RegExp) => ({
  name: 'ValidationError',
  message: expect.stringMatching(message),
});
const describedGroup = async (Names: string[]) =>
  (await aws.elb.send(new DescribeTargetGroupsCommand({ Names }))).TargetGroups?.[0];

describe('a rule', () => {
  test('tells its host and its target group twice, as AWS does, and its tags', async () => {
    const arn = await rule(1, ['app.example.org']);
    const { Rules } = await aws.elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
    expect(Rules?.[0]).toEqual({
      RuleArn: arn,
      Priority: '1',
      IsDefault: false,
      Conditions: [{ ...hosts('app.example.org')[0], Values: ['app.example.org'] }],
      Actions: [
        {
          Type: 'forward',
          TargetGroupArn: group,
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: group, Weight: 1 }],
            TargetGroupStickinessConfig: { Enabled: false },
          },
        },
      ],
    });
    const tags = await aws.elb.send(new DescribeTagsCommand({ ResourceArns: [arn ?? ''] }));
    expect(tags.TagDescriptions?.[0]?.Tags).toEqual(Tags);
  });

  test('that redirects tells all parts of the place', async () => {
    const RedirectConfig = { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } as const;
    await rule(1, ['app.example.org'], [{ Type: 'redirect', RedirectConfig }]);
    const { Rules } = await aws.elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
    expect(Rules?.[0]?.Actions?.[0]?.RedirectConfig).toEqual({
      ...RedirectConfig,
      Host: '#{host}',
      Path: '/#{path}',
      Query: '#{query}',
    });
  });

  test('has a priority of its own, within bounds', async () => {
    await rule(7, ['app.example.org']);
    await expect(rule(7, ['other.example.org'])).rejects.toMatchObject({
      name: 'PriorityInUseException',
    });
    for (const priority of [0, 50_001]) {
      await expect(rule(priority, ['a.gov'])).rejects.toMatchObject(refused(/at 'priority'/));
    }
  });

  test('has hosts that can be such, and at most five', async () => {
    for (const wrong of ['https://a.gov/', 'a b.gov', 'localhost', 'a.gov:80', 'a.192']) {
      await expect(rule(1, [wrong])).rejects.toMatchObject(refused(/'host-header'/));
    }
    await expect(rule(1, [`${'a'.repeat(125)}.gov`])).rejects.toMatchObject(
      refused(/too long; the limit is '128'/),
    );
    const six = ['a.gov', 'b.gov', 'c.gov', 'd.gov', '*.e.gov', 'f?.gov'];
    const tooMany = refused(/^A rule can only have '5' condition values$/);
    await expect(rule(1, six)).rejects.toMatchObject(tooMany);
    const RuleArn = await rule(1, six.slice(1));
    const Conditions = hosts(...six);
    await expect(
      aws.elb.send(new ModifyRuleCommand({ RuleArn, Conditions })),
    ).rejects.toMatchObject(tooMany);
  });

  test('is changed in place', async () => {
    const RuleArn = await rule(1, ['app.example.org']);
    const Conditions = hosts('new.example.org');
    const { Rules } = await aws.elb.send(new ModifyRuleCommand({ RuleArn, Conditions }));
    expect(Rules?.[0]).toMatchObject({ RuleArn, Priority: '1', Actions: forward() });
    expect(Rules?.[0]?.Conditions?.[0]?.Values).toEqual(['new.example.org']);
  });

  test('is one of a hundred of a load balancer', async () => {
    const second = await makeListener(balancer, 8080);
    for (let priority = 1; priority <= 50; priority++) {
      await rule(priority, ['a.gov']);
      await rule(priority, ['a.gov'], forward(), second);
    }
    await expect(rule(51, ['a.gov'])).rejects.toMatchObject({ name: 'TooManyRulesException' });
  });

  test('forwards to a target group of no other load balancer', async () => {
    await rule(1, ['app.example.org']);
    const other = await makeListener(await makeBalancer('two'));
    await expect(rule(1, ['a.gov'], forward(), other)).rejects.toMatchObject({
      name: 'TargetGroupAssociationLimitException',
    });
    await expect(rule(2, ['a.gov'], forward(`${group}0`))).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
  });
});

describe('a target group', () => {
  test('tells once which load balancer uses it, as long as it does, and is kept so long', async () => {
    const arns = [await rule(1, ['a.gov']), await rule(2, ['b.gov'])];
    expect((await describedGroup(['one']))?.LoadBalancerArns).toEqual([balancer]);
    const remove = () => aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: group }));
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    for (const RuleArn of arns) await aws.elb.send(new DeleteRuleCommand({ RuleArn }));
    expect((await describedGroup(['one']))?.LoadBalancerArns ?? []).toEqual([]);
    await remove();
    await expect(describedGroup(['one'])).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
  });

  test('has its health check and attributes as they were set', async () => {
    const change = { HealthCheckPath: '/admin/ok', Matcher: { HttpCode: '200-399' } };
    const { TargetGroupArn } = (await makeGroup('two', change)) ?? {};
    expect(await describedGroup(['two'])).toMatchObject(change);
    const set = (Key: string) =>
      aws.elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn,
          Attributes: [{ Key, Value: '30' }],
        }),
      );
    await set('deregistration_delay.timeout_seconds');
    await expect(set('deregistration_delay')).rejects.toMatchObject(refused(/not recognized/));
    const { Attributes } = await aws.elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
    );
    const delay = { Key: 'deregistration_delay.timeout_seconds', Value: '30' };
    expect(Attributes).toContainEqual(delay);
  });

  test.each([
    ['a long name', 'a'.repeat(33), {}],
    ['a hyphen at its end', 'one-', {}],
    ['a dot', 'app.gov', {}],
    ['a health check path without a slash', 'two', { HealthCheckPath: 'admin/ok' }],
  ])('is refused for %s', async (_what, name, change) => {
    await expect(makeGroup(name, change)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

test('tags are described for at most twenty resources at once', async () => {
  const ask = (count: number) =>
    aws.elb.send(new DescribeTagsCommand({ ResourceArns: Array(count).fill(group) }));
  await ask(20);
  await expect(ask(21)).rejects.toMatchObject(refused(/more than 20/));
});

describe('asked as a browser would', () => {
  function ask(host: string, path = '/'): Promise<[number | undefined, string | undefined]> {
    return new Promise((resolve, reject) => {
      const asked = get(new URL(path, emulator.endpoint), { headers: { host } }, (answer) => {
        answer.resume();
        resolve([answer.statusCode, answer.headers.location]);
      });
      asked.on('error', reject);
    });
  }

  beforeEach(() => emulator.settings({ load_balancer_delay: 0 }));

  test('a redirect leads to the same page elsewhere', async () => {
    const RedirectConfig = { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } as const;
    await rule(1, ['app.example.org'], [{ Type: 'redirect', RedirectConfig }]);
    const moved = {
      Host: 'new.example.org',
      Path: '/was/#{path}',
      StatusCode: 'HTTP_302',
    } as const;
    await rule(2, ['old.example.org'], [{ Type: 'redirect', RedirectConfig: moved }]);
    expect(await ask('app.example.org', '/page?a=1&b=2')).toEqual([
      301,
      'https://app.example.org:443/page?a=1&b=2',
    ]);
    expect(await ask('old.example.org', '/page')).toEqual([
      302,
      'http://new.example.org:80/was/page',
    ]);
  });

  test('a target group without targets is a 503', async () => {
    await rule(1, ['app.example.org']);
    expect(await ask('app.example.org')).toEqual([503, undefined]);
  });
});
