import { readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { find, temporaryFolder } from './support/app-repo.ts';
import { keys, roleCredentials, SCRIPT, SECRET, start, TOKEN, URL } from './support/entrypoint.ts';
import { record } from './support/recorder.ts';
import { isSigned, serve } from './support/servers.ts';

const SETTINGS = 'DATABASE=postgres://ä"$x`\n\nLAST=no newline behind it';

const shells = [['dash'], ['busybox', 'sh'], ['bash']].map((shell) => ({
  name: shell.join(' '),
  shell: shell.map((word, at) => (at === 0 ? (find(word) ?? word) : word)),
  missing: !find(shell[0]!),
}));

describe.each(shells)('entrypoint.sh under $name', ({ shell, missing }) => {
  let emulator: Emulator;
  beforeAll(async () => {
    if (missing) return;
    emulator = await startEmulator();
    const { s3 } = awsClients(emulator.endpoint);
    const bucket = { Bucket: 'config-secrets' };
    const configuration = { LocationConstraint: REGION } as const;
    await s3.send(new CreateBucketCommand({ ...bucket, CreateBucketConfiguration: configuration }));
    await s3.send(new PutObjectCommand({ ...bucket, Key: 'registry-certs/.env', Body: SETTINGS }));
  });
  afterAll(() => emulator?.stop());

  test.skipIf(missing)(
    'writes .env from S3 for its owner alone, and becomes the command',
    async () => {
      const cwd = await temporaryFolder();
      await writeFile(join(cwd, '.env'), 'OLD=1', { mode: 0o644 });
      const { exitCode, stdout, stderr, left } = await start({
        ...{ shell, cwd },
        env: { ...keys, AWS_ENDPOINT_URL_S3: emulator.endpoint },
        command: ['sh', '-c', 'echo "$#: $1, $2"; exit 7', 'x', 'a b', ''],
      });
      expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '2: a b, ' });
      expect(stderr).toBe(`entrypoint.sh: wrote .env from ${URL}`);
      expect(await readFile(join(cwd, '.env'), 'utf8')).toBe(SETTINGS);
      expect((await stat(join(cwd, '.env'))).mode & 0o777).toBe(0o600);
      expect(await left()).toEqual(['.env']);
    },
  );

  test.skipIf(missing)('says what is not in the bucket, and starts nothing', async () => {
    const env = { ...keys, AWS_ENDPOINT_URL: `${emulator.endpoint}/` };
    const missingKey = await start({
      ...{ shell, command: ['echo', 'started'] },
      env: { ...env, AWS_S3_CONFIG_URL: 's3://config-secrets/other/.env' },
    });
    expect(missingKey.stderr).toBe(
      "entrypoint.sh: there is no s3://config-secrets/other/.env (404 NoSuchKey). Upload the app's .env file there.",
    );
    expect(missingKey).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await missingKey.left()).toEqual([]);
    const missingBucket = await start({ shell, env: { ...env, AWS_S3_CONFIG_URL: 's3://no/x' } });
    expect(missingBucket.stderr).toContain('there is no s3://no/x (404 NoSuchBucket).');
  });

  test.skipIf(missing)(
    'takes the task role’s credentials from the agent, past any proxy',
    async () => {
      const agent = await serve((_, response) => response.end(roleCredentials));
      const s3 = await serve((request, response) => {
        if (!isSigned(request, SECRET)) response.statusCode = 403;
        response.end('A=1\n');
      });
      const { exitCode, stderr, folder } = await start({
        shell,
        env: {
          AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/5f9c',
          AWS_ENDPOINT_URL: s3.url,
          http_proxy: 'http://127.0.0.1:1',
          no_proxy: '127.0.0.1',
        },
        curl: { passOn: ['--connect-to', `169.254.170.2:80:127.0.0.1:${agent.port}`] },
      });
      expect(stderr).toBe(`entrypoint.sh: wrote .env from ${URL}`);
      expect(exitCode).toBe(0);
      expect(await readFile(join(folder, '.env'), 'utf8')).toBe('A=1\n');
      expect(agent.requests[0]?.headers.host).toBe('169.254.170.2');
      expect(agent.requests[0]?.url).toBe('/v2/credentials/5f9c');
      expect(s3.requests[0]?.url).toBe('/config-secrets/registry-certs/.env');
      expect(s3.requests[0]?.headers['x-amz-security-token']).toBe(TOKEN);
    },
  );

  test.skipIf(missing)('takes them from a full address too, with its token', async () => {
    const agent = await serve((_, response) => response.end(roleCredentials));
    const s3 = await serve((request, response) => {
      if (!isSigned(request, SECRET)) response.statusCode = 403;
      response.end();
    });
    const { stderr, folder } = await start({
      shell,
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/role?x=1&y=2`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: 'fake-authorization',
        AWS_ENDPOINT_URL: s3.url,
      },
    });
    expect(stderr).toBe(`entrypoint.sh: wrote .env from ${URL}`);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('');
    expect(agent.requests[0]).toMatchObject({ url: '/role?x=1&y=2' });
    expect(agent.requests[0]?.headers.authorization).toBe('fake-authorization');
  });

  test.skipIf(missing)('leaves its place to the command, which gets the signals', async () => {
    const recorder = await record({ curl: [{ stdout: '\n200 ' }] });
    const app = `
      process.on('SIGTERM', () => { console.log('closing'); process.exit(7); });
      setTimeout(() => {}, 20_000);
      console.log(process.pid);`;
    const child = execa(shell[0]!, [...shell.slice(1), SCRIPT, process.execPath, '-e', app], {
      env: {
        ...keys,
        PATH: [recorder.bin, process.env.PATH].join(delimiter),
        AWS_S3_CONFIG_URL: URL,
        AWS_REGION: REGION,
      },
      ...{ extendEnv: false, cwd: await temporaryFolder(), reject: false },
    });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const { stdout, exitCode } = await child;
    expect({ stdout, exitCode }).toEqual({ stdout: `${child.pid}\nclosing`, exitCode: 7 });
  });
});

describe('entrypoint.sh asks', () => {
  const asked = async (env: Record<string, string>) => {
    const { recorder } = await start({ env: { ...keys, ...env }, curl: { stdout: '\n200 ' } });
    return (await recorder.calls())[0]?.stdin.split('\n')[0];
  };

  test('S3 in the bucket’s Region by its own host name, where that can have a certificate', async () => {
    expect(await asked({})).toBe(
      'url = "https://config-secrets.s3.us-east-2.amazonaws.com/registry-certs/.env"',
    );
    expect(await asked({ AWS_S3_CONFIG_URL: 's3://a.b/c/.env' })).toBe(
      'url = "https://s3.us-east-2.amazonaws.com/a.b/c/.env"',
    );
    expect(await asked({ AWS_REGION: 'cn-north-1' })).toBe(
      'url = "https://config-secrets.s3.cn-north-1.amazonaws.com.cn/registry-certs/.env"',
    );
  });

  test('in AWS_DEFAULT_REGION where there is no AWS_REGION', async () => {
    expect(await asked({ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' })).toContain(
      '.eu-west-1.',
    );
  });
});
