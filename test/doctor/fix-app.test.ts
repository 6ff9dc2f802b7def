import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  type Action,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runElsewhere } from '../app/elsewhere.ts';
import { found } from '../app/found.ts';
import { withOutcomes } from '../app/world.ts';
import { type Clinic, newClinic } from './clinic.ts';
import { HOST } from './names.ts';
import { documentOf, hasWayOut, loseTheWayOut } from './world.ts';

const ALARM = 'digital-apps/parks/healthy-hosts';
const TOPIC = 'arn:aws:sns:us-east-2:123456789012:digital-apps-parks-alarms';

let clinic: Clinic;
/** The repository of an app that is added beside it, and never deployed. */
let roads: string;

beforeAll(async () => {
  clinic = await newClinic();
  await clinic.aws.cloudWatch.send(
    new DeleteAlarmsCommand({ AlarmNames: ['parks-healthy-hosts'] }),
  );
  roads = await clinic.clone('city/roads');
  const { exitCode, stderr } = await clinic.add(roads, '--host', 'roads.springfield.gov');
  expect(exitCode, stderr).toBe(0);
}, 120_000);
afterAll(() => clinic?.stop());
beforeEach(() => clinic.faults.clear());

const doctor = (...args: string[]) =>
  clinic.machine.run('doctor', ...args, '--json', '--skip', 'machine');
const fix = (...args: string[]) => doctor(...args, '--fix', '--yes');

async function finding(id: string, ...args: string[]) {
  const { checks } = documentOf(await doctor('parks', '--only', id, ...args));
  const [{ status, evidence, fix: remedy } = { status: 'none' }] = checks;
  return { status, evidence, fix: remedy };
}

async function alarm() {
  const { MetricAlarms = [] } = await clinic.aws.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [ALARM] }),
  );
  return MetricAlarms[0];
}

const groupArn = async () => (await found.targetGroups(clinic.aws, 'parks'))[0]!.TargetGroupArn!;

async function setDelay(Value: string) {
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value }];
  const TargetGroupArn = await groupArn();
  await clinic.aws.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
}

async function delay() {
  const TargetGroupArn = await groupArn();
  const { Attributes = [] } = await clinic.aws.elb.send(
    new DescribeTargetGroupAttributesCommand({ TargetGroupArn }),
  );
  return Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
}

async function loseRule() {
  const [rule] = await found.rules(clinic.aws, 'parks', 80);
  await clinic.aws.elb.send(new DeleteRuleCommand({ RuleArn: rule!.RuleArn }));
}

describe('an app that has lost something', () => {
  test('is told how it is mended', async () => {
    expect(await finding('app.alarm')).toEqual({
      status: 'warn',
      evidence: 'No alarm watches its HealthyHostCount.',
      fix: 'digital-apps doctor parks --region us-east-2 --fix',
    });
  });

  test('gets back what it has in AWS, by --fix, and nothing else is touched', async () => {
    await loseRule();
    await setDelay('300');
    clinic.faults.calls.length = 0;
    const mended = await fix('parks');
    expect(clinic.changing().sort()).toEqual([
      ...['CreateRule', 'ModifyTargetGroupAttributes', 'PutMetricAlarm'],
    ]);
    expect(mended.stderr).toMatch(/create {2}HTTP rule/);
    expect(mended.stderr).toMatch(/create {2}Alarm /);
    expect(await found.rules(clinic.aws, 'parks', 80)).toMatchObject([
      { Actions: [{ Type: 'forward', TargetGroupArn: await groupArn() }] },
    ]);
    expect(await delay()).toBe('30');
    expect(await alarm()).toMatchObject({ Threshold: 1, TreatMissingData: 'breaching' });
    // One document, of the look after.
    const { checks } = documentOf(mended);
    const wrong = checks.filter(({ status }) => /warn|fail/.test(status));
    expect(wrong.map(({ id, evidence }) => `${id} ${evidence}`)).toEqual([]);
    expect(mended.exitCode).toBe(0);
    expect(mended.stderr).not.toMatch(/AWS_ECS_CLUSTER=|\.travis\.yml|AWS_ACCESS_KEY_ID/);
  });

  test('that is well again is left as it is', async () => {
    clinic.faults.calls.length = 0;
    const { stderr, exitCode } = await fix('parks');
    expect(stderr).not.toContain('can be mended');
    expect(exitCode).toBe(0);
    expect(clinic.changing()).toEqual([]);
  });

  test('asks first, where somebody can be asked', async () => {
    await loseRule();
    const unattended = await doctor('parks', '--fix');
    expect(unattended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await found.rules(clinic.aws, 'parks', 80)).toEqual([]);
  });

  test('is mended with --all, after its cluster', async () => {
    await loseTheWayOut(clinic);
    clinic.faults.calls.length = 0;
    await fix('--all', '--only', 'network,traffic');
    expect(clinic.changing()).toEqual(['CreateRoute', 'CreateRule']);
    expect(await hasWayOut(clinic)).toBe(true);
    expect(await found.rules(clinic.aws, 'parks', 80)).toHaveLength(1);
  });

  test('gets back its files, too, where --fix is run in its repository', async () => {
    const file = join(roads, 'deploy/Dockerfile');
    await rm(file);
    const flags = ['--fix', '--yes', '--only', 'delivery.files'];
    const ran = await runElsewhere(clinic.machine, { cwd: roads }, 'doctor', 'roads', ...flags);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect((await stat(file)).isFile()).toBe(true);
  });
});

describe('mail of alarms', () => {
  const add = async (...flags: string[]) => {
    clinic.faults.calls.length = 0;
    const dir = await clinic.clone('city/parks');
    const host = ['--host', HOST, '--set', 'access-key=new'];
    const ran = await clinic.machine.run(
      'add-app',
      '--yes',
      '--json',
      '--dir',
      dir,
      ...host,
      ...flags,
    );
    const { outcomes, json, exitCode, stderr } = withOutcomes(ran);
    expect(exitCode, stderr).toBe(0);
    const own = json.resources.filter(({ section }) => section === 'CloudWatch > Alarm');
    const inShort = Object.fromEntries(own.map(({ name, action }) => [name, action]));
    return { outcomes, own: inShort, notes: json.notes.join('\n') };
  };

  test('is asked for once: later runs keep it, and what else is watched', async () => {
    expect(await finding('app.alarm-mail')).toMatchObject({ status: 'skip' });
    const asked = ['--set', 'alarm-email=ops@example.gov', '--set', 'monitoring=errors,dashboard'];
    const first = await add(...asked);
    expect(first.own).toEqual({
      ...{ 'Alarm topic': 'create', Alarm: 'change' },
      ...{ 'Alarm for errors': 'create', Dashboard: 'create' },
    });
    expect(first.notes).toContain('AWS has sent a mail to ops@example.gov');
    expect((await alarm())?.AlarmActions).toEqual([TOPIC]);
    const second = await add();
    expect(second.own).toEqual({
      ...{ 'Alarm topic': 'keep', Alarm: 'keep' },
      ...{ 'Alarm for errors': 'keep', Dashboard: 'keep' },
    });
    const changing = clinic.faults.calls.filter(
      ({ changing, service }) => changing && /^(monitoring|sns)$/.test(service),
    );
    expect(changing).toEqual([]);
  });

  test('is heard by nobody until they have agreed', async () => {
    expect(await finding('app.alarm-mail')).toEqual({
      status: 'warn',
      evidence:
        'ops@example.gov has not said yet that they want the mail of digital-apps-parks-alarms.',
      fix: 'Follow the link in the mail that AWS has sent there',
    });
    const confirmed = `${TOPIC}:0a1b2c3d`;
    clinic.faults.inject({
      ...{ operation: 'sns.ListSubscriptions', times: 9 },
      rewrite: (body) => body.replaceAll('PendingConfirmation', confirmed),
    });
    expect(await finding('app.alarm-mail')).toMatchObject({ status: 'pass' });
  });

  test('is heard by nobody where AWS has taken the question back', async () => {
    clinic.faults.inject({
      ...{ operation: 'sns.ListSubscriptions', times: 9 },
      rewrite: (body) => body.replace(/<member>.*<\/member>/s, ''),
    });
    expect(await finding('app.alarm-mail')).toEqual({
      status: 'warn',
      evidence: 'Nobody hears what digital-apps-parks-alarms tells.',
      fix: expect.stringContaining('--set alarm-email=ADDRESS'),
    });
  });
});

test('without its target group nobody knows what was answered, so that add-app must be told', async () => {
  const TargetGroupArn = await groupArn();
  const [http] = await found.rules(clinic.aws, 'parks', 80);
  const [https] = await found.rules(clinic.aws, 'parks', 443);
  await clinic.aws.elb.send(new DeleteRuleCommand({ RuleArn: https!.RuleArn }));
  const Actions: Action[] = [
    { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } },
  ];
  await clinic.aws.elb.send(new ModifyRuleCommand({ RuleArn: http!.RuleArn, Actions }));
  await clinic.aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
  clinic.faults.calls.length = 0;
  const { stderr, exitCode } = await fix('parks');
  expect(stderr).toContain('The target group of parks is gone, and with it what was answered.');
  expect(stderr).toContain('digital-apps add-app --set service=parks');
  expect(exitCode).toBe(2);
  expect(clinic.changing()).toEqual([]);
});
