import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { find, TEMPLATES, temporaryFolder } from './support/app-repo.ts';
import { type Answer, type Recorder, record } from './support/recorder.ts';
import { isSigned, serve } from './support/servers.ts';

const SCRIPT = join(TEMPLATES, 'common/deploy/entrypoint.sh');
const URL = 's3://config-secrets/registry-certs/.env';
const ID = 'AKIAFAKE';
const SECRET = 'fake/secret+that/nothing+may/print';
const TOKEN = 'fake//session+token==';
const SETTINGS = 'DATABASE=postgres://ä"$x`\n\nLAST=no newline behind it';

const keys = { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET };
/** What the agent on an instance answers a task that has a task role. */
const roleCredentials = JSON.stringify(
  { RoleArn: 'arn:aws:iam::1:role/task', AccessKeyId: ID, SecretAccessKey: SECRET, Token: TOKEN },
  null,
  1,
).replaceAll('/', '\\/');

const shells = [['dash'], ['busybox', 'sh'], ['bash']].map((shell) => ({
  name: shell.join(' '),
  shell: shell.map((word, at) => (at === 0 ? (find(word) ?? word) : word)),
  missing: !find(shell[0]!),
}));

interface Run {
  shell?: string[];
  env?: Record<string, string>;
  command?: string[];
  /** How curl answers; by default it is the real one. */
  curl?: Answer;
  cwd?: string;
}

/** Runs the script, and sees to it that no secret is in an argument or in what it says. */
async function start(run: Run) {
  const { shell = ['sh'], env = {}, command = ['true'], curl = { passOn: [] } } = run;
  const recorder = await record({ curl: [curl] });
  const folder = run.cwd ?? (await temporaryFolder());
  const ran = await execa(shell[0]!, [...shell.slice(1), SCRIPT, ...command], {
    env: {
      PATH: [recorder.bin, process.env.PATH].join(delimiter),
      AWS_S3_CONFIG_URL: URL,
      AWS_REGION: REGION,
      ...env,
    },
    ...{ extendEnv: false, cwd: folder, reject: false, stdin: 'ignore' },
  });
  const seen = JSON.stringify([
    ran.stdout,
    ran.stderr,
    (await recorder.calls()).map(({ args }) => args),
  ]);
  for (const secret of [SECRET, TOKEN, 'fake-authorization']) expect(seen).not.toContain(secret);
  return { ...ran, folder, recorder, left: () => readdir(folder) };
}

const configs = async (recorder: Recorder) => (await recorder.calls()).map(({ stdin }) => stdin);

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
    return (await configs(recorder)).join().split('\n')[0];
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

describe('entrypoint.sh says what is wrong:', () => {
  const wrong: [string, Record<string, string>, string][] = [
    ['no address', { AWS_S3_CONFIG_URL: '' }, 'AWS_S3_CONFIG_URL is not set.'],
    ...['bucket/.env', 's3://', 's3://b', 's3://b/', 's3:///b/.env', 's3://b/a b', 's3://b/"'].map(
      (url): [string, Record<string, string>, string] => [
        `the address “${url}”`,
        { AWS_S3_CONFIG_URL: url },
        `AWS_S3_CONFIG_URL should look like s3://bucket/service/.env, with only letters, digits and -._~/ in it, but is '${url}'.`,
      ],
    ),
    ['no Region', { AWS_REGION: '' }, 'AWS_REGION is not set.'],
    [
      'an odd Region',
      { AWS_REGION: 'a.evil/' },
      "AWS_REGION should be a Region like us-east-2, but is 'a.evil/'.",
    ],
    [
      'no credentials',
      { AWS_ACCESS_KEY_ID: '' },
      'there are no AWS credentials. Give the task a task role',
    ],
    ['half a key', { AWS_SECRET_ACCESS_KEY: '' }, 'there are no AWS credentials.'],
    [
      'a key with a line break',
      { AWS_SECRET_ACCESS_KEY: `${SECRET}\n` },
      'the AWS credentials have blanks or quotes',
    ],
    [
      'a token with a quote',
      { AWS_SESSION_TOKEN: `${TOKEN}"` },
      'the AWS credentials have blanks or quotes',
    ],
    [
      'an odd endpoint',
      { AWS_ENDPOINT_URL: 'http://a b' },
      'AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is malformed.',
    ],
    [
      'an odd address of the credentials',
      { AWS_ACCESS_KEY_ID: '', AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x/"\nurl = y' },
      "the address or token for the task role's credentials is malformed.",
    ],
  ];
  test.each(wrong)('%s', async (_, env, sentence) => {
    const { stderr, exitCode, recorder, left } = await start({ env: { ...keys, ...env } });
    expect(stderr).toContain(`entrypoint.sh: ${sentence}`);
    expect(stderr.split('\n')).toHaveLength(1);
    expect(exitCode).toBe(1);
    expect(await recorder.calls()).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test('no curl', async () => {
    const { stderr } = await execa(find('sh')!, [SCRIPT, 'true'], {
      env: { ...keys, PATH: await temporaryFolder(), AWS_S3_CONFIG_URL: URL, AWS_REGION: REGION },
      ...{ extendEnv: false, reject: false },
    });
    expect(stderr).toBe('entrypoint.sh: there is no curl in this image to download .env with.');
  });

  test('a folder that cannot be written into', async () => {
    const cwd = join(await temporaryFolder(), 'folder');
    await mkdir(cwd, { mode: 0o500 });
    const run = { cwd: process.getuid?.() === 0 ? '/proc' : cwd, env: keys };
    const { stderr } = await start(run);
    expect(stderr).toBe(`entrypoint.sh: cannot write into ${run.cwd}, where .env belongs.`);
  });

  const answers: [number, string, string][] = [
    [
      403,
      'AccessDenied',
      `S3 denied reading ${URL} (403 AccessDenied). The task role needs s3:GetObject`,
    ],
    [
      301,
      'PermanentRedirect',
      `the bucket of ${URL} is in another Region than us-east-2 (301 PermanentRedirect).`,
    ],
    [400, 'ExpiredToken', `S3 answered the request for ${URL} with 400 ExpiredToken.`],
    [404, '', `there is no ${URL} (404). Upload`],
  ];
  test.each(answers)('S3 answers with %d %s', async (status, code, sentence) => {
    const s3 = await serve((_, response) => {
      response.statusCode = status;
      response.end(code && `<?xml version="1.0"?>\n<Error><Code>${code}</Code></Error>`);
    });
    const env = { ...keys, AWS_ENDPOINT_URL: s3.url };
    const { stderr, exitCode, left } = await start({ env });
    expect(stderr).toContain(`entrypoint.sh: ${sentence}`);
    expect(exitCode).toBe(1);
    expect(await left()).toEqual([]);
    expect(s3.requests).toHaveLength(1);
  });

  const agents: [number, string, string][] = [
    [400, '', "the request for the task role's credentials was answered with 400."],
    [
      200,
      '{"Code":"x"}',
      "the request for the task role's credentials was answered without credentials.",
    ],
  ];
  test.each(agents)('the agent answers with %d %s', async (status, body, sentence) => {
    const agent = await serve((_, response) => response.writeHead(status).end(body));
    const { stderr } = await start({ env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: agent.url } });
    expect(stderr).toBe(`entrypoint.sh: ${sentence}`);
  });
});

describe('entrypoint.sh tries again', () => {
  test('while S3 and the agent are busy', async () => {
    let calls = 0;
    const busy = await serve((request, response) => {
      if (calls++ % 2 === 0) response.writeHead(503).end('{"AccessKeyId": "wrong"}');
      else if (request.url === '/role') response.end(roleCredentials);
      else response.end('A=1');
    });
    const { stderr, folder } = await start({
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${busy.url}/role`, AWS_ENDPOINT_URL: busy.url },
    });
    expect(stderr).toBe(`entrypoint.sh: wrote .env from ${URL}`);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('A=1');
    expect(busy.requests).toHaveLength(4);
    expect(isSigned(busy.requests[3]!, SECRET)).toBe(true);
  });

  test('four times, then says what curl said, and takes no half a file', async () => {
    const breaking = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('A=1');
      setTimeout(() => response.destroy(), 20);
    });
    const nobody = 'http://127.0.0.1:1';
    const [noS3, noAgent, half] = await Promise.all([
      start({ env: { ...keys, AWS_ENDPOINT_URL: nobody } }),
      start({ env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${nobody}/secret-path` } }),
      start({ env: { ...keys, AWS_ENDPOINT_URL: breaking.url } }),
    ]);
    const download = /^entrypoint\.sh: cannot download s3:.*\.env: /;
    expect(noS3.stderr).toMatch(download);
    expect(noS3.stderr).toMatch(/127\.0\.0\.1 port 1\b.*\.$/);
    expect(noAgent.stderr).toMatch(/^entrypoint\.sh: cannot reach the task role's credentials: \w/);
    expect(noAgent.stderr).not.toContain('secret-path');
    expect(half.stderr).toMatch(download);
    expect(breaking.requests).toHaveLength(4);
    for (const { exitCode, stderr, left } of [noS3, noAgent, half]) {
      expect({ exitCode, lines: stderr.split('\n').length }).toEqual({ exitCode: 1, lines: 1 });
      expect(await left()).toEqual([]);
    }
  });
});
