import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMachine } from '../support/program.ts';

/** Stands for STS: says that the caller is a user called as the access key, and refuses all else. */
let server: Server;
let endpoint: string;

const CONFIG = `
[default]
region = eu-west-1
[profile city]
region = ca-central-1
[profile typo]
region = us-est-2
[sso-session portal]
sso_region = us-east-1
[profile keyless]
region = us-west-2
`;
const CREDENTIALS = `
[default]
aws_access_key_id = KEYOFDEFAULT
aws_secret_access_key = s1
[city]
aws_access_key_id = KEYOFCITY
aws_secret_access_key = s2
`;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const known = key !== 'KEYUNKNOWN' && key !== 'KEYEXPIRED';
    if (known && body.includes('Action=GetCallerIdentity')) {
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/${key}</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    const [code, message] = {
      KEYUNKNOWN: ['InvalidClientTokenId', 'The security token included in the request is invalid'],
      KEYEXPIRED: ['ExpiredToken', 'The security token included in the request is expired'],
    }[key] ?? ['AccessDenied', 'no'];
    response.writeHead(403);
    response.end(
      `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

const nothing = {
  AWS_REGION: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
};

async function run(
  env: Record<string, string>,
  args: string[],
  where = endpoint as string | undefined,
) {
  const machine = await newMachine(where, { ...nothing, ...env });
  await mkdir(join(machine.home, '.aws'));
  if (env.FILES !== 'none') {
    await writeFile(join(machine.home, '.aws/config'), CONFIG);
    await writeFile(join(machine.home, '.aws/credentials'), CREDENTIALS);
  }
  const ran = await machine.run('init-cluster', '--dry-run', ...args);
  await machine.remove();
  return ran;
}

const keys = (name: string) => ({ AWS_ACCESS_KEY_ID: name, AWS_SECRET_ACCESS_KEY: 's' });

test.concurrent.each([
  ['the default profile', {}, '', 'eu-west-1', 'KEYOFDEFAULT'],
  ['AWS_PROFILE', { AWS_PROFILE: 'city' }, '', 'ca-central-1', 'KEYOFCITY'],
  ['--profile', {}, '--profile city', 'ca-central-1', 'KEYOFCITY'],
  ['--profile wins', { AWS_PROFILE: 'absent' }, '--profile city', 'ca-central-1', 'KEYOFCITY'],
  ['AWS_REGION', { AWS_REGION: 'us-west-1' }, '', 'us-west-1', 'KEYOFDEFAULT'],
  ['AWS_DEFAULT_REGION', { AWS_DEFAULT_REGION: 'us-west-1' }, '', 'us-west-1', 'KEYOFDEFAULT'],
  [
    'AWS_REGION wins',
    { AWS_REGION: 'us-west-1', AWS_DEFAULT_REGION: 'us-west-2' },
    '',
    'us-west-1',
    'KEYOFDEFAULT',
  ],
  [
    'an empty AWS_REGION is none',
    { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' },
    '',
    'us-west-2',
    'KEYOFDEFAULT',
  ],
  [
    'AWS_REGION wins over the profile',
    { AWS_REGION: 'us-west-1' },
    '--profile city',
    'us-west-1',
    'KEYOFCITY',
  ],
  [
    '--region wins',
    { AWS_REGION: 'us-west-1' },
    '--region sa-east-1 --profile city',
    'sa-east-1',
    'KEYOFCITY',
  ],
  ['keys in the environment', keys('KEYOFENV'), '', 'eu-west-1', 'KEYOFENV'],
  [
    'keys in the environment win over AWS_PROFILE',
    { ...keys('KEYOFENV'), AWS_PROFILE: 'city' },
    '',
    'ca-central-1',
    'KEYOFENV',
  ],
  ['--profile wins over keys', keys('KEYOFENV'), '--profile city', 'ca-central-1', 'KEYOFCITY'],
  [
    'other files',
    { AWS_CONFIG_FILE: '/dev/null', AWS_REGION: 'us-east-1' },
    '',
    'us-east-1',
    'KEYOFDEFAULT',
  ],
])('%s', async (_, env, args, region, user) => {
  const { stdout, stderr } = await run(env, args.split(' ').filter(Boolean));
  expect(stdout).toContain(region);
  expect(stdout).toContain('111122223333');
  expect(stdout).toContain(`user/${user}`);
  expect(stderr).not.toMatch(/warn/i);
});

const howToGetSome =
  '`aws configure sso` or `aws login` gets you some, --profile or AWS_PROFILE picks among several; --sandbox needs none.';

test.concurrent.each([
  [
    'none',
    { FILES: 'none', AWS_REGION: 'us-east-2' },
    '',
    `No usable AWS credentials: Could not load credentials from any providers.\n${howToGetSome}`,
  ],
  [
    'a profile without any',
    {},
    '--profile keyless',
    `No usable AWS credentials in the profile keyless: Could not load credentials from any providers.\n${howToGetSome}`,
  ],
  [
    'an unknown profile',
    { AWS_REGION: 'us-east-2' },
    '--profile town',
    'There is no AWS profile town.\nThere is city, default, keyless, typo.',
  ],
  [
    'an unknown profile of the environment, and no Region',
    { AWS_PROFILE: 'cty' },
    '',
    'There is no AWS profile cty.\nDid you mean city?',
  ],
  [
    'an unknown profile where there are none',
    { FILES: 'none', AWS_PROFILE: 'town', AWS_REGION: 'us-east-2' },
    '',
    'There is no AWS profile town.\n`aws configure sso` or `aws login` makes one; --sandbox needs none.',
  ],
  [
    'unknown to AWS',
    { ...keys('KEYUNKNOWN') },
    '',
    `No usable AWS credentials: InvalidClientTokenId: The security token included in the request is invalid.\n${howToGetSome}`,
  ],
  [
    'expired',
    { ...keys('KEYEXPIRED') },
    '',
    `No usable AWS credentials: ExpiredToken: The security token included in the request is expired.\n${howToGetSome}`,
  ],
  [
    'no Region',
    { FILES: 'none' },
    '',
    'No Region is named.\nAdd --region us-east-2, set AWS_REGION, or give your profile one with `aws configure`.',
  ],
  [
    'a Region of the profile that does not exist',
    {},
    '--profile typo',
    'There is no Region us-est-2.\nDid you mean us-east-2?',
  ],
])('without usable credentials or Region: %s', async (_, env, args, says) => {
  const { exitCode, stdout, stderr } = await run(env, args.split(' ').filter(Boolean));
  expect({ stderr: stderr.trimEnd(), stdout, exitCode }).toEqual({
    stderr: says,
    stdout: '',
    exitCode: 2,
  });
});

test('nothing answers at the endpoint', async () => {
  const deaf = createServer().listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  const at = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
  await new Promise((resolve) => deaf.close(resolve));
  const { exitCode, stderr } = await run({}, [], at);
  expect(stderr.trimEnd()).toBe(
    `Nothing answers at ${at}.\nStart the emulator, unset AWS_ENDPOINT_URL, or use --sandbox.`,
  );
  expect(exitCode).toBe(2);
});
