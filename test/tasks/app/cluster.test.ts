import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  TagUserCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AppWorld, newAppWorld } from './world.ts';

const TRAVIS = 'digitalTravis';
const PolicyArn = 'arn:aws:iam::123456789012:policy/digitalAppsDeploy';
const TAG = { Key: 'digital-apps:cluster', Value: 'digitalApps' };

let world: AppWorld;
let made: string[] = [];

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
afterEach(async () => {
  world.faults.clear();
  for (const UserName of made) {
    await world.aws.iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    await world.aws.iam.send(new DeleteUserCommand({ UserName }));
  }
  made = [];
  await world.aws.iam.send(new TagUserCommand({ UserName: TRAVIS, Tags: [TAG] }));
});

/** With the policy that lets it deploy. */
async function newUser(UserName: string, tags: Record<string, string> = {}) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await world.aws.iam.send(new CreateUserCommand({ UserName, Tags }));
  await world.aws.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  made.push(UserName);
}

async function untag() {
  await world.aws.iam.send(new UntagUserCommand({ UserName: TRAVIS, TagKeys: [TAG.Key] }));
}

const travisUser = async () => (await world.env({ service: 'parks' })).cluster.travisUser;

describe('of those who may deploy, Travis CI’s is the user', () => {
  test('that is tagged as a cluster’s: neither a person nor another app', async () => {
    await newUser('al');
    await newUser('app', { [TAG.Key]: TAG.Value, 'digital-apps:app': 'roads' });
    expect(await travisUser()).toBe(TRAVIS);
  });

  test('that another cluster of the account has brought', async () => {
    await untag();
    await newUser('al');
    await newUser('cityTravis', { [TAG.Key]: 'otherCluster' });
    expect(await travisUser()).toBe('cityTravis');
  });

  test('that is on a later page of them', async () => {
    for (const name of ['al', 'bo', 'cy']) await newUser(name);
    world.faults.inject({
      operation: 'ListEntitiesForPolicy',
      rewrite: (body) =>
        body
          .replace(/<PolicyUsers>.*<\/PolicyUsers>/s, '<PolicyUsers/>')
          .replace(/<IsTruncated>.*?<\/IsTruncated>/, '')
          .replace('<PolicyUsers/>', '$&<IsTruncated>true</IsTruncated><Marker>next</Marker>'),
    });
    expect(await travisUser()).toBe(TRAVIS);
  });

  test('whose tags one may see, where those of persons are not to be seen', async () => {
    await newUser('al');
    const denied = { operation: 'GetUser', status: 403, code: 'AccessDenied' };
    world.faults.inject({ ...denied, body: /UserName=al(&|$)/ });
    expect(await travisUser()).toBe(TRAVIS);
  });
});

describe('it is said what to do where it', () => {
  test('is none of them', async () => {
    await untag();
    await newUser('al');
    await expect(travisUser()).rejects.toMatchObject({
      name: 'UserError',
      message: 'The cluster digitalApps has no user that Travis CI deploys as.',
      fix: expect.stringContaining('npx digital-apps init-cluster'),
    });
  });

  test('is not to be seen', async () => {
    world.faults.inject({ operation: 'GetUser', status: 403, code: 'AccessDenied' });
    await expect(travisUser()).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('may be one or another', async () => {
    await newUser('al', { [TAG.Key]: TAG.Value });
    await expect(travisUser()).rejects.toMatchObject({
      name: 'UserError',
      message:
        'The cluster digitalApps has several users that Travis CI may deploy as: al, digitalTravis.',
      fix: expect.stringContaining('digitalAppsDeploy'),
    });
  });
});
