import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { REGION } from '../support/clients.ts';
import { find, temporaryFolder } from './support/app-repo.ts';
import { keys, roleCredentials, SCRIPT, SECRET, start, TOKEN, URL } from './support/entrypoint.ts';
import { isSigned, serve } from './support/servers.ts';

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
