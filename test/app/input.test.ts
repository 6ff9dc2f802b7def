import { chmod, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import {
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsClients } from '../support/clients.ts';
import { newMachine } from '../support/program.ts';
import { openTerminal } from '../support/terminal.ts';
import { canRun, giveAway, picture, runElsewhere, somebody } from './elsewhere.ts';
import { type AppWorld, newAppWorld } from './world.ts';

/** In no sentence, and in no log. */
const SECRET = 's3cr3t-that-is-never-shown';
const HOST = ['--host', 'parks.example.gov'];
const DIR = ['--dir', 'APP'];
const ARN = 'arn:aws:acm:us-east-2:123456789012:certificate/11111111-2222-3333-4444-555555555555';

let world: AppWorld;
const canTry = await canRun();

beforeAll(async () => {
  world = await newAppWorld();
  const taken = await world.add(
    await world.clone('city/taken'),
    ...['--host', 'taken.example.gov', '--set', 'certificate=none', '--no-cdn'],
  );
  expect(taken.exitCode).toBe(0);
  const [ireland, frankfurt] = ['eu-west-1', 'eu-central-1'].map((region) =>
    awsClients(world.emulator.endpoint, region),
  );
  const cluster = (clusterName: string) =>
    new CreateClusterCommand({
      clusterName,
      tags: [{ key: 'digital-apps:cluster', value: clusterName }],
    });
  await ireland!.ecs.send(cluster('zoo'));
  await ireland!.ecs.send(cluster('parks'));
  await frankfurt!.ecs.send(cluster('alone'));
  world.faults.clear();
}, 90_000);

afterAll(() => world.stop());

interface Row {
  name: string;
  /** Done to the clone beforehand. */
  before?(app: string): Promise<unknown>;
  /** APP stands for the clone. */
  flags: string[];
  says: (string | RegExp)[];
}

const git = (app: string, ...args: string[]) => execa('git', ['-C', app, ...args]);
const remote = (url: string) => (app: string) => git(app, 'remote', 'set-url', 'origin', url);
const file = (name: string, content: string | Buffer) => (app: string) =>
  writeFile(join(app, name), content);
const set = (...settings: string[]) => settings.flatMap((each) => ['--set', each]);
const GIVE = 'Say which repository on GitHub it is: --repo owner/name.';
const FOLDER = 'Name the folder that holds the app’s repository.';
const SLUG = 'Give it as owner/name, like CityOfBoston/registry-certs.';

const hosts: Row[] = [
  {
    name: 'none',
    flags: DIR,
    says: [
      'It is not known under which host name the app is reached.',
      'Add --host, like --host permits.example.gov.',
    ],
  },
  {
    name: 'a character that no host has',
    flags: [...DIR, '--host', 'my_parks.example.gov'],
    says: [
      '“my_parks.example.gov” will not do as the host: letters, digits, hyphens and dots make a name, not “_”.',
    ],
  },
  {
    name: 'a wildcard',
    flags: [...DIR, '--host', '*.example.gov'],
    says: [
      '“*.example.gov” will not do as the host: a wildcard is for certificates.',
      'Give each host by its own name.',
    ],
  },
  {
    name: 'more characters than a rule takes',
    flags: [...DIR, '--host', `${'a'.repeat(60)}.${'b'.repeat(60)}.example.gov`],
    says: [/ will not do as the host: it has 133 characters, a load balancer’s rule takes 128\.$/],
  },
  {
    name: 'a scheme before it',
    flags: [...DIR, '--host', `https://me:${SECRET}@parks.example.gov/map`],
    says: [
      'A host name alone is wanted: leave out the scheme (https://), the user, and the path.',
      'Use parks.example.gov.',
    ],
  },
  {
    name: 'six',
    flags: [...DIR, ...'abcdef'.split('').flatMap((each) => ['--host', `${each}.example.gov`])],
    says: ['host: a rule of the load balancer takes five names, not 6.'],
  },
  {
    name: 'one that another app has',
    flags: [...DIR, ...HOST, '--host', 'taken.example.gov'],
    says: [
      'taken.example.gov is taken: the load balancer sends it to the app taken.',
      'Name another host, or take it away there first.',
    ],
  },
];

const repositories: Row[] = [
  {
    name: 'none',
    before: (app) => rm(join(app, '.git'), { recursive: true }),
    flags: [...DIR, ...HOST],
    says: ['APP is not in a git repository.', 'Give the folder of a clone.'],
  },
  {
    name: 'a bare one',
    before: async (app) => {
      await execa('git', ['init', '--quiet', '--bare', join(app, 'bare.git')]);
      await git(join(app, 'bare.git'), 'remote', 'add', 'origin', 'git@github.com:city/parks.git');
    },
    flags: ['--dir', 'APP/bare.git', ...HOST],
    says: [
      'APP/bare.git is a bare repository, which holds no files.',
      'Give the folder of a clone.',
    ],
  },
  {
    name: 'a bare one, named',
    before: (app) => execa('git', ['init', '--quiet', '--bare', join(app, 'bare.git')]),
    flags: ['--dir', 'APP/bare.git', '--repo', 'city/parks', ...HOST],
    says: [
      'APP/bare.git is a bare repository, which holds no files.',
      'Give the folder of a clone.',
    ],
  },
  {
    name: 'a folder in it',
    before: (app) => mkdir(join(app, 'src')),
    flags: ['--dir', 'APP/src', '--repo', 'city/parks', ...HOST],
    says: [
      '--dir: APP/src lies in the repository APP, and is none itself.',
      'Say --dir APP if that is the app’s, or else run git init in APP/src.',
    ],
  },
  {
    name: 'without a remote',
    before: (app) => git(app, 'remote', 'remove', 'origin'),
    flags: [...DIR, ...HOST],
    says: ['APP has no remote in git.', GIVE],
  },
  {
    name: 'at somebody else’s',
    before: remote(`https://me:${SECRET}@gitlab.example.com/city/parks.git`),
    flags: [...DIR, ...HOST],
    says: ['The remote origin is not on GitHub but at gitlab.example.com.', GIVE],
  },
  {
    name: 'a file as the folder',
    flags: ['--dir', 'APP/package.json', ...HOST],
    says: ['--dir: APP/package.json is not a folder.', FOLDER],
  },
  {
    name: 'a folder that is not there',
    flags: ['--dir', 'APP/gone', '--repo', 'city/parks', ...HOST],
    says: ['--dir: APP/gone is not there.', FOLDER],
  },
  {
    name: 'no owner',
    flags: [...DIR, '--repo', 'parks', ...HOST],
    says: ['What is given as the repository is not a repository on GitHub.', SLUG],
  },
  {
    name: 'an empty name',
    flags: [...DIR, '--repo', '', ...HOST],
    says: ['repo must be a word, not nothing.'],
  },
  {
    name: 'an address that is not GitHub’s',
    flags: [...DIR, '--repo', `https://me:${SECRET}@gitlab.com/city/parks`, ...HOST],
    says: ['What is given as the repository is not on GitHub but at gitlab.com.', SLUG],
  },
];

// By --set: Node itself looks at --env-file first, wherever it stands.
const ENV = [...DIR, ...HOST, ...set('env-file=APP/.env')];
const envFiles: Row[] = [
  {
    name: 'a folder',
    before: (app) => mkdir(join(app, '.env')),
    flags: ENV,
    says: ['APP/.env is a folder.', 'Give a file.'],
  },
  { name: 'missing', flags: ENV, says: ['There is no file APP/.env.'] },
  {
    name: 'of 10 MB',
    before: file('.env', 'A=1\n'.repeat(2_500_000)),
    flags: ENV,
    says: [
      'APP/.env is larger than 1 MiB, too large for environment variables.',
      'Give the right file.',
    ],
  },
  {
    name: 'not UTF-8',
    before: file('.env', Buffer.from(`A=1\nNAME=${SECRET}é\n`, 'latin1')),
    flags: ENV,
    says: ['APP/.env, line 2: some characters are not UTF-8.', 'Save it as UTF-8.'],
  },
  {
    name: 'with a key twice',
    before: file('.env', `KEY=${SECRET}\n# more\nB=2\nKEY=other-${SECRET}\n`),
    flags: ENV,
    says: ['APP/.env, line 4: KEY is set in line 1 already.', 'Remove one of the two.'],
  },
  {
    name: 'said without a name',
    flags: [...DIR, ...HOST, ...set('env-file=')],
    says: ['env-file must be a word, not nothing.'],
  },
];

const answers: Row[] = [
  {
    name: 'deploy-with',
    flags: [...DIR, ...HOST, '--deploy-with', 'ecs'],
    says: ['deploy-with: “ecs” will not do: say digital-apps or ecs-cli.'],
  },
  {
    name: 'an unknown key, nearly right',
    flags: [...DIR, ...HOST, ...set('helth-check=/ok')],
    says: ['There is no answer called helth-check.', 'Did you mean health-check?'],
  },
  {
    name: 'a token',
    flags: [...DIR, ...HOST, ...set(`travis-token=${SECRET}`)],
    says: [
      'travis-token is a secret and is not taken from here.',
      'Set TRAVIS_TOKEN in the environment.',
    ],
  },
  {
    name: 'an address of nobody',
    flags: [...DIR, ...HOST, ...set('alarm-email=ops@example')],
    says: ['alarm-email: “ops@example” is no address.', 'Say one, like ops@example.gov, or none.'],
  },
  {
    name: 'something that nobody watches',
    flags: [...DIR, ...HOST, ...set('monitoring=errors,memry')],
    says: [
      'monitoring: memry is none of errors, memory, instances, dashboard.',
      'Did you mean memory?',
    ],
  },
  {
    name: 'a malformed access key',
    flags: [...DIR, ...HOST, ...set('access-key=AKIA123')],
    says: [
      'access-key: “AKIA123” will not do: say new, own-user, replace-AKIA…, or the id of a key.',
    ],
  },
  {
    name: 'an access key of a session',
    flags: [...DIR, ...HOST, ...set('access-key=ASIAAAAAAAAAAAAAAAAA')],
    says: [
      /^access-key: “ASIA\w+” will not do: say new, own-user, replace-AKIA…, or the id of a key\.$/,
    ],
  },
  {
    name: 'an access key to replace that is not there',
    flags: [...DIR, ...HOST, ...set('access-key=replace-AKIAAAAAAAAAAAAAAAAA')],
    says: [
      'Neither digitalTravis nor digitalTravis-parks has an access key AKIAAAAAAAAAAAAAAAAA.',
      'Leave --set access-key=… out to have one made.',
    ],
  },
  {
    name: 'an access key that is not there',
    flags: [...DIR, ...HOST, ...set('access-key=AKIAAAAAAAAAAAAAAAAA')],
    says: [
      'Neither digitalTravis nor digitalTravis-parks has an access key AKIAAAAAAAAAAAAAAAAA.',
      'Leave --set access-key=… out to have one made.',
    ],
  },
  {
    name: 'a certificate of another Region',
    flags: [...DIR, ...HOST, ...set(`certificate=${ARN.replace('us-east-2', 'us-west-1')}`)],
    says: [
      'The certificate is in us-west-1 and the cluster in us-east-2: a load balancer takes certificates of its own Region alone.',
      'Say --set certificate=request to have one made there.',
    ],
  },
  {
    name: 'a certificate that is not there',
    flags: [...DIR, ...HOST, ...set(`certificate=${ARN}`)],
    says: [
      `There is no certificate ${ARN} in us-east-2.`,
      'Say --set certificate=request to have one made.',
    ],
  },
  {
    name: 'a name that no registry takes',
    flags: [...DIR, ...HOST, ...set('service=Parks')],
    says: [/^service: “Parks” will not do: ECR takes /, /^Take another name, or parks-\w{8}\.$/],
  },
  {
    name: 'a file to replace that is not ours',
    before: file('README.md', 'x'),
    flags: [...DIR, ...HOST, ...set('replace-files=README.md')],
    says: ['replace-files: README.md is not among the files that were changed.'],
  },
  {
    name: 'a file to replace, nearly right',
    before: async (app) => {
      await mkdir(join(app, 'deploy'));
      await file('deploy/Dockerfile', 'FROM node\n')(app);
    },
    flags: [...DIR, ...HOST, ...set('replace-files=Dockerfile')],
    says: [
      'replace-files: Dockerfile is not among the files that were changed.',
      'These are: deploy/Dockerfile.',
    ],
  },
  {
    name: 'a cluster that is not there',
    flags: [...DIR, ...HOST, ...set('cluster=digitalApp')],
    says: [
      'There is no cluster digitalApp made by digital-apps in us-east-2.',
      'Did you mean digitalApps?',
    ],
  },
  {
    name: 'no cluster in the Region',
    flags: [...DIR, ...HOST, '--region', 'sa-east-1'],
    says: [
      'There is no cluster made by digital-apps in sa-east-1.',
      'Make one first: npx digital-apps init-cluster; or name the Region that has it: --region.',
    ],
  },
  {
    name: 'one of several clusters',
    flags: [...DIR, ...HOST, '--region', 'eu-west-1'],
    says: [
      'There are several clusters in eu-west-1: parks, zoo.',
      'Say which one it runs in, like --set cluster=parks.',
    ],
  },
  {
    name: 'a cluster, of several, whose load balancer is gone',
    flags: [...DIR, ...HOST, '--region', 'eu-west-1', ...set('cluster=zoo')],
    says: [
      'The cluster zoo has no load balancer.',
      'Put it right first: npx digital-apps init-cluster --set cluster-prefix=zoo.',
    ],
  },
  {
    name: 'the only cluster, whose load balancer is gone',
    flags: [...DIR, ...HOST, '--region', 'eu-central-1'],
    says: [
      'The cluster alone has no load balancer.',
      'Put it right first: npx digital-apps init-cluster --set cluster-prefix=alone.',
    ],
  },
  {
    name: 'a flag, nearly right',
    flags: [...DIR, '--hots', 'parks.example.gov'],
    says: ['Unknown option --hots.', 'Did you mean --host?'],
  },
];

/** What it said, without the lines that say where it is about to work. */
function said({ stderr }: { stderr: string }): string[] {
  const isHead = /^(digital-apps add-app$|(Account|Region|Endpoint) |(Looking|Comparing) .*…$|$)/;
  return stderr.split('\n').filter((line) => !isHead.test(line));
}

describe.each([
  ['host', hosts],
  ['repository', repositories],
  ['.env', envFiles],
  ['answer', answers],
])('refuses as the %s, and touches nothing:', (_, rows) => {
  test.concurrent.each(rows)('$name', async ({ before, flags, says }) => {
    const app = await world.clone('city/parks');
    await before?.(app);
    const untouched = await picture(app);
    const here = (text: string) => text.replaceAll('APP', app);
    const ran = await world.machine.run('add-app', '--yes', '--json', ...flags.map(here));
    expect(said(ran)).toEqual(
      says.map((each) => (typeof each === 'string' ? here(each) : expect.stringMatching(each))),
    );
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).not.toContain(SECRET);
    expect(await picture(app)).toEqual(untouched);
    expect(world.changing()).toEqual([]);
  });
});

describe('refuses', () => {
  test('without a terminal and without --yes', async () => {
    const ran = await world.machine.run('add-app', ...HOST);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).toBe(
      'There is no terminal to ask in.\nAdd --yes to take the defaults and go ahead, or --dry-run to see the plan.\n',
    );
  });

  test('an empty sandbox, and says how a cluster is made there', async () => {
    const { env } = world.machine;
    const machine = await newMachine(undefined, { XDG_CACHE_HOME: env.XDG_CACHE_HOME });
    const ran = await machine.run(
      ...['add-app', '--sandbox', '--yes', '--repo', 'city/parks', ...HOST],
    );
    await machine.run('sandbox', 'stop');
    await machine.remove();
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(
      'There is no cluster made by digital-apps in the sandbox.\nMake one first: npx digital-apps init-cluster --sandbox; ',
    );
  });

  test.skipIf(!canTry)('a .env that may not be read', async () => {
    const theirs = await world.clone('city/parks');
    await writeFile(join(theirs, '.env'), `KEY=${SECRET}\n`, { mode: 0o600 });
    await chmod(theirs, 0o755);
    await chmod(world.machine.home, 0o755);
    const machine = await newMachine(world.faults.endpoint);
    const app = join(machine.home, 'parks');
    await mkdir(app);
    await giveAway(machine.home);
    const flags = ['--dir', app, '--repo', 'city/parks', ...HOST];
    const file = set(`env-file=${join(theirs, '.env')}`);
    const ran = await runElsewhere(machine, somebody, 'add-app', '--yes', ...flags, ...file);
    await machine.remove();
    expect(said(ran)).toEqual([`You may not read ${join(theirs, '.env')}.`]);
    expect(ran.exitCode).toBe(2);
  });
});

/** A dry run there, to its end. */
async function look(cwd: string, ...flags: string[]) {
  const args = ['add-app', '--dry-run', ...HOST, ...flags];
  const ran = await runElsewhere(world.machine, { cwd }, ...args);
  return { exitCode: ran.exitCode, says: ran.stderr + ran.stdout };
}

describe('takes', () => {
  const seen = async (looking: ReturnType<typeof look>, ...lines: string[]) => {
    const { exitCode, says } = await looking;
    for (const line of lines) expect(says).toContain(line);
    expect(exitCode).toBe(0);
  };

  test.concurrent('other alphabets in a host, as punycode', async () => {
    const app = await world.clone('city/parks');
    await seen(look(app, '--host', 'bürger.example.gov'), 'xn--brger-kva.example.gov');
  });

  test.concurrent('any folder of the repository that one is in', async () => {
    const app = await world.clone('city/parks');
    await mkdir(join(app, 'src'));
    const top = await realpath(app);
    await seen(look(join(app, 'src')), `Files      in ${top},`, 'parks, of city/parks,');
    await seen(look(join(app, 'src'), '--repo', 'city/other'), `Files      in ${top},`);
  });

  test.concurrent('a repository behind a link', async () => {
    const app = await world.clone('city/parks');
    await symlink(app, `${app}-link`);
    await seen(look('/', '--dir', `${app}-link`), `Files      in ${await realpath(app)},`);
  });

  test.concurrent('a folder outside of git, if it is said which repository it is', async () => {
    const app = await world.clone('city/parks');
    await rm(join(app, '.git'), { recursive: true });
    await seen(look(app, '--repo', 'https://github.com/city/zoo.git'), 'zoo, of city/zoo,');
  });

  test.concurrent('a repository where no branch is checked out', async () => {
    const app = await world.clone('city/parks');
    const me = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
    await git(app, ...me, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    await git(app, 'checkout', '--quiet', '--detach');
    await seen(look(app), 'from develop');
  });

  test.concurrent('a .env by its path from where one is', async () => {
    const app = await world.clone('city/parks');
    await file('.env', 'A=1\n')(app);
    const top = await realpath(app);
    await mkdir(join(app, 'src'));
    await seen(look(join(app, 'src'), '--env-file', '../.env'), `.env       ${top}/.env`);
    const path = relative(world.machine.home, join(app, '.env'));
    await seen(
      look(world.machine.home, '--dir', app, '--env-file', path),
      `.env       ${join(app, '.env')}`,
    );
  });
});

describe('in a terminal', () => {
  const open = (cwd: string, ...flags: string[]) =>
    openTerminal(['add-app', '--plain', ...flags], { cwd, env: world.machine.env });

  test('asks for the repository where git does not know it', async () => {
    const app = await world.clone('city/parks');
    await git(app, 'remote', 'remove', 'origin');
    const terminal = open(app, ...HOST);
    await terminal.shows('has no remote in git');
    await terminal.shows('Which repository at GitHub is it?');
    terminal.press('city/parks\r');
    await terminal.shows('What is the app called in the cluster?');
    terminal.close();
  });

  test('says why it asks again for a name that is somebody else’s', async () => {
    const app = await world.clone('city/parks');
    const { LoadBalancers } = await world.aws.elb.send(new DescribeLoadBalancersCommand({}));
    const { VpcId } = LoadBalancers![0]!;
    await world.aws.elb.send(
      new CreateTargetGroupCommand({ Name: 'strangers', Protocol: 'HTTP', Port: 80, VpcId }),
    );
    const answers = ['health-check=/ok', 'certificate=none', 'cdn=no', 'keep-images=9'];
    const more = ['access-key=new', 'env-file=none', 'gitignore=no', 'branch=develop'];
    const rest = ['deploy-with=ecs-cli', 'repo=city/parks', 'alarm-email=none', 'monitoring=none'];
    const terminal = open(app, ...HOST, ...set(...answers, ...more, ...rest));
    await terminal.shows('What is the app called in the cluster?');
    terminal.press('\x15strangers\r');
    await terminal.shows('Target group strangers is there already and was not made by');
    await terminal.shows(/called in the cluster\?[\s\S]+called in the cluster\?/);
    terminal.close();
  });

  test('asks which of several clusters it is', async () => {
    const terminal = open(
      await world.clone('city/parks'),
      ...HOST,
      '--region',
      'eu-west-1',
      '--repo',
      'city/parks',
    );
    await terminal.shows('Which cluster does it run in?');
    await terminal.shows(/parks[\s\S]*zoo/);
    terminal.close();
  });

  test('ends where no answer helps', async () => {
    const terminal = open(await world.clone('city/parks'), ...HOST, '--region', 'sa-east-1');
    expect(await terminal.ended).toBe(2);
    expect(terminal.text()).toContain('There is no cluster made by digital-apps in sa-east-1.');
  });

  test('ends where the only cluster will not do', async () => {
    const app = await world.clone('city/parks');
    const terminal = open(app, ...HOST, '--region', 'eu-central-1', '--repo', 'city/parks');
    await terminal.shows('What is the app called in the cluster?');
    terminal.press('\r');
    expect(await terminal.ended).toBe(2);
    expect(terminal.text()).toContain('The cluster alone has no load balancer.');
  });
});

test('no secret that was given by mistake is in a log', async () => {
  const logs = join(world.machine.home, 'state');
  const { stdout, exitCode } = await execa('grep', ['-rlF', SECRET, logs], { reject: false });
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
});
