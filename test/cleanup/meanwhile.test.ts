import { BatchGetImageCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { keys } from '../support/keys.ts';
import { newMachine } from '../support/program.ts';
import { lay } from '../support/recorded/lay.ts';
import { openTerminal } from '../support/terminal.ts';
import { type CleanupWorld, newCleanupWorld } from './world.ts';

let world: CleanupWorld;

beforeAll(async () => {
  world = await newCleanupWorld();
}, 60_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** So many such calls have arrived. */
async function called(operation: string, times: number): Promise<void> {
  const count = () => world.faults.calls.filter((call) => call.operation === operation).length;
  for (let waited = 0; waited < 30_000; waited += 10) {
    if (count() >= times) return;
    await new Promise((soon) => setTimeout(soon, 10));
  }
  throw new Error(`there were ${count()} calls of ${operation}`);
}

test('what comes into use between the plan and the agreement stays', async () => {
  await world.deployed('harbor', { revisions: 30 });
  const { env, home } = world.machine;
  const terminal = openTerminal(['cleanup', 'harbor'], { env, cwd: home, columns: 120 });
  await terminal.shows('are kept of each app? (10)');
  terminal.press(keys.enter);
  await terminal.shows('Do this in account');
  // Somebody goes back to a revision, and pushes again what was pushed long ago.
  await world.redeploy('harbor', 7);
  const repository = { repositoryName: 'digital-apps/harbor' };
  const imageIds = [{ imageTag: '3-abc' }];
  const { images } = await world.aws.ecr.send(
    new BatchGetImageCommand({ ...repository, imageIds }),
  );
  const { imageManifest, imageManifestMediaType, imageId } = images![0]!;
  const { imageDigest } = imageId!;
  const manifest = { imageManifest, imageManifestMediaType, imageDigest };
  await world.aws.ecr.send(new PutImageCommand({ ...repository, ...manifest, imageTag: '31-def' }));
  terminal.press('y', keys.enter);
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toContain(
    'task definition harbor:7 stays after all: in use by the service harbor',
  );
  expect(terminal.text()).toContain(
    'task definition harbor:6 stays after all: to go back to from 7',
  );
  expect(terminal.text()).toContain('image 3-abc stays after all: now 31-def');
  expect(await world.active('harbor')).toEqual([6, 7, ...upTo(21, 30)]);
  const { tags, manifests } = await world.images('harbor');
  expect(tags).toEqual(expect.arrayContaining(['3-abc', '31-def', '6-abc', '7-abc', '30-abc']));
  expect(tags).toHaveLength(14);
  // Its parts are still there, too.
  expect(manifests).toBe(3 * 13);
});

test('what comes into use while it works stays', async () => {
  await world.deployed('museum', { revisions: 50 });
  world.faults.inject({ operation: 'DeregisterTaskDefinition', skip: 5, latency: 3000 });
  const cleaning = world.cleanup('museum', '--yes', '--json');
  await called('DeregisterTaskDefinition', 6);
  await world.redeploy('museum', 35);
  const { document, exitCode } = await cleaning;
  expect(exitCode).toBe(0);
  expect(document.apps[0]!.spared).toContainEqual({
    what: 'task definition museum:35',
    why: 'in use by the service museum',
  });
  expect(await world.active('museum')).toEqual([34, 35, ...upTo(41, 50)]);
});

test('what is registered while it works, and not in service yet, keeps its image', async () => {
  await world.deployed('gallery', { revisions: 250 });
  const register = (family: string, tag: string) => {
    const image = `123456789012.dkr.ecr.us-east-2.amazonaws.com/digital-apps/gallery:${tag}`;
    const containerDefinitions = [{ name: 'app', image, memory: 16 }];
    return world.aws.ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
  };
  await register('gallery-nightly', '250-abc');
  world.faults.inject({ operation: 'BatchDeleteImage', latency: 3000 });
  const cleaning = world.cleanup('gallery', '--yes', '--json');
  await called('BatchDeleteImage', 1);
  // Two deploys of what was pushed long ago, which wait for another's end, and a task of the night.
  await register('gallery', '230-abc');
  await register('gallery', '231-abc');
  await register('gallery-nightly', '232-abc');
  const { document, exitCode } = await cleaning;
  expect(exitCode).toBe(0);
  expect(document.apps[0]!.spared).toEqual(
    [
      ['230-abc', 'gallery:251'],
      ['231-abc', 'gallery:252'],
      ['232-abc', 'gallery-nightly:2'],
    ].map(([tag, who]) => ({ what: `image ${tag}`, why: `named by ${who}` })),
  );
  const { tags, manifests } = await world.images('gallery');
  expect(tags).toEqual(expect.arrayContaining(['230-abc', '231-abc', '232-abc']));
  expect(manifests).toBe(3 * 13);
});

test('what a service is taken away from while it works can still be gone back to', async () => {
  await world.deployed('cinema', { revisions: 40 });
  const arnOf = (revision: number) =>
    `arn:aws:ecs:us-east-2:123456789012:service-revision/digitalApps/cinema/${revision}`;
  let ran = [40];
  world.faults.inject({
    ...{ operation: 'ListServiceDeployments', times: Number.POSITIVE_INFINITY },
    answer: () => ({
      serviceDeployments: ran.map((revision, index) => ({
        ...{ status: 'SUCCESSFUL', createdAt: 1_795_000_000 + index },
        targetServiceRevisionArn: arnOf(revision),
      })),
    }),
  });
  world.faults.inject({
    ...{ operation: 'DescribeServiceRevisions', times: Number.POSITIVE_INFINITY },
    answer: (body) => ({
      serviceRevisions: [25, 40]
        .filter((revision) => body.includes(`"${arnOf(revision)}"`))
        .map((revision) => ({
          serviceRevisionArn: arnOf(revision),
          taskDefinition: `arn:aws:ecs:us-east-2:123456789012:task-definition/cinema:${revision}`,
        })),
    }),
  });
  // Each deployment has come through by the next look.
  const come = ({ deployments, ...service }: { deployments: object[] }) => ({
    ...service,
    deployments: [{ ...deployments[0], rolloutState: 'COMPLETED' }],
  });
  lay<{ services: Parameters<typeof come>[0][] }>(world.faults, 'DescribeServices', (answer) => ({
    services: answer.services.map(come),
  }));
  world.faults.inject({ operation: 'DeregisterTaskDefinition', skip: 5, latency: 3000 });
  const cleaning = world.cleanup('cinema', '--yes', '--json');
  await called('DeregisterTaskDefinition', 6);
  // To an old one, and back.
  await world.redeploy('cinema', 25);
  await world.redeploy('cinema', 40);
  ran = [40, 25, 40];
  const { document, exitCode } = await cleaning;
  expect(exitCode).toBe(0);
  expect(document.apps[0]!.spared).toContainEqual({
    what: 'task definition cinema:25',
    why: 'to roll the service cinema back to',
  });
  expect(await world.active('cinema')).toEqual([24, 25, ...upTo(31, 40)]);
});

test('after a crash the same command carries on', async () => {
  await world.deployed('library', { revisions: 45 });
  world.faults.calls.length = 0;
  const running = world.machine.start('cleanup', 'library', '--yes');
  await called('DeregisterTaskDefinition', 12);
  running.kill('SIGKILL');
  await running.ended;
  expect((await world.active('library')).length).toBeGreaterThan(20);
  const { stdout, exitCode } = await world.cleanup('library', '--yes');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\nDone: \d+ task definitions deregistered/);
  expect(await world.active('library')).toEqual(upTo(36, 45));
  expect((await world.images('library')).manifests).toBe(30);
});

test('Ctrl-C stops it in order', async () => {
  await world.deployed('theatre', { revisions: 45 });
  world.faults.calls.length = 0;
  const running = world.machine.start('cleanup', 'theatre', '--yes');
  await called('DeregisterTaskDefinition', 12);
  running.kill('SIGINT');
  const { exitCode, stdout } = await running.ended;
  expect(exitCode).toBe(130);
  expect(stdout).toContain('Stopping after what is under way.');
  const [, told] = /\nStopped: (\d+) task definitions deregistered/.exec(stdout)!;
  expect(stdout).toContain('the same command carries on from here');
  expect(await world.active('theatre')).toHaveLength(45 - Number(told));
});

test('who asks for too much at a time is told so by AWS, and waits', async () => {
  await world.deployed('arena', { revisions: 20 });
  for (const operation of [
    ...['DeregisterTaskDefinition', 'ListTaskDefinitions', 'DescribeServices'],
    ...['BatchDeleteImage', 'DescribeImages'],
  ]) {
    const throttled = { code: 'ThrottlingException', message: 'Rate exceeded' };
    world.faults.inject({ operation, times: 2, ...throttled });
  }
  expect((await world.cleanup('arena', '--yes')).exitCode).toBe(0);
  expect(await world.active('arena')).toEqual(upTo(11, 20));
  expect((await world.images('arena')).manifests).toBe(30);
});

test('what fails is told, and the rest is done', async () => {
  await world.deployed('stadium', { revisions: 20 });
  world.faults.inject({
    ...{ operation: 'BatchDeleteImage', code: 'AccessDeniedException', times: 20 },
    message:
      'User: arn:aws:iam::123456789012:user/jane is not authorized to perform: ecr:BatchDeleteImage on resource: arn:aws:ecr:us-east-2:123456789012:repository/digital-apps/stadium because no identity-based policy allows the ecr:BatchDeleteImage action',
  });
  const { stdout, exitCode } = await world.cleanup('stadium', '--yes');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('\nNot all done: 10 task definitions deregistered, 0 images deleted;');
  expect(stdout).toContain('stadium: You may not call ecr:BatchDeleteImage');
  expect(stdout).toMatch(/\nLog: .+-cleanup-/);
  expect(await world.active('stadium')).toEqual(upTo(11, 20));
  expect((await world.images('stadium')).manifests).toBe(60);
  world.faults.clear();
  expect((await world.cleanup('stadium', '--yes')).exitCode).toBe(0);
  expect((await world.images('stadium')).manifests).toBe(30);
});

test('3,000 revisions and 2,500 images go but for those that are kept', async () => {
  await world.deployed('permits', { revisions: 3000, images: 834, runs: 2400 });
  // Past the proxy, which would take as long as all the rest.
  const machine = await newMachine(world.emulator.endpoint);
  const { stdout, exitCode } = await machine.run('cleanup', 'permits', '--yes');
  await machine.remove();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('\npermits: 822 of 822 images\n');
  expect(stdout).toMatch(
    /\nDone: 2,988 task definitions deregistered, 822 images \(up to 41\.1 GB\) deleted;/,
  );
  const kept = [2399, 2400, ...upTo(2991, 3000)];
  expect(await world.active('permits')).toEqual(kept);
  const { tags, manifests } = await world.images('permits');
  expect(tags.sort()).toEqual(kept.map((revision) => `${revision}-abc`).sort());
  expect(manifests).toBe(3 * kept.length);
}, 120_000);
