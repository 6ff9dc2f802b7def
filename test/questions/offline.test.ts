import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, newMachine } from '../support/program.ts';

let server: Server;
let machine: Machine;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  machine = await newMachine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await mkdir(join(machine.home, 'folder'));
});

afterAll(async () => {
  await machine.remove();
  server.close();
});

afterEach(() => expect(asked, 'calls made').toEqual([]));

/** Runs the program, and expects these words on stderr, nothing on stdout, and that it used exit code 2. */
async function refuses(args: string[], says: string): Promise<void> {
  const { exitCode, stdout, stderr } = await machine.run(...args);
  expect({ stderr: stderr.trimEnd(), stdout, exitCode }).toEqual({
    stderr: says,
    stdout: '',
    exitCode: 2,
  });
}

const seeHelp = 'See digital-apps --help.';

describe('a command line that will not do', () => {
  test.concurrent.each([
    ['foo', `Unknown command foo.\n${seeHelp}`],
    ['init-clustre', 'Unknown command init-clustre.\nDid you mean init-cluster?'],
    ['sandbox strat', 'Unknown command strat.\nDid you mean start?'],
    ['--foo', `Unknown option --foo.\n${seeHelp}`],
    ['init-cluster --dryrun', 'Unknown option --dryrun.\nDid you mean --dry-run?'],
    [
      'init-cluster now',
      `Too many arguments for init-cluster. Expected 0 arguments but got 1: now.\n${seeHelp}`,
    ],
    ['init-cluster --yes --set', `Option --set <key=value> argument missing.\n${seeHelp}`],
    ['init-cluster --answers', `Option --answers <file> argument missing.\n${seeHelp}`],
    [
      'init-cluster',
      'There is no terminal to ask in.\nAdd --yes to take the defaults and go ahead, or --dry-run to see the plan.',
    ],
    [
      'init-cluster --yes --region us-est-2',
      'There is no Region us-est-2.\nDid you mean us-east-2?',
    ],
    [
      'init-cluster --yes --region ohio',
      'There is no Region ohio.\nThe usual ones are us-east-1, us-east-2 and us-west-2.',
    ],
  ])('%s', (line, says) => refuses(line.split(' '), says));
});

const keys =
  'account-prefix, cluster-prefix, bucket-prefix, bucket, instance-type, ami, disk-size, min, desired, max, vpc, vpc-cidr, zones, subnets, ssh-cidrs, key-pair, ssh-add, container-insights, certificate';
const likeThis = 'Write it like --set vpc-cidr=10.20.0.0/16.';

describe('an answer that will not do', () => {
  test.concurrent.each([
    ['max', `--set max has no value.\n${likeThis}`],
    ['=6', `--set =6 has no key.\n${likeThis}`],
    ['vpcs=new', 'There is no answer called vpcs.\nDid you mean vpc?'],
    ['colour=red', `There is no answer called colour.\nThere are ${keys}.`],
    ['max=many', 'max must be a whole number, not "many".'],
    ['container-insights=maybe', 'container-insights must be yes or no, not "maybe".'],
    ['vpc-cidr=10.20.0/16', '10.20.0/16 is not an address range.\nWrite it like 10.20.0.0/16.'],
    ['vpc-cidr=10.20.0.1/16', '10.20.0.1/16 has host bits set.\nDid you mean 10.20.0.0/16?'],
    ['vpc-cidr=10.0.0.0/8', '10.0.0.0/8 is too large: a VPC is at most a /16.'],
    [
      'vpc-cidr=10.20.0.0/27',
      '10.20.0.0/27 is too small for two subnets that a load balancer can use.\nTake a /26 at the least; a /16 leaves room to grow.',
    ],
    [
      'ssh-cidrs=10.0.0.0/8,10.1.0.0/16',
      'ssh-cidrs: 10.1.0.0/16 overlaps another range of the list; leave one out.',
    ],
    [
      'cluster-prefix=my_apps',
      'cluster-prefix: “my_apps” will not do: AWS takes letters, digits and hyphens, starting with a letter and not ending with a hyphen.',
    ],
    [
      `cluster-prefix=${'a'.repeat(33)}`,
      `cluster-prefix: “${'a'.repeat(33)}” has 33 characters; a load balancer’s name has 32 at most.`,
    ],
    [
      'bucket=my_bucket',
      'bucket: “my_bucket” will not do: S3 takes 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    ],
    ['zones=us-east-2a', 'zones must name two at least: a load balancer needs two zones.'],
    ['zones=us-east-2a,us-west-2b', 'zones: us-west-2b is not in us-east-2.'],
    ['subnets=subnet-0a1b2c3d', 'subnets must name two at least: a load balancer needs two zones.'],
    [
      'certificate=arn:aws:acm:us-west-2:123456789012:certificate/0a1b',
      'The certificate is in us-west-2 and the cluster in us-east-2: a load balancer takes certificates of its own Region alone.\nRequest one in us-east-2, or leave it at --set certificate=none.',
    ],
    ['min=3 max=2', 'min is 3 and max is 2: min cannot be more than max.'],
    ['min=3 desired=2', 'min is 3 and desired is 2: min cannot be more than desired.'],
    ['desired=3 max=2', 'desired is 3 and max is 2: desired cannot be more than max.'],
    [
      'vpc=new subnets=subnet-0a1b2c3d,subnet-4e5f6a7b',
      'subnets are of an existing network: give vpc=vpc-… with them, or zones for a new one.',
    ],
    [
      'vpc=vpc-0a1b2c3d zones=us-east-2a,us-east-2b',
      'zones is for a new network, and vpc-0a1b2c3d exists: leave it out, or say vpc=new.',
    ],
  ])('%s', (settings, says) =>
    refuses(
      ['init-cluster', '--yes', ...settings.split(' ').flatMap((each) => ['--set', each])],
      says,
    ),
  );
});

describe('an answers file that will not do', () => {
  const holdsKeys = 'must hold keys and values, like vpc-cidr: 10.20.0.0/16.';
  test.concurrent.each([
    [
      'a.yaml',
      'vpc: new\nzones: [us-east-2a,\n',
      'a.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    ['tab.yaml', 'vpc: new\n\tmax: 2\n', 'tab.yaml:2:1: Tabs are not allowed as indentation.'],
    ['a.json', '{\n  "vpc": "new",\n  "max": 2', 'a.json:3:11: Flow map must end with a }.'],
    [
      'comma.json',
      '{\n  "vpc": "new"\n  "max": 2\n}',
      'comma.json:3:3: Missing , between flow map items.',
    ],
    ['twice.yaml', 'min: 1\nmax: 3\nmin: 2\n', 'twice.yaml:3:1: Map keys must be unique.'],
    [
      'alias.yaml',
      'min: 1\nmax: *most\n',
      'alias.yaml:2:1: Unresolved alias (the anchor must be set before the alias): most.',
    ],
    ['tag.yaml', 'min: 1\nvpc: !any new\n', 'tag.yaml:2:6: Unresolved tag: !any.'],
    ['two.yaml', 'min: 1\n---\nmax: 2\n', 'two.yaml:2:1: Source contains multiple documents.'],
    ['list.yaml', '- vpc\n- max\n', `list.yaml ${holdsKeys}`],
    ['words.yaml', 'make me a cluster\n', `words.yaml ${holdsKeys}`],
    ['type.yaml', 'min: 1\nmax: many\n', 'type.yaml:2:1: max must be a whole number, not "many".'],
    ['list-in.yaml', 'vpc: [new]\n', 'list-in.yaml:1:1: vpc must be a word, not ["new"].'],
    ['no-list.yaml', 'zones: 2\n', 'no-list.yaml:1:1: zones must be a list, like a,b, not 2.'],
    ['nothing.yaml', 'vpc:\n', 'nothing.yaml:1:1: vpc must be a word, not nothing.'],
    [
      'key.yaml',
      'min: 1\ninstance_type: t3.small\n',
      'key.yaml:2:1: There is no answer called instance_type.\nDid you mean instance-type?',
    ],
    [
      'odd-key.yaml',
      '? [min]\n: 1\n',
      `odd-key.yaml:1:3: There is no answer called ["min"].\nThere are ${keys}.`,
    ],
    [
      'nested.yaml',
      'vpc:\n  cidr: 10.20.0.0/16\n',
      'nested.yaml:1:1: vpc must be a word, not {"cidr":"10.20.0.0/16"}.',
    ],
    ['together.yaml', 'min: 3\nmax: 2\n', 'min is 3 and max is 2: min cannot be more than max.'],
  ])('%s', async (name, content, says) => {
    await writeFile(join(machine.home, name), content);
    await refuses(['init-cluster', '--yes', '--answers', name], says);
  });

  test.concurrent.each([
    ['none.yaml', 'Cannot read none.yaml: there is no such file.'],
    ['none/a.yaml', 'Cannot read none/a.yaml: there is no such file.'],
    ['folder', 'Cannot read folder: it is a folder.'],
  ])('%s', (name, says) => refuses(['init-cluster', '--yes', '--answers', name], says));

  // To root, every file is readable.
  test.skipIf(process.getuid?.() === 0)('one that may not be read', async () => {
    await writeFile(join(machine.home, 'secret.yaml'), 'min: 1\n', { mode: 0o200 });
    await refuses(
      ['init-cluster', '--yes', '--answers', 'secret.yaml'],
      'Cannot read secret.yaml: you may not read it.',
    );
  });
});
