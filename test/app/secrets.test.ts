import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Machine, newMachine, type Ran, SECRET } from '../support/program.ts';
import { type AppWorld, addApp, newAppWorld, withTravis } from './world.ts';

/** Each test takes the next. */
const SLUGS = ['city/parks', 'city/roads', 'city/pools', 'city/trees'];
const ENV_VALUES = ['postgres://u:hunter2@db/parks', 'value with spaces', 'second-line-of-a-key'];
const ENV_FILE = `DATABASE_URL=${ENV_VALUES[0]}\nGREETING="${ENV_VALUES[1]}"\nKEY="first\n${ENV_VALUES[2]}"\n`;

let world: AppWorld;
let slug: string;
let machine: Machine;
let dir: string;
let envFile: string;
/** Of every access key that AWS gave. */
let given: string[];

beforeAll(async () => {
  world = await newAppWorld({ slugs: SLUGS });
});
afterAll(() => world.stop());

beforeEach(async () => {
  machine = await newMachine(world.faults.endpoint, withTravis(world.travis));
  await logArguments(machine);
  slug = SLUGS.shift()!;
  dir = await world.clone(slug, machine);
  envFile = join(machine.home, 'production.env');
  await writeFile(envFile, ENV_FILE);
  given = [];
  world.faults.inject({
    operation: 'CreateAccessKey',
    times: 100,
    rewrite(body) {
      given.push(/<SecretAccessKey>(.+?)</.exec(body)![1]!);
      return body;
    },
  });
});
afterEach(async () => {
  world.faults.clear();
  world.travis.recover();
  await machine.remove();
});

/** Puts programs before git and ssh-add that write down what they are called with. */
async function logArguments({ home, env }: Machine): Promise<void> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  const own = env.PATH!;
  for (const name of ['git', 'ssh-add', 'travis']) {
    const script = `#!/bin/sh\necho "${name} $*" >> '${home}/arguments'\nPATH='${own}' exec ${name} "$@"\n`;
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
  }
  env.PATH = `${bin}:${own}`;
}

function secrets(): string[] {
  return [...given, ...ENV_VALUES, world.travis.token, SECRET];
}

/** Every file on the machine, as text, but those that are there to hold secrets. */
async function files(except: string[]): Promise<[path: string, text: string][]> {
  const paths = await readdir(machine.home, { recursive: true, withFileTypes: true });
  const found = paths
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !except.includes(path));
  return Promise.all(
    found.map(async (path) => [path, await readFile(path, 'latin1')] as const),
  ) as Promise<[string, string][]>;
}

/** Neither what the runs said, nor what they left on the machine, has a secret. */
async function expectNoSecret(runs: Ran[], except: string[] = []): Promise<void> {
  const texts = [
    ...runs.flatMap(({ stdout, stderr }) => [
      ['stdout', stdout],
      ['stderr', stderr],
    ]),
    ...(await files([envFile, ...except])),
  ];
  // There is something to be searched.
  expect(texts.some(([path]) => path!.endsWith('add-app') || path!.endsWith('.jsonl'))).toBe(true);
  expect(texts.some(([path]) => path!.endsWith('/arguments'))).toBe(true);
  for (const secret of secrets()) {
    const where = texts.filter(([, text]) => text!.includes(secret)).map(([path]) => path);
    expect(where, `has “${secret.slice(0, 6)}…”`).toEqual([]);
  }
}

function run(...flags: string[]): Promise<Ran> {
  const host = `${slug.split('/')[1]}.example.gov`;
  return machine.run(...addApp(dir, '--host', host, '--no-cdn', ...flags));
}

/** As a person reads it; what follows is for a person who looks for what is wrong. */
function runPlain(...flags: string[]): Promise<Ran> {
  const host = `${slug.split('/')[1]}.example.gov`;
  const args = addApp(dir, '--host', host, '--no-cdn', '--debug', ...flags);
  return machine.run(...args.filter((arg) => arg !== '--json'));
}

async function keyFiles(): Promise<string[]> {
  const all = await files([]);
  return all.map(([path]) => path).filter((path) => /keys\/\d+\/digital-apps\/[^/]*$/.test(path));
}

describe('no secret leaves its place', () => {
  test('by a dry run, a whole run, and another', async () => {
    const runs = [
      await run('--env-file', envFile, '--dry-run'),
      await runPlain('--env-file', envFile),
      await runPlain('--env-file', envFile, '--dry-run'),
      await run('--env-file', envFile),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(given).toHaveLength(1);
    await expectNoSecret(runs);
    // Travis CI has it, so that it is nowhere else.
    const secret = world.travis.variables(slug).find((each) => !each.public);
    expect(secret).toMatchObject({ name: 'AWS_SECRET_ACCESS_KEY', value: given[0] });
    expect(await keyFiles()).toEqual([]);
  });

  test('by errors of AWS and Travis CI that say again what they were told', async () => {
    world.faults.inject({ operation: 'PutObject', code: 'InvalidRequest' });
    world.faults.inject({ operation: 'CreateRepository', status: 403, code: 'AccessDenied' });
    for (let times = 0; times < 12; times += 1) {
      world.travis.fail({
        ...{ method: 'POST', status: 422 },
        get body() {
          const { body } = world.travis.requests.at(-1)!;
          const value = JSON.parse(body)['env_var.value'];
          return {
            ...{ '@type': 'error', error_type: 'unprocessable_entity' },
            error_message: `refused ${value} of ${world.travis.token}`,
          };
        },
      });
    }
    const failed = await runPlain('--env-file', envFile);
    expect(failed.exitCode, failed.stdout).toBe(1);
    expect(failed.stdout).toContain('refused us-east-2');
    expect(given).toHaveLength(1);
    const [keyFile, ...more] = await keyFiles();
    expect(more).toEqual([]);
    await expectNoSecret([failed], [keyFile!]);
    expect(await readFile(keyFile!, 'utf8')).toContain(given[0]);
    expect((await stat(keyFile!)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(keyFile!))).mode & 0o777).toBe(0o700);
  });

  test('by a .env file that cannot be read, or a token that is refused', async () => {
    await writeFile(envFile, `${ENV_FILE}${ENV_VALUES[0]} = oops\n`);
    const unread = await runPlain('--env-file', envFile);
    expect(unread.exitCode).toBe(2);
    expect(unread.stderr).toContain('production.env, line 5');
    machine.env.TRAVIS_TOKEN = 'mistyped-token';
    const refused = await runPlain();
    expect(refused.exitCode).toBe(2);
    await expectNoSecret([unread, refused]);
    expect(unread.stderr + refused.stderr).not.toContain('mistyped-token');
  });

  test('by a run without a token, whose key is kept for whoever sets it', async () => {
    delete machine.env.TRAVIS_TOKEN;
    await writeFile(join(dir, '.env'), ENV_FILE);
    const runs = [await run(), await runPlain()];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(given).toHaveLength(1);
    const [keyFile, ...more] = await keyFiles();
    expect(more).toEqual([]);
    await expectNoSecret(runs, [keyFile!, join(dir, '.env')]);
    expect(await readFile(keyFile!, 'utf8')).toContain(given[0]);
    expect((await stat(keyFile!)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(keyFile!))).mode & 0o777).toBe(0o700);
  });
});
