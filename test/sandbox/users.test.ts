import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  ListEntitiesForPolicyCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awsClients, type Emulator, startEmulator } from '../support/emulator.ts';

let emulator: Emulator;
let aws: ReturnType<typeof awsClients>;

beforeAll(async () => {
  emulator = await startEmulator();
  aws = awsClients(emulator.endpoint);
}, 90_000);
afterAll(() => emulator.stop());

const UserName = 'digitalTravis';

beforeEach(async () => {
  await emulator.reset();
  await aws.iam.send(new CreateUserCommand({ UserName }));
});

const createKey = async () =>
  (await aws.iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey?.AccessKeyId;

test('a user has two access keys at most, and goes only without them', async () => {
  const keys = [await createKey(), await createKey()];
  await expect(createKey()).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  });
  const remove = () => aws.iam.send(new DeleteUserCommand({ UserName }));
  await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  for (const AccessKeyId of keys) {
    await aws.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  }
  await remove();
  await expect(createKey()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

test('an access key can be switched off, and tells whether it was used', async () => {
  const AccessKeyId = await createKey();
  const off = { UserName, AccessKeyId, Status: 'Inactive' as const };
  await aws.iam.send(new UpdateAccessKeyCommand(off));
  const { AccessKeyMetadata } = await aws.iam.send(new ListAccessKeysCommand({ UserName }));
  expect(AccessKeyMetadata).toMatchObject([off]);
  const used = await aws.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  expect(used).toMatchObject({ UserName, AccessKeyLastUsed: { ServiceName: 'N/A' } });
  expect(used.AccessKeyLastUsed?.LastUsedDate).toBeUndefined();
});

test('a policy tells who has it, and goes only when nobody does', async () => {
  const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const made = await aws.iam.send(new CreatePolicyCommand({ PolicyName: 'one', PolicyDocument }));
  const PolicyArn = made.Policy?.Arn ?? '';
  await aws.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { PolicyUsers } = await aws.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(PolicyUsers?.map((each) => each.UserName)).toEqual([UserName]);
  const remove = () => aws.iam.send(new DeletePolicyCommand({ PolicyArn }));
  await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await aws.iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  await remove();
  await expect(aws.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))).rejects.toMatchObject(
    { name: 'NoSuchEntityException' },
  );
});

test('a user has fifty tags at most, and none of AWS’s own', async () => {
  const tag = (...keys: string[]) => {
    const Tags = keys.map((Key) => ({ Key, Value: 'x' }));
    return aws.iam.send(new TagUserCommand({ UserName, Tags }));
  };
  const keys = Array.from({ length: 51 }, (_, number) => `key${number}`);
  await expect(tag(...keys)).rejects.toMatchObject({ name: 'ValidationError' });
  await tag(...keys.slice(1));
  await tag('key1');
  await expect(tag('key0')).rejects.toMatchObject({ name: 'LimitExceededException' });
  await expect(tag('aws:own')).rejects.toMatchObject({ name: 'InvalidInputException' });
  const { Tags } = await aws.iam.send(new ListUserTagsCommand({ UserName }));
  expect(Tags).toHaveLength(50);
});
