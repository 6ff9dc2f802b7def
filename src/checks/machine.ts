import { checkDocker } from '../docker.ts';
import { UserError } from '../errors.ts';
import { ask, noAnswer } from '../programs.ts';
import { keyFile, publicHalf } from '../tasks/cluster/lib/key-file.ts';
import { type Check, type Looking, pass, skip, type Verdict, warn } from './check.ts';
import { usedTemplate } from './lookups/template.ts';

interface Tool extends Omit<Check, 'group' | 'look'> {
  look(looking: Looking, fix: string): Promise<Verdict>;
}

const AWS_CLI: Tool = {
  id: 'machine.aws-cli',
  title: 'The AWS CLI works',
  problem: 'The AWS CLI does not work',
  why: 'Some of the fixes given here are lines for it.',
  fix: 'Install it: https://aws.amazon.com/cli/',
  look: ({ signal }, fix) => outcome(['aws', '--version'], fix, signal),
};

const SSH_AGENT: Tool = {
  id: 'machine.ssh-agent',
  title: 'ssh-agent has the cluster’s key',
  problem: 'ssh-agent does not work',
  why: 'With it you can connect to an instance by SSH; Session Manager needs none.',
  fix: 'ssh-add the private half of the cluster’s key pair.',
  look: keyInAgent,
};

const DOCKER: Tool = {
  id: 'machine.docker',
  title: 'Docker works',
  problem: 'Docker does not work',
  why: 'It builds an app’s image, where you deploy from this machine; Travis CI has its own.',
  fix: 'Start Docker, or install it: https://docs.docker.com/get-docker/',
  look: ({ signal }) => outcomeOfDocker(signal),
};

const GIT: Tool = {
  id: 'machine.git',
  title: 'Git works',
  problem: 'Git does not work',
  why: 'add-app and deploy read from it which repository they are in.',
  fix: 'Install it: https://git-scm.com/downloads',
  look: ({ signal }, fix) => outcome(['git', '--version'], fix, signal),
};

/** What a person needs for a cluster. */
export const machineChecks: Check[] = [AWS_CLI, SSH_AGENT].map(checkOf);

/** What they need for its apps, beside that. */
export const machineChecksForApps: Check[] = [DOCKER, GIT].map(checkOf);

function checkOf({ look, ...tool }: Tool): Check {
  return { ...tool, group: 'Machine', look: (looking) => look(looking, tool.fix) };
}

async function keyInAgent(looking: Looking, fix: string): Promise<Verdict> {
  const template = await usedTemplate(looking);
  const pair = template?.used.LaunchTemplateData?.KeyName;
  if (!pair) return skip('The instances have no key pair.');
  const keys = await ask('ssh-add', ['-L'], looking.signal);
  if (keys.exitCode !== 0) return judged('ssh-add', keys, fix, NO_KEYS);
  const file = keyFile(pair);
  const half = await publicHalf(file).catch(() => undefined);
  if (!half) return skip(`It has keys; whether that of ${pair} cannot be told without ${file}.`);
  const isThere = keys.stdout.includes(half.split(' ')[1]!);
  return isThere ? pass(`It has the key of ${pair}.`) : skip(`It has other keys: ssh-add ${file}`);
}

/** By what `ssh-add` ends with. */
const NO_KEYS = { 1: 'ssh-agent has no key.', 2: 'No ssh-agent runs here.' };

async function outcome(
  [file, ...args]: [string, ...string[]],
  fix: string,
  signal: AbortSignal,
): Promise<Verdict> {
  return judged(file, await ask(file, args, signal), fix);
}

/** @param otherwise what it answers otherwise, by its exit code: no more than good to know. */
function judged(
  file: string,
  { missing, exitCode, stdout, stderr }: Awaited<ReturnType<typeof ask>>,
  fix: string,
  otherwise: Record<number, string> = {},
): Verdict {
  // It is there: what keeps it may pass.
  if (missing === 'answer')
    return warn(noAnswer(file), 'Look again when the machine is less busy.');
  if (exitCode === 0) return pass(firstLine(stdout || stderr));
  if (missing === 'program') return skip(`${file} is not on this machine. ${fix}`);
  const known = otherwise[exitCode ?? -1];
  if (known) return skip(known);
  return warn(
    `${file} does not work: ${firstLine(stderr || stdout) || 'it does not say why'}`,
    fix,
  );
}

/** Nothing that was asked for needs it: a cluster is as well without. */
async function outcomeOfDocker(signal: AbortSignal): Promise<Verdict> {
  try {
    return pass((await checkDocker(signal)).version);
  } catch (error) {
    if (error instanceof UserError) return { ...skip(error.message), fix: error.fix };
    throw error;
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]!;
}
