import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteLifecyclePolicyCommand, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { Stored } from '../../support/travis/repository.ts';
import { found } from '../found.ts';
import type { AppWorld } from '../world.ts';
import type { Alteration } from './alteration.ts';

const repositoryName = 'digital-apps/parks';

function variable({ travis }: AppWorld, name: string): Stored {
  return travis.variables('city/parks').find((each) => each.name === name)!;
}

function removeVariable({ travis }: AppWorld, name: string): void {
  const variables = travis.variables('city/parks');
  variables.splice(
    variables.findIndex((each) => each.name === name),
    1,
  );
}

async function keyOf({ aws }: AppWorld) {
  const [key] = await found.keysOf(aws, 'parks');
  return { UserName: key!.user, AccessKeyId: key!.id };
}

async function setKey(world: AppWorld, Status: 'Active' | 'Inactive') {
  await world.aws.iam.send(new UpdateAccessKeyCommand({ ...(await keyOf(world)), Status }));
}

export const delivery: Alteration[] = [
  {
    what: 'lifecycle rule deleted',
    alter: ({ aws }) => aws.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName })),
    outcomes: { 'Image repository': 'change' },
  },
  {
    what: 'images cannot be pushed again',
    alter: ({ aws }) =>
      aws.ecr.send(
        new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }),
      ),
    outcomes: { 'Image repository': 'change' },
  },
  {
    what: 'the .env deleted from the bucket',
    alter: ({ aws }) =>
      aws.s3.send(
        new DeleteObjectCommand({ Bucket: 'cob-digital-apps-config', Key: 'parks/.env' }),
      ),
    outcomes: { 'Environment variables': 'create' },
  },
  {
    what: 'a file deleted',
    alter: (_world, dir) => rm(join(dir, 'deploy/Dockerfile')),
    outcomes: { 'deploy/Dockerfile': 'create' },
  },
  {
    what: 'a public variable changed',
    async alter(world) {
      variable(world, 'AWS_DEFAULT_REGION').value = 'us-west-2';
    },
    outcomes: { AWS_DEFAULT_REGION: 'change' },
  },
  {
    what: 'a public variable deleted',
    alter: async (world) => removeVariable(world, 'AWS_ECS_CLUSTER'),
    outcomes: { AWS_ECS_CLUSTER: 'create' },
  },
  {
    what: 'a public variable made private',
    async alter(world) {
      variable(world, 'AWS_ECS_SERVICE_NAME').public = false;
    },
    outcomes: { AWS_ECS_SERVICE_NAME: 'change' },
  },
  {
    what: 'the access key switched off: kept',
    alter: (world) => setKey(world, 'Inactive'),
    outcomes: {},
    needsYou: /AKIA\w+ of digitalTravis is inactive, so that Travis CI cannot deploy with it/,
  },
  {
    what: 'the secret shown to everybody at Travis CI',
    async alter(world) {
      variable(world, 'AWS_SECRET_ACCESS_KEY').public = true;
    },
    outcomes: { AWS_SECRET_ACCESS_KEY: 'failed', AWS_ACCESS_KEY_ID: 'skipped' },
    needsYou: /Have a new key made in its place: --set access-key=replace-AKIA/,
  },
  {
    what: 'the secret deleted at Travis CI, which nobody has any more',
    alter: async (world) => removeVariable(world, 'AWS_SECRET_ACCESS_KEY'),
    outcomes: { AWS_SECRET_ACCESS_KEY: 'failed', AWS_ACCESS_KEY_ID: 'skipped' },
    needsYou: /Have a new key made in its place: --set access-key=replace-AKIA/,
  },
  {
    what: 'and the access key deleted',
    alter: async (world) => world.aws.iam.send(new DeleteAccessKeyCommand(await keyOf(world))),
    outcomes: {
      ...{ 'Access key': 'create', AWS_SECRET_ACCESS_KEY: 'create', AWS_ACCESS_KEY_ID: 'change' },
    },
  },
];
