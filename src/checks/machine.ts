import { checkDocker } from '../docker.ts';
import { UserError } from '../errors.ts';
import { ask, noAnswer } from '../programs.ts';
import { type Check, pass, skip, type Verdict, warn } from './check.ts';

interface Tool {
  id: string;
  title: string;
  problem: string;
  why: string;
  fix: string;
  look(fix: string, signal: AbortSignal): Promise<Verdict>;
}

const TOOLS: Tool[] = [
  {
    id: 'machine.aws-cli',
    title: 'The AWS CLI works',
    problem: 'The AWS CLI does not work',
    why: 'Some of the fixes given here are lines for it.',
    fix: 'Install it: https://aws.amazon.com/cli/',
    look: (fix, signal) => outcome(['aws', '--version'], fix, signal),
  },
  {
    id: 'machine.docker',
    title: 'Docker works',
    problem: 'Docker does not work',
    why: 'It builds an app’s image, where you deploy from this machine; Travis CI has its own.',
    fix: 'Start Docker, or install it: https://docs.docker.com/get-docker/',
    look: (_fix, signal) => outcomeOfDocker(signal),
  },
  {
    id: 'machine.git',
    title: 'Git works',
    problem: 'Git does not work',
    why: 'add-app reads from it which repository it is in.',
    fix: 'Install it: https://git-scm.com/downloads',
    look: (fix, signal) => outcome(['git', '--version'], fix, signal),
  },
  {
    id: 'machine.ssh-agent',
    title: 'ssh-agent has a key',
    problem: 'ssh-agent does not work',
    why: 'With it you can connect to an instance by SSH; Session Manager needs none.',
    fix: 'ssh-add the private half of the cluster’s key pair.',
    look: (fix, signal) =>
      outcome(['ssh-add', '-l'], fix, signal, {
        1: 'ssh-agent has no key.',
        2: 'No ssh-agent runs here.',
      }),
  },
];

export const machineChecks: Check[] = TOOLS.map(({ look, ...tool }) => ({
  ...tool,
  group: 'Machine',
  look: ({ signal }) => look(tool.fix, signal),
}));

/** @param otherwise what it answers otherwise, by its exit code: no more than good to know. */
async function outcome(
  [file, ...args]: [string, ...string[]],
  fix: string,
  signal: AbortSignal,
  otherwise: Record<number, string> = {},
): Promise<Verdict> {
  const { missing, exitCode, stdout, stderr } = await ask(file, args, signal);
  if (missing === 'answer') return warn(noAnswer(file), fix);
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
