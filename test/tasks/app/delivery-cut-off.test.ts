import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnvFile } from '../../../src/env-file/parse.ts';
import { readKept } from '../../../src/kept-secrets.ts';
import { accessKey } from '../../../src/tasks/app/access-key.ts';
import { cachePolicy } from '../../../src/tasks/app/cache-policy.ts';
import { configObject } from '../../../src/tasks/app/config-object.ts';
import { deployUser } from '../../../src/tasks/app/deploy-user.ts';
import { distribution } from '../../../src/tasks/app/distribution.ts';
import { imageRepository } from '../../../src/tasks/app/image-repository.ts';
import type { Env } from '../../../src/tasks/app/scope.ts';
import { CHANGING } from '../../e2e/world.ts';
import { planAndRun } from '../fakes.ts';
import { type AppWorld, newAppWorld } from './world.ts';

const ALL = [imageRepository, deployUser, accessKey, cachePolicy, distribution, configObject];
let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());

async function run(env: Env) {
  const { results, outcomes } = await planAndRun(ALL, env);
  return { outcomes, errors: results.flatMap(({ error }) => error?.answer ?? []) };
}

async function envOf(service: string): Promise<Env> {
  const answers = { cdn: true, 'access-key': 'own-user', 'env-file': '.env' };
  return { ...(await world.env({ service, answers })), envFile: parseEnvFile('A=1\n', '.env') };
}

/** Nobody waits for a run that is known to be over. */
function letKeysBeOld() {
  const earlier = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z/, 'Z');
  world.faults.inject({
    operation: 'ListAccessKeys',
    times: 999,
    rewrite: (body) => body.replaceAll(/(?<=<CreateDate>)[^<]+/g, earlier),
  });
}

async function expectOneOfEach(env: Env) {
  const { iam, cloudFront, s3 } = world.aws;
  const { names, keyFile } = env;
  const { AccessKeyMetadata } = await iam.send(
    new ListAccessKeysCommand({ UserName: names.deployUser }),
  );
  expect(AccessKeyMetadata?.map(({ AccessKeyId }) => AccessKeyId)).toEqual([
    (await readKept(keyFile))?.id,
  ]);
  const { DistributionList } = await cloudFront.send(new ListDistributionsCommand({}));
  const own = DistributionList?.Items?.filter(({ Comment }) => Comment === names.service);
  expect(own).toHaveLength(1);
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: env.cluster.bucket, Key: names.configKey }),
  );
  expect(await Body?.transformToString()).toContain(`https://${own?.[0]?.DomainName}`);
}

test('a run that is cut off in any of its changes is carried on by the next', async () => {
  const refused = { status: 403, code: 'AccessDenied', message: 'x is not authorized' };
  let passed = 0;
  for (; ; passed += 1) {
    const env = await envOf(`app-${passed}`);
    world.faults.clear();
    // One is carried out without the run’s hearing of it; then nothing is.
    world.faults.inject({ operation: CHANGING, skip: passed, after: true, ...refused });
    world.faults.inject({ operation: CHANGING, skip: passed, times: 999, ...refused });
    const cut = await run(env);
    world.faults.clear();
    letKeysBeOld();
    expect((await run(env)).errors, `after ${passed} changes`).toEqual([]);
    await expectOneOfEach(env);
    const again = await run(env);
    expect(new Set(Object.values(again.outcomes))).toEqual(new Set(['keep']));
    if (cut.errors.length === 0) break;
  }
  expect(passed).toBeGreaterThan(6);
}, 180_000);
