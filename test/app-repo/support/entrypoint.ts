import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { REGION } from '../../support/clients.ts';
import { TEMPLATES, temporaryFolder } from './app-repo.ts';
import { type Answer, record } from './recorder.ts';

export const SCRIPT = join(TEMPLATES, 'common/deploy/entrypoint.sh');
export const URL = 's3://config-secrets/registry-certs/.env';
const ID = 'AKIAFAKE';
export const SECRET = 'fake/secret+that/nothing+may/print';
export const TOKEN = 'fake//session+token==';

export const keys = { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET };
/** What the agent on an instance answers a task that has a task role. */
export const roleCredentials = JSON.stringify(
  { RoleArn: 'arn:aws:iam::1:role/task', AccessKeyId: ID, SecretAccessKey: SECRET, Token: TOKEN },
  null,
  1,
).replaceAll('/', '\\/');

interface Run {
  shell?: string[];
  env?: Record<string, string>;
  command?: string[];
  /** How curl answers; by default it is the real one. */
  curl?: Answer;
  cwd?: string;
}

/** Runs the script, and sees to it that no secret is in an argument or in what it says. */
export async function start(run: Run) {
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
