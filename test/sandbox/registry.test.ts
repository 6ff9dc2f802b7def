import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
  ListTagsForResourceCommand,
  PutLifecyclePolicyCommand,
  PutRegistryScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
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
