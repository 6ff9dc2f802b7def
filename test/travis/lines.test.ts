import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { hiddenLine, setLine } from '../../src/travis/lines.ts';

let folder: string;

/** Stands where the travis command would: writes down what it was given, and one variable it sees. */
const RECORDER = `#!/bin/sh
for argument; do printf '%s\\0' "$argument"; done > "$RECORD.arguments"
printf %s "$AWS_SECRET_ACCESS_KEY" > "$RECORD.environment"
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digital-apps-lines-'));
  await writeFile(join(folder, 'travis'), RECORDER);
  await chmod(join(folder, 'travis'), 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

function environment() {
  const { AWS_SECRET_ACCESS_KEY: _ours, ...env } = process.env;
  return { ...env, PATH: `${folder}:${env.PATH}`, RECORD: join(folder, 'record') };
}

async function recorded() {
  const given = await readFile(join(folder, 'record.arguments'), 'utf8');
  return {
    given: given.split('\0').slice(0, -1),
    secret: await readFile(join(folder, 'record.environment'), 'utf8'),
  };
}

test('a line says what is set, plainly where it is plain', () => {
  const variable = { name: 'AWS_DEFAULT_REGION', value: 'us-east-1', public: true };
  expect(setLine(variable, 'city/parks')).toBe(
    'travis env set AWS_DEFAULT_REGION us-east-1 --public --com -r city/parks',
  );
  expect(setLine({ ...variable, public: false }, 'city/parks')).toBe(
    'travis env set AWS_DEFAULT_REGION us-east-1 --private --com -r city/parks',
  );
});

test.each(['us-east-1', '', 'it\'s $HOME `id` "and" \\ more', 'two\nlines\n', 'Bürgeramt'])(
  'the travis command gets %j as it is',
  async (value) => {
    const line = setLine({ name: 'NAME', value, public: true }, 'city/parks');
    execFileSync('sh', ['-c', line], { env: environment() });
    const expected = ['env', 'set', 'NAME', value, '--public', '--com', '-r', 'city/parks'];
    expect((await recorded()).given).toEqual(expected);
  },
);

test('a value that looks like an option stands behind all of them', async () => {
  const line = setLine({ name: 'NAME', value: '-r x', public: true }, 'city/parks');
  execFileSync('sh', ['-c', line], { env: environment() });
  const expected = ['env', 'set', '--public', '--com', '-r', 'city/parks', '--', 'NAME', '-r x'];
  expect((await recorded()).given).toEqual(expected);
});

test('a secret goes from its file to the travis command by the environment alone', async () => {
  const file = join(folder, "the city's $HOME keys");
  const secret = 'wJalr/K7+bPx=="\'$HOME`id`\\';
  await writeFile(
    file,
    `AWS_ACCESS_KEY_ID=AKIA\nXAWS_SECRET_ACCESS_KEY=x\nAWS_SECRET_ACCESS_KEY=${secret}\n`,
  );
  const line = hiddenLine({ name: 'AWS_SECRET_ACCESS_KEY' }, file, 'city/parks');
  const script = `${line}\nprintf %s "$AWS_SECRET_ACCESS_KEY"`;
  const after = execFileSync('sh', ['-c', script], { env: environment(), encoding: 'utf8' });
  expect(await recorded()).toEqual({
    given: ['env', 'copy', 'AWS_SECRET_ACCESS_KEY', '--private', '--com', '-r', 'city/parks'],
    secret,
  });
  expect(after).toBe('');
});

test('nothing is set when the file does not have the secret', async () => {
  const empty = join(folder, 'empty');
  await writeFile(empty, 'AWS_ACCESS_KEY_ID=AKIA\n');
  for (const file of [empty, join(folder, 'missing')]) {
    const line = hiddenLine({ name: 'AWS_SECRET_ACCESS_KEY' }, file, 'city/parks');
    const { status } = spawnSync('sh', ['-c', line], { env: environment() });
    expect(status).not.toBe(0);
    await expect(recorded()).rejects.toThrow('ENOENT');
  }
});

test('for one branch alone there is no such line', () => {
  const variable = { name: 'NAME', value: 'x', public: true, branch: 'develop' };
  for (const line of [
    () => setLine(variable, 'city/parks'),
    () => hiddenLine(variable, '/file', 'city/parks'),
  ]) {
    expect(line).toThrow(UserError);
    expect(line).toThrow('The travis command cannot set NAME for the branch develop alone.');
  }
});
