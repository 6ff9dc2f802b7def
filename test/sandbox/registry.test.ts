import { createHash } from 'node:crypto';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
  PutRegistryScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { ListTaskDefinitionsCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());
beforeEach(() => emulator.reset());

const repositoryName = 'digital/app';
const tags = [{ Key: 'digital-apps:app', Value: 'one' }];

const create = (change: Partial<CreateRepositoryCommandInput> = {}) =>
  aws.ecr.send(new CreateRepositoryCommand({ repositoryName, tags, ...change }));

test('a repository is made once, with its tags and what may not be overwritten', async () => {
  const mutability = {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const,
    imageTagMutabilityExclusionFilters: [{ filter: 'latest', filterType: 'WILDCARD' as const }],
  };
  const { repository } = await create(mutability);
  await expect(create()).rejects.toMatchObject({ name: 'RepositoryAlreadyExistsException' });
  const listed = await aws.ecr.send(
    new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
  );
  expect(listed.repositories).toMatchObject([{ repositoryName, ...mutability }]);
  const resourceArn = repository?.repositoryArn;
  const live = await aws.ecr.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(live.tags).toEqual(tags);
});

test.each(['a', '1ab', 'Digital/app', 'a--b', 'digital/app/', 'ab__cd', `a${'b'.repeat(256)}`])(
  'a repository cannot be called %s',
  async (name) => {
    const refused = { name: 'InvalidParameterException' };
    await expect(create({ repositoryName: name })).rejects.toMatchObject(refused);
  },
);

test('a lifecycle policy is not there, and then as it was put', async () => {
  await create();
  const get = () => aws.ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
  await expect(get()).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
  const put = (countNumber: number) => {
    const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber };
    const rules = [{ rulePriority: 1, selection, action: { type: 'expire' } }];
    const lifecyclePolicyText = JSON.stringify({ rules });
    return aws.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  };
  for (const count of [1000, 500]) {
    const { lifecyclePolicyText } = await put(count);
    expect((await get()).lifecyclePolicyText).toBe(lifecyclePolicyText);
  }
});

test('the scanning of a registry reads back', async () => {
  const scan = {
    scanType: 'BASIC' as const,
    rules: [
      {
        scanFrequency: 'SCAN_ON_PUSH' as const,
        repositoryFilters: [{ filter: 'digital/*', filterType: 'WILDCARD' as const }],
      },
    ],
  };
  await aws.ecr.send(new PutRegistryScanningConfigurationCommand(scan));
  const told = await aws.ecr.send(new GetRegistryScanningConfigurationCommand({}));
  expect(told.scanningConfiguration).toEqual(scan);
});

const digest = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}`;

function push(number: number, manifest: object) {
  return aws.ecr.send(
    new PutImageCommand({
      ...{ repositoryName, imageTag: `tag-${number}`, imageDigest: digest(number) },
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
      imageManifest: JSON.stringify({ schemaVersion: 2, number, ...manifest }),
    }),
  );
}

test('an image is known by its manifest, as everywhere', async () => {
  await create();
  const put = async (imageTag: string, imageManifest: string) => {
    const { image } = await aws.ecr.send(
      new PutImageCommand({
        ...{ repositoryName, imageTag, imageManifest },
        imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
      }),
    );
    return image?.imageId?.imageDigest;
  };
  const manifest = (code: string) =>
    JSON.stringify({ schemaVersion: 2, layers: [], annotations: { code } });
  for (const code of ['one', 'other']) {
    const known = createHash('sha256').update(manifest(code)).digest('hex');
    expect(await put(code, manifest(code))).toBe(`sha256:${known}`);
  }
});

test('task definitions are told a page at a time', async () => {
  const containerDefinitions = [{ name: 'app', image: 'nginx', memory: 16 }];
  for (let revision = 1; revision <= 3; revision += 1) {
    await aws.ecs.send(new RegisterTaskDefinitionCommand({ family: 'one', containerDefinitions }));
  }
  const list = (nextToken?: string) =>
    aws.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'one', maxResults: 2, nextToken }));
  const { taskDefinitionArns, nextToken } = await list();
  expect(taskDefinitionArns).toHaveLength(2);
  const rest = await list(nextToken);
  expect(rest.taskDefinitionArns?.[0]).toMatch(/one:3$/);
  expect(rest.nextToken).toBeUndefined();
});

test('images are told a page at a time', async () => {
  await create();
  for (const number of [1, 2, 3, 4, 5]) await push(number, {});
  for (const Command of [DescribeImagesCommand, ListImagesCommand]) {
    const first = await aws.ecr.send(new Command({ repositoryName, maxResults: 3 }) as never);
    const { nextToken, ...page } = first as { nextToken?: string };
    expect(Object.values(page).filter(Array.isArray)[0]).toHaveLength(3);
    const last = new Command({ repositoryName, maxResults: 3, nextToken });
    const rest = (await aws.ecr.send(last as never)) as { nextToken?: string };
    expect(Object.values(rest).filter(Array.isArray)[0]).toHaveLength(2);
    expect(rest.nextToken).toBeUndefined();
  }
});

test('an image that an index consists of goes after the index alone', async () => {
  await create();
  await push(1, {});
  await push(2, { manifests: [{ digest: digest(1) }] });
  const remove = (...numbers: number[]) =>
    aws.ecr.send(
      new BatchDeleteImageCommand({
        repositoryName,
        imageIds: numbers.map((number) => ({ imageDigest: digest(number) })),
      }),
    );
  const { failures } = await remove(1);
  expect(failures).toMatchObject([{ failureCode: 'ImageReferencedByManifestList' }]);
  expect((await remove(2)).failures).toEqual([]);
  expect((await remove(1)).failures).toEqual([]);
});
