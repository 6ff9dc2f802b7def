import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { imageRepository } from '../../../src/tasks/app/image-repository.ts';
import { presets } from '../../support/faults.ts';
import { plan, planAndRun } from '../fakes.ts';
import { type AppWorld, newAppWorld } from './world.ts';

let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

async function run(service: string, answers = {}) {
  world.faults.calls.length = 0;
  const { outcomes } = await planAndRun([imageRepository], await world.env({ service, answers }));
  return outcomes[imageRepository.name];
}

async function rulesOf(service: string) {
  const { lifecyclePolicyText = '' } = await world.aws.ecr.send(
    new GetLifecyclePolicyCommand({ repositoryName: `digital-apps/${service}` }),
  );
  return JSON.parse(lifecyclePolicyText).rules;
}

const OURS = {
  description: 'Keeps the newest images, by digital-apps',
  selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 30 },
  action: { type: 'expire' },
};

const UNTAGGED = {
  rulePriority: 5,
  description: 'Mine',
  selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 },
  action: { type: 'expire' },
};

function putRules(service: string, ...rules: object[]) {
  return world.aws.ecr.send(
    new PutLifecyclePolicyCommand({
      repositoryName: `digital-apps/${service}`,
      lifecyclePolicyText: JSON.stringify({ rules }),
    }),
  );
}

describe('the image repository', () => {
  test('is made with its tags, and keeps the newest images alone', async () => {
    expect(await run('permits')).toBe('create');
    const { repositories } = await world.aws.ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['digital-apps/permits'] }),
    );
    expect(repositories?.[0]).toMatchObject({
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    const { tags } = await world.aws.ecr.send(
      new ListTagsForResourceCommand({ resourceArn: repositories?.[0]?.repositoryArn }),
    );
    expect(tags).toEqual([
      { Key: 'digital-apps:cluster', Value: 'digitalApps' },
      { Key: 'digital-apps:region', Value: 'us-east-2' },
      { Key: 'digital-apps:app', Value: 'permits' },
    ]);
    expect(await rulesOf('permits')).toEqual([{ rulePriority: 1, ...OURS }]);
  });

  test('is left as it is by a second run', async () => {
    await run('again');
    expect(await run('again')).toBe('keep');
    expect(world.changing()).toEqual([]);
  });

  test('is made once where the answer to its making is lost', async () => {
    world.faults.inject(presets.answerLost);
    expect(await run('lost')).toBe('create');
    expect(await rulesOf('lost')).toHaveLength(1);
  });

  test('keeps another number of images when that is answered otherwise', async () => {
    await run('fewer');
    expect(await run('fewer', { 'keep-images': 7 })).toBe('change');
    expect((await rulesOf('fewer'))[0].selection.countNumber).toBe(7);
  });

  test('keeps the rules of others, and has its own after them', async () => {
    await run('rules');
    await putRules('rules', UNTAGGED);
    expect(await run('rules')).toBe('change');
    expect(await rulesOf('rules')).toEqual([UNTAGGED, { rulePriority: 6, ...OURS }]);
    expect(await run('rules')).toBe('keep');
  });

  test('has its rule put right where somebody has turned it into another', async () => {
    await run('turned');
    const turned = { ...OURS, selection: { ...OURS.selection, tagStatus: 'untagged' } };
    await putRules('turned', { rulePriority: 1, ...turned });
    expect(await run('turned')).toBe('change');
    expect(await rulesOf('turned')).toEqual([{ rulePriority: 1, ...OURS }]);
  });

  test('leaves a person’s rule for all images in place of its own, and says so', async () => {
    await run('theirs');
    const theirs = { ...OURS, rulePriority: 9, description: 'Ours is better' };
    await putRules('theirs', theirs);
    const { steps } = await plan([imageRepository], {
      env: await world.env({ service: 'theirs' }),
    });
    expect(steps[0]?.action).toBe('keep');
    expect(steps[0]?.remarks.join()).toMatch(/“Ours is better”.+left alone/);
  });

  test('lets “latest” be pushed again, where a person has forbidden that', async () => {
    await run('fixed');
    const change = { repositoryName: 'digital-apps/fixed' };
    await world.aws.ecr.send(
      new PutImageTagMutabilityCommand({ ...change, imageTagMutability: 'IMMUTABLE' }),
    );
    expect(await run('fixed')).toBe('change');
    expect(world.changing()).toEqual(['PutImageTagMutability']);
  });

  test('says so where nothing scans its images', async () => {
    await run('unscanned');
    await world.aws.ecr.send(
      new PutImageScanningConfigurationCommand({
        repositoryName: 'digital-apps/unscanned',
        imageScanningConfiguration: { scanOnPush: false },
      }),
    );
    const { steps } = await plan([imageRepository], {
      env: await world.env({ service: 'unscanned' }),
    });
    expect(steps[0]?.action).toBe('keep');
    expect(steps[0]?.remarks.join()).toContain('nothing scans its images');
  });

  test('of somebody else is refused, and taken over when that is said', async () => {
    await world.aws.ecr.send(new CreateRepositoryCommand({ repositoryName: 'digital-apps/old' }));
    const env = await world.env({ service: 'old' });
    await expect(plan([imageRepository], { env })).rejects.toThrow(/not made by digital-apps/);
    const { steps } = await plan([imageRepository], { env, adopt: true });
    expect(steps[0]?.action).toBe('change');
  });
});
