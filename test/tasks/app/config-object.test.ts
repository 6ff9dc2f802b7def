import { readFile } from 'node:fs/promises';
import {
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseEnvFile } from '../../../src/env-file/parse.ts';
import { cachePolicy } from '../../../src/tasks/app/cache-policy.ts';
import { assetPrefixNote, configObject } from '../../../src/tasks/app/config-object.ts';
import { distribution } from '../../../src/tasks/app/distribution.ts';
import type { Env } from '../../../src/tasks/app/scope.ts';
import { run as carryOut } from '../../../src/tasks/graph.ts';
import { presets } from '../../support/faults.ts';
import { plan, planAndRun } from '../fakes.ts';
import { type AppWorld, newAppWorld } from './world.ts';

const ALL = [cachePolicy, distribution, configObject];
const Bucket = 'cob-digital-apps-config';
const FILE = '# Ours\r\nDB_URL="postgres://u:s3cret@db/permits"\r\nTOKEN=t0ken\r\n';
let world: AppWorld;

beforeAll(async () => {
  world = await newAppWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.faults.clear());

async function envOf(service: string, text: string, cdn = false): Promise<Env> {
  const env = await world.env({ service, answers: { cdn, 'env-file': '.env' } });
  return { ...env, envFile: parseEnvFile(text, '.env') };
}

async function run(service: string, text: string, cdn = false) {
  world.faults.calls.length = 0;
  const { results } = await planAndRun(ALL, await envOf(service, text, cdn));
  return results.find(({ resource }) => resource === configObject)!;
}

async function planned(service: string, text: string, cdn = false) {
  const { steps } = await plan(ALL, { env: await envOf(service, text, cdn) });
  return steps.find(({ resource }) => resource === configObject)!;
}

async function stored(service: string): Promise<string> {
  const { Body } = await world.aws.s3.send(
    new GetObjectCommand({ Bucket, Key: `${service}/.env` }),
  );
  return Body!.transformToString();
}

async function putByHand(service: string, Body: string) {
  return world.aws.s3.send(
    new PutObjectCommand({ Bucket, Key: `${service}/.env`, Body, ServerSideEncryption: 'AES256' }),
  );
}

describe('the app’s variables', () => {
  test('are uploaded byte for byte, encrypted, under the app’s name', async () => {
    expect((await run('permits', FILE)).outcome).toBe('create');
    expect(await stored('permits')).toBe(FILE);
    const head = await world.aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'permits/.env' }));
    expect(head).toMatchObject({ ServerSideEncryption: 'AES256', ContentType: 'text/plain' });
  });

  test('name the distribution, and nothing else of them changes', async () => {
    const { outcome } = await run('with-cdn', `${FILE}NEXT_ASSET_PREFIX='' # of the CDN\r\n`, true);
    expect(outcome).toBe('create');
    expect(await stored('with-cdn')).toMatch(
      /^# Ours\r\nDB_URL=.+\r\nTOKEN=t0ken\r\nNEXT_ASSET_PREFIX='https:\/\/\w+\.cloudfront\.net' # of the CDN\r\n$/,
    );
  });

  test('are left as they are by a second run', async () => {
    await run('again', FILE, true);
    expect((await run('again', FILE, true)).outcome).toBe('keep');
    expect(world.changing()).toEqual([]);
  });

  test('differ by keys in the plan, and the version before is named', async () => {
    const { VersionId } = await putByHand('by-hand', 'OLD=1\nDB_URL=other\nTOKEN=t0ken\n');
    const step = await planned('by-hand', `${FILE}NEW=n3w\r\n`);
    expect(step.differences).toEqual([
      { field: 'variables', from: 'as uploaded', to: 'DB_URL changed, NEW added, OLD gone' },
    ]);
    expect(step.remarks).toEqual([`what is there now stays as version ${VersionId}`]);
    expect((await run('by-hand', `${FILE}NEW=n3w\r\n`)).outcome).toBe('change');
    expect(await stored('by-hand')).toBe(`${FILE}NEW=n3w\r\n`);
    const { Versions } = await world.aws.s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'by-hand/' }),
    );
    expect(Versions?.map((version) => version.VersionId)).toContain(VersionId);
  });

  test('differ by keys also where the distribution is yet to be made', async () => {
    await putByHand('unmade', 'DB_URL=other\nNEXT_ASSET_PREFIX=old\nTOKEN=t0ken\n');
    const { preview } = await planned('unmade', FILE, true);
    expect(preview).toEqual([
      'Variables: DB_URL changed',
      'NEXT_ASSET_PREFIX: the CloudFront distribution’s URL',
    ]);
  });

  test('are uploaded where a comment alone differs, and where what is there is no such file', async () => {
    await putByHand('comment', FILE.replace('Ours', 'Theirs'));
    expect((await planned('comment', FILE)).differences[0]?.to).toMatch(/^comments/);
    expect((await run('comment', FILE)).outcome).toBe('change');
    await putByHand('broken', 'this is no file of variables');
    expect((await planned('broken', FILE)).differences[0]?.to).toMatch(/^all, for/);
    expect((await run('broken', FILE)).outcome).toBe('change');
    expect(await stored('broken')).toBe(FILE);
  });

  test('are encrypted where they were not', async () => {
    await run('plain', FILE);
    await world.aws.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    await world.aws.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'plain/.env',
        Body: FILE,
        ServerSideEncryption: 'aws:kms',
      }),
    );
    expect((await planned('plain', FILE)).differences).toEqual([
      { field: 'encryption', from: 'aws:kms', to: 'AES256' },
    ]);
    expect((await run('plain', FILE)).outcome).toBe('change');
    expect(world.changing()).toEqual(['PutObject']);
    const head = await world.aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'plain/.env' }));
    expect(head.ServerSideEncryption).toBe('AES256');
  });

  test.each(['over-a-first', 'over-a-change'])(
    'are not put over what somebody else uploaded after the plan: %s',
    async (service) => {
      if (service === 'over-a-change') await run(service, FILE);
      const env = await envOf(service, `${FILE}MORE=1\r\n`);
      const thePlan = await plan(ALL, { env });
      await putByHand(service, 'THEIRS=1\n');
      const [result] = await carryOut(thePlan, () => {});
      expect(result?.outcome).toBe('failed');
      expect(result?.error?.answer).toMatch(/\/\.env was changed by somebody else/);
      expect(await stored(service)).toBe('THEIRS=1\n');
    },
  );

  test.each(['lost-create', 'lost-change'])(
    'survive the loss of an answer: %s',
    async (service) => {
      if (service === 'lost-change') await putByHand(service, 'A=1\n');
      world.faults.inject({ ...presets.answerLost, operation: 's3.PutObject' });
      expect((await run(service, FILE)).error).toBeUndefined();
      expect(await stored(service)).toBe(FILE);
      expect((await run(service, FILE)).outcome).toBe('keep');
    },
  );

  test('appear in nothing that is shown or logged', async () => {
    await putByHand('silent', 'DB_URL=0ther\n');
    const env = await envOf('silent', FILE);
    const { steps } = await plan(ALL, { env });
    const { results, told } = await planAndRun(ALL, env);
    const log = await readFile(env.aws.connection.journal.file, 'utf8');
    expect(log).toContain('PutObject');
    const shown = JSON.stringify([
      steps.map(({ resource: _, ...step }) => step),
      results.map(({ resource: _, ...result }) => result),
      told.map((each) => ({ ...each, resource: '', result: '' })),
      log,
    ]);
    expect(shown).toContain('TOKEN added');
    for (const value of ['s3cret', 't0ken', '0ther']) expect(shown).not.toContain(value);
  });
});

describe('without a file to upload', () => {
  test('it is said where the uploaded one does not name the distribution', async () => {
    const env = await world.env({ service: 'note' });
    const made = { domainName: 'd1.cloudfront.net' };
    expect(await assetPrefixNote(env, made)).toMatch(/note\/\.env is not there yet/);
    await putByHand('note', 'NEXT_ASSET_PREFIX=https://d0.cloudfront.net\n');
    expect(await assetPrefixNote(env, made)).toMatch(
      /does not set NEXT_ASSET_PREFIX to https:\/\/d1\.cloudfront\.net/,
    );
    await putByHand('note', 'NEXT_ASSET_PREFIX=https://d1.cloudfront.net\n');
    expect(await assetPrefixNote(env, made)).toBeUndefined();
  });
});
