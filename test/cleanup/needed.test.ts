import {
  DeleteLifecyclePolicyCommand,
  DescribeImagesCommand,
  GetLifecyclePolicyCommand,
  PutLifecyclePolicyCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { REGION } from '../support/clients.ts';
import { containerInstance } from '../support/recorded/hosts.ts';
import { lay } from '../support/recorded/lay.ts';
import { type CleanupWorld, newCleanupWorld } from './world.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const REGISTRY = `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps`;

let world: CleanupWorld;

beforeAll(async () => {
  world = await newCleanupWorld();
}, 60_000);
afterAll(() => world?.stop());
afterEach(() => world.faults.clear());

async function register(family: string, image: string): Promise<void> {
  const containerDefinitions = [{ name: 'app', image, memory: 16 }];
  await world.aws.ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
}

async function digestOf(app: string, imageTag: string): Promise<string> {
  const repositoryName = `digital-apps/${app}`;
  const { imageDetails } = await world.aws.ecr.send(
    new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }),
  );
  return imageDetails![0]!.imageDigest!;
}

async function cleaned(app: string, ...flags: string[]) {
  const { document, exitCode, stderr } = await world.cleanup(app, '--yes', '--json', ...flags);
  expect(exitCode, stderr).toBe(0);
  return { ...document, app: document.apps[0]! };
}

test('what other clusters, single tasks and other families need stays, by tag and by digest', async () => {
  const { ecs } = world.aws;
  await world.deployed('zoo', { revisions: 30 });
  await ecs.send(new CreateClusterCommand({ clusterName: 'other' }));
  const elsewhere = { cluster: 'other', serviceName: 'animals', taskDefinition: 'zoo:5' };
  await ecs.send(new CreateServiceCommand({ ...elsewhere, desiredCount: 0 }));
  await ecs.send(new RunTaskCommand({ cluster: 'digitalApps', taskDefinition: 'zoo:8' }));
  await register('zoo-nightly', `${REGISTRY}/zoo:3-abc`);
  await register('zoo-weekly', `${REGISTRY}/zoo@${await digestOf('zoo', '2-abc')}`);
  const { app } = await cleaned('zoo', '--keep', '2');
  const why = new Map(app.taskDefinitions!.kept.map((kept) => [kept.revision, kept.why.join()]));
  expect(why.get(5)).toBe('in use by the service animals of the cluster other');
  expect(why.get(8)).toContain('in use by a task');
  expect(await world.active('zoo')).toEqual([4, 5, 7, 8, 29, 30]);
  const kept = [2, 3, 4, 5, 7, 8, 29, 30].map((revision) => `${revision}-abc`);
  expect((await world.images('zoo')).tags.sort()).toEqual(kept.sort());
  const named = app.images!.kept.find(({ name }) => name === '3-abc');
  expect(named?.why).toEqual(['named by zoo-nightly:1']);
});

test('what the last deployment before was that came through stays, however many have failed since', async () => {
  await world.deployed('aquarium', { revisions: 30 });
  const arnOf = (revision: number) =>
    `arn:aws:ecs:${REGION}:123456789012:service-revision/digitalApps/aquarium/${revision}`;
  const brief = (revision: number, status: string) => ({
    ...{ status, createdAt: 1_795_000_000 + revision },
    targetServiceRevisionArn: arnOf(revision),
  });
  world.faults.inject({
    ...{ operation: 'ListServiceDeployments', times: ALWAYS },
    answer: () => ({
      serviceDeployments: [
        brief(1, 'SUCCESSFUL'),
        brief(9, 'SUCCESSFUL'),
        ...[10, 20, 29].map((revision) => brief(revision, 'ROLLBACK_SUCCESSFUL')),
        brief(30, 'SUCCESSFUL'),
      ],
    }),
  });
  const digests: Record<string, string> = { 9: await digestOf('aquarium', '4-abc') };
  world.faults.inject({
    ...{ operation: 'DescribeServiceRevisions', times: ALWAYS },
    answer: (body) => ({
      serviceRevisions: [1, 9, 30]
        .filter((revision) => body.includes(`"${arnOf(revision)}"`))
        .map((revision) => ({
          serviceRevisionArn: arnOf(revision),
          taskDefinition: `arn:aws:ecs:${REGION}:123456789012:task-definition/aquarium:${revision}`,
          // What the tag named then, and names no more.
          containerImages: [{ containerName: 'app', imageDigest: digests[revision] }],
        })),
    }),
  });
  const { app } = await cleaned('aquarium', '--keep', '3');
  const why = new Map(app.taskDefinitions!.kept.map((kept) => [kept.revision, kept.why]));
  expect(why.get(9)).toEqual(['to roll the service aquarium back to']);
  expect(await world.active('aquarium')).toEqual([8, 9, 28, 29, 30]);
  const { tags } = await world.images('aquarium');
  expect(tags.sort()).toEqual(['28-abc', '29-abc', '30-abc', '4-abc', '8-abc', '9-abc']);
});

test('the lifecycle rule is set where it is missing, but for one that would take what is needed', async () => {
  await world.deployed('pier', { revisions: 45, runs: 3 });
  const repositoryName = 'digital-apps/pier';
  await world.aws.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
  const ruleNow = async () => {
    const found = await world.aws.ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
    return JSON.parse(found.lifecyclePolicyText!).rules[0];
  };
  // Of three manifests each, the image that runs is older than the newest hundred.
  const many = await cleaned('pier', '--keep', '33');
  expect(many.app.images!.lifecycle.says).toBe(
    'digital-apps/pier: no lifecycle rule is set, which would delete 3-abc, named by pier:3, as it is not among the newest 100.',
  );
  await expect(ruleNow()).rejects.toThrow(/Lifecycle policy does not exist/);
  const few = await cleaned('pier');
  expect(few.app.images!.lifecycle).toEqual({ set: 100, wasSet: 100 });
  expect(await ruleNow()).toMatchObject({
    description: 'Keeps the newest images, by digital-apps',
    selection: { tagStatus: 'any', countNumber: 100 },
  });
  const theirs = { ...(await ruleNow()), description: 'Ours is better' };
  const lifecyclePolicyText = JSON.stringify({ rules: [theirs] });
  await world.aws.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  const { app } = await cleaned('pier', '--keep', '5');
  expect(app.images!.lifecycle.says).toContain('“Ours is better”');
  expect(await ruleNow()).toEqual(theirs);
});

test('what is not ours is left alone, and what seems unused is reported', async () => {
  await world.deployed('pool', { revisions: 20, runs: 'none' });
  const resourceArn = `arn:aws:ecr:${REGION}:123456789012:repository/digital-apps/pool`;
  const tagKeys = ['digital-apps:cluster', 'digital-apps:app'];
  await world.aws.ecr.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  await register('pool', 'nginx:1');
  const gone = { ec2InstanceId: 'i-0123456789abcdef0', agentConnected: false };
  const rewrite = containerInstance(gone);
  world.faults.inject({ operation: 'DescribeContainerInstances', times: ALWAYS, rewrite });
  const old = { creationTime: 1_500_000_000_000 };
  lay(world.faults, 'DescribeLogStreams', () => ({ logStreams: Array(7).fill(old) }));
  const { app, unused } = await cleaned('pool', '--keep', '1');
  expect(world.changing()).toEqual([]);
  expect(app.left).toEqual([
    'The image repository digital-apps/pool was not made for this app by digital-apps and is left alone.',
    'The task definitions pool are not the app’s: no service of it runs them, and they name none of its images. They are left alone.',
  ]);
  expect(unused.map(({ kind }) => kind)).toEqual([
    ...['target group', 'rule', 'log streams', 'container instances'],
  ]);
  const says = unused.map((each) => each.says).join('\n');
  expect(says).toContain('Target group pool: no service uses it.');
  expect(says).toMatch(/Rule for pool\.example\.gov \(port 80, priority \d+\)/);
  expect(says).toContain('7 log streams of digitalApps have no line of the last 90 days');
  expect(says).toContain('i-0123456789abcdef0');
});
