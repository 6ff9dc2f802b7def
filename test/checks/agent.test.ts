import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  DeregisterContainerInstanceCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  RegisterContainerInstanceCommand,
} from '@aws-sdk/client-ecs';
import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Aws } from '../../src/aws/clients.ts';
import { agentChecks } from '../../src/checks/agent.ts';
import { hostReports } from '../../src/checks/lookups/host-reports.ts';
import {
  commandOutput,
  containerInstance,
  hostOutput,
  IMPAIRED,
  instanceState,
  lifecycle,
  noManagedInstances,
  type RecordedHost,
} from '../support/recorded/hosts.ts';
import { type InstancesWorld, newInstancesWorld } from './instances-world.ts';

const cluster = 'digitalApps';
const ALWAYS = Number.POSITIVE_INFINITY;

let world: InstancesWorld;
let ids: string[];
beforeAll(async () => {
  world = await newInstancesWorld('--set', 'key-pair=new');
  ids = (await registrations()).map(({ ec2InstanceId }) => ec2InstanceId!);
});
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

async function registrations() {
  const { containerInstanceArns } = await world.aws.ecs.send(
    new ListContainerInstancesCommand({ cluster }),
  );
  const { containerInstances = [] } = await world.aws.ecs.send(
    new DescribeContainerInstancesCommand({ cluster, containerInstances: containerInstanceArns }),
  );
  return containerInstances;
}

async function look(id: string, options?: { deep: boolean }) {
  const finding = (
    await world.examine(
      agentChecks.filter((check) => check.id === id),
      options,
    )
  )[id]!;
  const worst = finding.verdicts.find(({ status }) => status === finding.status);
  return { ...worst!, all: finding.verdicts };
}

/** As ECS would tell of the first instance. */
function layOverAgent(changes: object) {
  world.faults.inject({
    ...{ operation: 'DescribeContainerInstances', times: ALWAYS },
    rewrite: containerInstance(changes, ids[0]),
  });
}

function layOverHost(host: RecordedHost) {
  world.faults.inject({
    ...{ operation: 'GetCommandInvocation', times: ALWAYS },
    rewrite: commandOutput(hostOutput(host)),
  });
}

/** As EC2 would tell of the first instance. */
function layOverState(state: string) {
  world.faults.inject({
    ...{ operation: 'ec2.DescribeInstances', times: ALWAYS },
    rewrite: instanceState(state, ids[0]!),
  });
}

/** As Auto Scaling would. */
function layOverLife(state: string) {
  world.faults.inject({
    ...{ operation: 'DescribeAutoScalingGroups', times: ALWAYS },
    rewrite: lifecycle(state, ids[0]!),
  });
}

/** As AWS itself is looked at: with no endpoint of an emulator's that the program knows of. */
async function lookAsAtAws(id: string) {
  const looking = world.looking();
  vi.stubEnv('AWS_ENDPOINT_URL', world.faults.endpoint);
  const aws = new Aws({ ...looking.aws.connection, endpoint: undefined });
  const check = agentChecks.find((each) => each.id === id)!;
  const verdicts = [await check.look({ ...looking, aws })].flat();
  vi.unstubAllEnvs();
  return verdicts;
}

async function amiss(): Promise<string[]> {
  const findings = Object.values(await world.examine(agentChecks));
  return findings.filter(({ status }) => !/pass|skip/.test(status)).map(({ check }) => check.id);
}

function operations(): string[] {
  return world.faults.calls.map(({ operation }) => operation).sort();
}

function entry(msg: string, error: string, level = 'error'): string {
  return `level=${level} time=${new Date().toISOString()} msg=${JSON.stringify(msg)} error=${JSON.stringify(error)}`;
}

const START = `level=info time=${new Date().toISOString()} msg="Starting Amazon ECS Agent" version="1.100.0"`;

describe('of a healthy cluster', () => {
  test('there is no finding, and no instance is asked', async () => {
    const findings = await world.examine(agentChecks);
    const statuses = Object.values(findings).map(({ check, status }) => [check.id, status]);
    expect(statuses).toEqual([
      ['agent.registered', 'pass'],
      ['agent.connected', 'pass'],
      ['agent.health', 'skip'],
      ['agent.orphans', 'pass'],
      ['agent.version', 'pass'],
      ['agent.log', 'skip'],
      ['host.disk', 'skip'],
      ['host.memory', 'skip'],
      ['host.docker', 'skip'],
      ['host.agent', 'skip'],
    ]);
    expect(operations()).toEqual([
      'DescribeAutoScalingGroups',
      'DescribeContainerInstances',
      'DescribeInstances',
      'GetParameters',
      'ListContainerInstances',
    ]);
  });

  test('all instances are asked with --deep, in one command for all that is to be known', async () => {
    layOverHost({
      log: `${START}\n${entry('Error lost websocket connection', 'websocket: close 1000 (normal): ConnectionExpired')}`,
    });
    const findings = await world.examine(agentChecks, { deep: true });
    for (const id of ['agent.log', 'host.disk', 'host.memory', 'host.docker', 'host.agent']) {
      expect(findings[id]?.verdicts.map(({ status, subject }) => [status, subject])).toEqual(
        expect.arrayContaining(ids.map((each) => ['pass', each])),
      );
    }
    expect(operations().filter((each) => each === 'SendCommand')).toHaveLength(1);
    const sent = world.faults.calls.find(({ operation }) => operation === 'SendCommand');
    expect(JSON.parse(sent!.body)).toMatchObject({
      DocumentName: 'AWS-RunShellScript',
      TimeoutSeconds: 30,
    });
  });

  test('the script that reads is counted as a look, and no other is', async () => {
    const looking = world.looking({ deep: true });
    const { journal } = looking.aws.connection;
    expect((await hostReports(looking)).hosts).toHaveLength(ids.length);
    expect(operations()).toContain('SendCommand');
    expect(journal).toMatchObject({ total: world.faults.calls.length, changing: 0 });
    await looking.aws.ssm.send(
      new SendCommandCommand({
        ...{ DocumentName: 'AWS-RunShellScript', InstanceIds: ids },
        Parameters: { commands: ['systemctl restart ecs'] },
      }),
    );
    expect(journal.changing).toBe(1);
  });

  test('who watches has an instance asked once in five minutes, until something else ails it', async () => {
    const looking = world.looking({ deep: false });
    const { reads } = looking.aws;
    const again = async () => {
      reads.forget();
      reads.remember();
      const { hosts } = await hostReports(looking);
      return hosts.map(({ member, report }) => [member.id, report !== undefined]);
    };
    const sent = () => operations().filter((each) => each === 'SendCommand').length;
    expect(await again()).toEqual([]);
    layOverAgent({ agentConnected: false });
    layOverHost({ log: START });
    expect(await again()).toEqual([[ids[0], true]]);
    expect(await again()).toEqual([[ids[0], true]]);
    expect(sent()).toBe(1);
    reads.forgetAll();
    expect(await again()).toEqual([[ids[0], true]]);
    expect(sent()).toBe(2);
  });

  test('what agents complained of before they connected is over, but not what hosts suffer from', async () => {
    const [noCredentials, full] = [
      entry(
        'Unable to register as a container instance with ECS',
        'NoCredentialProviders: no valid providers in chain',
      ),
      entry('Error saving state', 'write /data/agent.db: no space left on device'),
    ];
    layOverHost({ log: `${START}\n${noCredentials}` });
    expect((await look('agent.log', { deep: true })).status).toBe('pass');
    world.faults.clear();
    layOverHost({ log: `${START}\n${full}` });
    expect(await look('agent.log', { deep: true })).toMatchObject({
      status: 'warn',
      evidence: expect.stringMatching(
        /^The instance’s disk is full\. Its log says \(host\.disk-full, .+ UTC\): “/,
      ),
    });
  });
});

describe('an agent that has lost its connection', () => {
  test('is named, and its log is read, with what is deepest in it', async () => {
    layOverAgent({ agentConnected: false });
    layOverHost({
      log: [
        START,
        entry(
          'Error connecting to ACS',
          'SECRET_KEY=hunter2: Post "https://ecs.us-east-2.amazonaws.com/": dial tcp 52.95.18.1:443: i/o timeout',
        ),
        entry('Agent will terminally exit, unable to register container instance', ''),
      ].join('\n'),
    });
    expect(await look('agent.connected')).toMatchObject({
      status: 'fail',
      evidence: `1 of 2 agents not connected: ${ids[0]}.`,
      // What runs on it goes on running: Docker is left alone.
      fix: `aws ssm send-command --instance-ids ${ids[0]} --region us-east-2 --document-name AWS-RunShellScript --parameters 'commands=["systemctl restart ecs"]'`,
    });
    const found = await look('agent.log');
    expect(found).toMatchObject({
      ...{ status: 'fail', subject: ids[0] },
      evidence: expect.stringMatching(/^The instance does not reach ECS: .*network\.no-way-out/),
      fix: expect.stringContaining('digital-apps init-cluster'),
    });
    expect(found.evidence).not.toContain('hunter2');
    expect(found.all).toHaveLength(1);
  });

  test('advises a line that can be run as it stands', async () => {
    layOverAgent({ agentConnected: false });
    layOverHost({
      log: `${START}\n${entry('Docker SDK client unable to ping Docker daemon', 'x')}`,
      docker: 'failed',
    });
    const { fix } = await look('agent.log');
    expect(fix).toBe(
      `aws ssm send-command --region us-east-2 --instance-ids ${ids[0]} --document-name AWS-RunShellScript --parameters '{"commands":["systemctl restart docker","systemctl restart ecs"]}'`,
    );
  });

  test('advises it for the VPC, too, that the instance is in', async () => {
    layOverAgent({ agentConnected: false });
    const dns = 'dial tcp: lookup ecs.us-east-2.amazonaws.com on 10.20.0.2:53: no such host';
    layOverHost({ log: `${START}\n${entry('Error connecting to ACS', dns)}` });
    expect((await look('agent.log')).fix).toMatch(
      /^aws ec2 modify-vpc-attribute --region us-east-2 --vpc-id vpc-\w+ --enable-dns-support, /,
    );
  });

  test('has what ecs-init wrote read where the agent does not run at all', async () => {
    layOverAgent({ agentConnected: false });
    const init =
      '2026-11-23T09:00:00Z [ERROR] could not download Amazon Elastic Container Service Agent: timeout';
    layOverHost({ init });
    expect(await look('agent.log')).toMatchObject({
      status: 'warn',
      evidence: expect.stringContaining('no trouble that is known'),
    });
    world.faults.clear();
    layOverAgent({ agentConnected: false });
    layOverHost({ init, ecs: 'failed' });
    expect(await look('agent.log')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('network.init-download'),
    });
    expect(await look('host.agent')).toMatchObject({ status: 'fail', evidence: 'ecs is failed.' });
  });

  test('may say itself that it is in another cluster', async () => {
    layOverAgent({ agentConnected: false });
    layOverHost({ log: START, cluster: 'default' });
    expect(await look('agent.log')).toMatchObject({
      status: 'fail',
      evidence: 'Its agent has joined the cluster default, not digitalApps.',
    });
  });

  test.each([
    [{ disk: 100 }, 'host.disk', 'fail', '/ is 100 % full.'],
    [{ inodes: 88 }, 'host.disk', 'warn', '/ is 88 % full.'],
    [{ available: 41 }, 'host.memory', 'warn', '41 of 1908 MiB available.'],
    [{ available: 36 }, 'host.memory', 'fail', '36 of 1908 MiB available.'],
    [{ docker: 'failed', ecs: 'inactive' }, 'host.docker', 'fail', 'docker is failed.'],
  ] as const)('tells how its host is: %o', async (host, id, status, evidence) => {
    layOverAgent({ agentConnected: false });
    layOverHost(host);
    expect(await look(id)).toMatchObject({ status, evidence, subject: ids[0] });
  });

  test('is asked again until its answer is there', async () => {
    layOverAgent({ agentConnected: false });
    world.faults.inject({
      operation: 'GetCommandInvocation',
      rewrite: (body) => JSON.stringify({ ...JSON.parse(body), Status: 'InProgress' }),
    });
    world.faults.inject({
      operation: 'GetCommandInvocation',
      skip: 1,
      code: 'InvocationDoesNotExist',
    });
    world.faults.inject({
      ...{ operation: 'GetCommandInvocation', skip: 2 },
      rewrite: commandOutput(hostOutput({ disk: 97 })),
    });
    expect((await look('host.disk')).status).toBe('fail');
  });
});

describe('an instance that Systems Manager does not reach', () => {
  function unreachable() {
    layOverAgent({ agentConnected: false });
    world.faults.inject({
      ...{ operation: 'DescribeInstanceInformation', times: ALWAYS },
      rewrite: noManagedInstances,
    });
  }

  function layOverConsole(text: string) {
    world.faults.inject({
      operation: 'GetConsoleOutput',
      rewrite: (body) =>
        body.replace(
          /<output>.*<\/output>/s,
          `<output>${Buffer.from(text).toString('base64')}</output>`,
        ),
    });
  }

  test('is read by its console', async () => {
    unreachable();
    layOverConsole(
      '[   22.36] cloud-init[2205]: Cloud-init v. 22.2.2 finished at Mon, 23 Nov 2026 09:49:00 +0000. Datasource DataSourceNone.  Up 22.36 seconds',
    );
    expect(await look('agent.log')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('The user data never ran'),
      fix: expect.stringContaining(
        `--region us-east-2 --instance-id ${ids[0]} --no-should-decrement`,
      ),
    });
    expect(operations()).not.toContain('SendCommand');
  });

  test('is left to ssh, with the right key and address, where the console says nothing', async () => {
    unreachable();
    const { Reservations } = await world.aws.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [ids[0]!] }),
    );
    const address = Reservations?.[0]?.Instances?.[0]?.PublicIpAddress;
    expect(await look('agent.log')).toMatchObject({
      status: 'warn',
      fix: expect.stringMatching(
        new RegExp(`^ssh -i /.+/\\.ssh/digitalApps\\.pem ec2-user@${address} sudo tail`),
      ),
    });
    expect((await look('host.disk')).evidence).toContain('could not be asked');
  });

  test('or who may not use it, is told so', async () => {
    layOverAgent({ agentConnected: false });
    world.faults.inject({
      ...{ operation: 'SendCommand', code: 'AccessDeniedException', times: ALWAYS },
      message:
        'User: arn:aws:iam::123456789012:user/x is not authorized to perform: ssm:SendCommand because no identity-based policy allows the ssm:SendCommand action',
    });
    expect(await look('agent.log')).toMatchObject({
      status: 'warn',
      evidence: expect.stringContaining('You may not call ssm:SendCommand'),
    });
  });
});

test('an impaired instance is named with what is impaired, and asked', async () => {
  layOverAgent(IMPAIRED);
  layOverHost({
    log: `${START}\n${entry('[DockerRuntimeHealthcheck] Docker Ping failed', 'timeout')}`,
  });
  expect(await look('agent.health')).toMatchObject({
    status: 'fail',
    evidence: `Impaired (container runtime): ${ids[0]}.`,
  });
  expect((await look('agent.log')).all.map(({ subject }) => subject)).toEqual([ids[0]]);
});

test('an agent that is far behind AWS’s image is named', async () => {
  layOverAgent({ versionInfo: { agentVersion: '1.71.1' } });
  expect(await look('agent.version')).toMatchObject({
    status: 'warn',
    evidence: `AWS’s image has agent 1.102.0; ${ids[0]} has 1.71.1.`,
  });
});

test('what is registered and gone from EC2, or registered twice, is named', async () => {
  layOverAgent({ ec2InstanceId: 'i-0a1b2c3d4e5f60718', agentConnected: false });
  expect(await look('agent.orphans')).toMatchObject({
    status: 'warn',
    evidence: '1 registered instance no longer in EC2: i-0a1b2c3d4e5f60718.',
    fix: expect.stringMatching(
      /deregister-container-instance --force --cluster digitalApps --container-instance [\w-]+ /,
    ),
  });
  world.faults.clear();
  layOverAgent({ ec2InstanceId: ids[1], agentConnected: false });
  expect(await look('agent.orphans')).toMatchObject({
    status: 'warn',
    evidence: `Registered twice, of which one is stale: ${ids[1]}.`,
  });
});

test('agents that are about to connect again have not lost their connection', async () => {
  const described = () =>
    world.faults.calls.filter(({ operation }) => operation === 'DescribeContainerInstances').length;
  const before = described();
  world.faults.inject({
    ...{ operation: 'DescribeContainerInstances', times: 1 },
    rewrite: (body) => body.replaceAll(/"agentConnected": ?true/g, '"agentConnected": false'),
  });
  const findings = await world.examine(agentChecks);
  const amiss = Object.values(findings).filter(({ status }) => !/pass|skip/.test(status));
  expect(amiss.map(({ check }) => check.id)).toEqual([]);
  // Once more for all checks together, although the very same was asked before.
  expect(described() - before).toBe(2);
});

test('what is registered and gone, or stale, is no agent that has lost its connection', async () => {
  layOverAgent({ ec2InstanceId: 'i-0a1b2c3d4e5f60718', agentConnected: false });
  expect(await look('agent.connected')).toMatchObject({
    status: 'pass',
    evidence: 'The agent is connected.',
  });
  world.faults.clear();
  layOverAgent({ ec2InstanceId: ids[1], agentConnected: false });
  expect((await look('agent.connected')).status).toBe('pass');
  // Its log has nothing to tell, as its other registration is well.
  expect((await look('agent.log')).all.map(({ subject }) => subject)).toEqual([ids[0]]);
});

test('an agent on an instance that is on its way out is not lost, nor is its registration stale', async () => {
  layOverAgent({ agentConnected: false });
  layOverState('shutting-down');
  layOverLife('Terminating');
  expect(await amiss()).toEqual([]);
  world.faults.clear();
  // It drains: Auto Scaling waits until its tasks run elsewhere.
  layOverAgent({ agentConnected: false, status: 'DRAINING' });
  layOverLife('Terminating:Wait');
  expect((await look('agent.connected')).evidence).toBe('The agent is connected.');
  expect((await look('agent.orphans')).status).toBe('pass');
});

test('an agent on an instance that is stopped is told apart', async () => {
  layOverAgent({ agentConnected: false });
  layOverState('stopped');
  expect(await look('agent.connected')).toMatchObject({
    status: 'fail',
    evidence: `${ids[0]} is stopped: no agent runs there.`,
    fix: `aws ec2 start-instances --instance-ids ${ids[0]} --region us-east-2`,
    subjects: [ids[0]],
  });
});

test.each(['Pending', 'Pending:Wait', 'Terminating:Wait', 'EnteringStandby', 'Standby'])(
  'an instance that is %s is not asked for its log',
  async (state) => {
    layOverAgent({ agentConnected: false });
    layOverLife(state);
    expect((await look('agent.log')).status).toBe('skip');
    expect(operations()).not.toContain('SendCommand');
  },
);

describe('an instance that is not registered', () => {
  beforeAll(async () => {
    const [{ containerInstanceArn } = {}] = (await registrations()).filter(
      ({ ec2InstanceId }) => ec2InstanceId === ids[0],
    );
    await world.aws.ecs.send(
      new DeregisterContainerInstanceCommand({
        cluster,
        containerInstance: containerInstanceArn,
        force: true,
      }),
    );
  });

  test('is named, and so is why by its log', async () => {
    expect(await look('agent.registered')).toMatchObject({
      status: 'fail',
      evidence: `1 of 2 instances not registered in digitalApps: ${ids[0]}.`,
    });
    layOverHost({
      ecs: 'failed',
      log: `${START}\n${entry('Unable to register as a container instance with ECS', 'AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/digitalAppsInstanceRole/i-0abc is not authorized to perform: ecs:RegisterContainerInstance on resource: *')}`,
    });
    expect(await look('agent.log')).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('The instance role may not register instances'),
    });
  });

  test('need not be any more where it is shutting down', async () => {
    layOverState('shutting-down');
    expect(await look('agent.registered')).toMatchObject({
      status: 'pass',
      evidence: 'All 1 are.',
    });
  });

  test('may have been started a moment ago, where instances need time to boot', async () => {
    const [verdict] = await lookAsAtAws('agent.registered');
    expect(verdict).toMatchObject({
      status: 'warn',
      evidence: `Started a moment ago and not registered yet, which takes 2 to 4 minutes: ${ids[0]}.`,
    });
  });

  test('need not say why as long as it may still be booting', async () => {
    expect(await lookAsAtAws('agent.log')).toMatchObject([{ status: 'skip' }]);
    expect(operations()).not.toContain('SendCommand');
    // Older than that, it has to.
    world.faults.inject({
      ...{ operation: 'ec2.DescribeInstances', times: ALWAYS },
      rewrite: (body) => body.replace(/(?<=<launchTime>)[^<]+/g, '2026-01-01T00:00:00.000Z'),
    });
    expect(await lookAsAtAws('agent.log')).toMatchObject([{ status: 'warn', subject: ids[0] }]);
  });

  test('is looked for in the other clusters of the Region', async () => {
    await world.aws.ecs.send(new CreateClusterCommand({ clusterName: 'default' }));
    await world.aws.ecs.send(new CreateClusterCommand({ clusterName: 'empty' }));
    await world.aws.ecs.send(
      new RegisterContainerInstanceCommand({
        cluster: 'default',
        instanceIdentityDocument: JSON.stringify({ instanceId: ids[0] }),
      }),
    );
    const found = await look('agent.registered');
    expect(found.all).toEqual([
      {
        status: 'fail',
        evidence: `Registered in the cluster default instead of digitalApps: ${ids[0]}.`,
        fix: 'digital-apps init-cluster --region us-east-2 --replace-instances',
        subjects: [ids[0]],
      },
    ]);
  });
});
