import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { actionsOf, callsOf } from '../../scripts/calls.ts';
import { deployPolicy } from '../../scripts/policies.ts';
import { startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { newMachine } from '../support/program.ts';

test('the policies in docs/permissions.md allow every call of full runs and of the next', async () => {
  const emulator = await startEmulator();
  onTestFinished(emulator.stop);
  const proxy = await startFaults(emulator.endpoint);
  onTestFinished(proxy.stop);
  const machine = await newMachine(proxy.endpoint);
  onTestFinished(machine.remove);
  const callsOfTwoRuns = async (...args: string[]) => {
    proxy.calls.length = 0;
    for (let runs = 0; runs < 2; runs += 1) {
      const { exitCode, stderr } = await machine.run(...args);
      expect(exitCode, stderr).toBe(0);
    }
    return actionsIn(proxy.calls);
  };
  const [forCluster, forApp, , forDoctor, forStatus, forCleanup] = policies();

  const ofCluster = await callsOfTwoRuns('init-cluster', '--yes');
  expect(ofCluster.length).toBeGreaterThan(60);
  expect(ofCluster.filter((action) => !forCluster!.has(action))).toEqual([]);

  const dir = join(machine.home, 'parks');
  await mkdir(dir);
  const envFile = join(machine.home, 'production.env');
  await writeFile(envFile, 'COLOUR=green\n');
  const ofApp = await callsOfTwoRuns(
    ...['add-app', '--yes', '--repo', 'city/parks', '--dir', dir],
    ...['--host', 'parks.example.com', '--env-file', envFile, '--set', 'access-key=own-user'],
  );
  expect(ofApp.length).toBeGreaterThan(40);
  expect(ofApp.filter((action) => !forApp!.has(action))).toEqual([]);

  proxy.calls.length = 0;
  await machine.run('doctor', '--all', '--deep');
  const ofDoctor = actionsIn(proxy.calls);
  expect(ofDoctor.length).toBeGreaterThan(40);
  expect(ofDoctor.filter((action) => !forDoctor!.has(action))).toEqual([]);

  const ofStatus = await callsOfTwoRuns('status');
  expect(ofStatus.length).toBeGreaterThan(10);
  expect(ofStatus.filter((action) => !forStatus!.has(action))).toEqual([]);

  const deploys = { revisions: 3, images: 3 };
  await emulator.past({ family: 'parks', repository: 'digital-apps/parks', ...deploys });
  const ofCleanup = await callsOfTwoRuns('cleanup', '--all', '--yes', '--keep', '1');
  expect(ofCleanup).toEqual(expect.arrayContaining(['ecr:BatchDeleteImage', 'ecr:BatchGetImage']));
  expect(ofCleanup.filter((action) => !forCleanup!.has(action))).toEqual([]);
}, 120_000);

test('the deploy policy allows every call of a deploy', () => {
  const allowed = deployPolicy().Statement.flatMap(({ Action }) => Action);
  const isAllowed = (action: string) =>
    allowed.some(
      (each) => each === action || (each.endsWith('*') && action.startsWith(each.slice(0, -1))),
    );
  const { deploy } = callsOf(new URL('../../', import.meta.url));
  expect(deploy).toContain('ecs:UpdateService');
  expect(deploy.flatMap(actionsOf).filter((action) => !isAllowed(action))).toEqual([]);
});

function actionsIn(calls: Faults['calls']): string[] {
  // The request that looks whether the load balancer answers is no call to AWS.
  const signed = calls.filter(({ service }) => service !== 'unsigned');
  // CloudWatch is the one service that signs by another name than IAM knows it by.
  const names = signed.map(({ service, operation }) => `${service}:${operation}`);
  return [
    ...new Set(names.map((call) => call.replace(/^monitoring:/, 'cloudwatch:')).flatMap(actionsOf)),
  ];
}

/** The actions that each policy on the page allows. */
function policies(): Set<string>[] {
  const page = readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8');
  return [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => {
    const policy = JSON.parse(json!);
    return new Set(policy.Statement.flatMap(({ Action }: { Action: string[] }) => Action));
  });
}
