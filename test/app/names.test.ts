import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListUsersCommand, ListUserTagsCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { picture, runElsewhere } from './elsewhere.ts';
import { type AppWorld, newAppWorld, textOf } from './world.ts';

const QUICK = ['--no-cdn', '--set', 'certificate=none'];

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld({ slugs: ['city/zoo'] });
}, 90_000);

afterAll(() => world.stop());

describe('whatever a repository is called', () => {
  const alike = 'registry-of-certificates-and-licences';
  const slugs = [
    'City/Parks.Map_App',
    'city/311',
    `city/Permits.${'x'.repeat(91)}2`,
    // One name where capitals and doubled separators may not be.
    'city/a--b',
    'city/A-b',
    // One name where only 32 characters fit.
    `city/${alike}-north`,
    `city/${alike}-south`,
  ];
  const apps = slugs.map((slug, index) => ({ slug, host: `app${index}.example.gov` }));
  const services = new Set<string>();

  /** Without a token for Travis CI, which takes only so many variables at a time. */
  async function add(slug: string, ...flags: string[]) {
    const { TRAVIS_TOKEN: _, TRAVIS_ENDPOINT: _endpoint, ...env } = world.machine.env;
    world.faults.clear();
    const dir = await world.clone(slug);
    const args = ['add-app', '--yes', '--json', '--dir', dir, ...QUICK, ...flags];
    const { exitCode, stdout, stderr } = await runElsewhere({ ...world.machine, env }, {}, ...args);
    expect({ slug, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({
      ...{ slug, exitCode: 0, stderr: '' },
    });
    return JSON.parse(stdout).outputs as Record<string, string>;
  }

  test.each(apps)('$slug becomes an app', async ({ slug, host }) => {
    const { AWS_ECS_SERVICE_NAME: service = '' } = await add(slug, '--host', host);
    // What ECS takes, and in the registry what Docker takes.
    expect(service).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
    expect(`digital-apps/${service}`).toMatch(
      /^(?=.{2,256}$)([a-z0-9]+([._-][a-z0-9]+)*\/)+[a-z0-9]+([._-][a-z0-9]+)*$/,
    );
    services.add(service);
  });

  test('none has a name of another’s', async () => {
    expect(services.size).toBe(slugs.length);
    expect(services).toContain('311');
    const { elb, ecr, iam } = world.aws;
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(TargetGroups).toHaveLength(slugs.length);
    for (const { TargetGroupName } of TargetGroups) {
      expect(TargetGroupName).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/);
    }
    const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
    expect(new Set(repositories.map(({ repositoryName }) => repositoryName))).toEqual(
      new Set([...services].map((service) => `digital-apps/${service}`)),
    );
    const { Users = [] } = await iam.send(new ListUsersCommand({}));
    for (const { UserName } of Users) expect(UserName).toMatch(/^[\w+=,.@-]{1,64}$/);
    // The cluster's user has room for two keys; from then on each app has its own.
    expect(Users).toHaveLength(1 + slugs.length - 2);
    const tags = await Promise.all(
      Users.map(({ UserName }) => iam.send(new ListUserTagsCommand({ UserName }))),
    );
    const keys = tags.flatMap(({ Tags = [] }) => Tags).filter(({ Key }) => /:key:/.test(Key!));
    expect(new Set(keys.map(({ Key }) => Key)).size).toBe(slugs.length);
  });

  test('each has its own host sent to it', async () => {
    const { elb } = world.aws;
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    const [balancer] = TargetGroups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns);
    expect(balancer).toBeDefined();
    const groups = await Promise.all(apps.map(async ({ host }) => targetOf(host, balancer!)));
    expect(new Set(groups)).toEqual(new Set(TargetGroups.map((group) => group.TargetGroupArn)));
  });

  test('is found again by it', async () => {
    await add(slugs[2]!);
    expect(world.changing()).toEqual([]);
    await add(slugs[4]!);
    expect(world.changing()).toEqual([]);
  });
});

async function targetOf(host: string, LoadBalancerArn: string): Promise<string | undefined> {
  const { elb } = world.aws;
  const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { ListenerArn } = Listeners!.find(({ Port }) => Port === 80)!;
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  const rule = Rules.find(({ Conditions = [] }) =>
    Conditions.some(({ HostHeaderConfig }) => HostHeaderConfig?.Values?.includes(host)),
  );
  return rule?.Actions?.[0]?.TargetGroupArn;
}

describe('one repository as two apps', () => {
  const STAGING = ['--set', 'service=zoo-staging'];
  let dir: string;

  beforeAll(async () => {
    dir = await world.clone('city/zoo');
  });

  test('stands side by side with itself', async () => {
    const first = await world.add(
      dir,
      ...QUICK,
      ...['--host', 'zoo.example.gov', '--set', 'branch=production'],
    );
    expect(first.exitCode).toBe(0);
    const files = await picture(dir);
    const second = await world.add(
      dir,
      ...[...QUICK, ...STAGING],
      ...['--host', 'zoo-staging.example.gov', '--set', 'branch=staging'],
    );
    expect(second.exitCode).toBe(0);
    const changed = Object.entries(await picture(dir)).filter(
      ([path, content]) => files[path] !== content,
    );
    expect(changed.map(([path]) => path)).toEqual(['.travis.yml']);
    const { deploy } = parse(await textOf(dir, '.travis.yml'));
    expect(deploy).toMatchObject([
      { script: 'node ./deploy/ecs-deploy.js', on: { branch: 'production' } },
      { script: 'node ./deploy/ecs-deploy.js', on: { branch: 'staging' } },
    ]);
  });

  test('has at Travis CI for the second’s branch what is the second’s alone', () => {
    const variables = world.travis.variables('city/zoo');
    const limited = variables.filter(({ branch }) => branch !== null);
    expect(new Set(limited.map(({ branch }) => branch))).toEqual(new Set(['staging']));
    expect(limited.map(({ name }) => name).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_EC2_TARGET_GROUP_ARN',
      'AWS_ECS_SERVICE_NAME',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    const all = new Map(variables.map(({ name, branch, value }) => [`${name} ${branch}`, value]));
    expect(all.get('AWS_ECS_SERVICE_NAME staging')).toBe('zoo-staging');
    expect(all.get('AWS_ECS_SERVICE_NAME null')).toBe('zoo');
    for (const { name } of limited) {
      expect(all.get(`${name} staging`)).not.toBe(all.get(`${name} null`));
    }
  });

  test.each([
    ['first', []],
    ['second', STAGING],
  ])(
    'changes nothing when the %s is added again, the branch known from before',
    async (_, flags) => {
      const files = await picture(dir);
      const { variables } = structuredClone(world.travis.repositories[0]!);
      world.travis.requests.length = 0;
      const again = await world.add(dir, ...QUICK, ...flags);
      expect(again.exitCode).toBe(0);
      expect(again.outcomes).toEqual({});
      expect(world.changing()).toEqual([]);
      expect(new Set(world.travis.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
      expect(world.travis.repositories[0]!.variables).toEqual(variables);
      expect(await picture(dir)).toEqual(files);
    },
  );
});
