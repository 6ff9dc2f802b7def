import { execa } from 'execa';
import { type Check, pass, skip, type Verdict, warn } from './check.ts';

/** In milliseconds. */
const PATIENCE = 5_000;

interface Tool {
  id: string;
  title: string;
  why: string;
  fix: string;
  command: [string, ...string[]];
  /** What it answers otherwise, by its exit code: no more than good to know. */
  otherwise?: Record<number, string>;
}

const TOOLS: Tool[] = [
  {
    id: 'machine.aws-cli',
    title: 'The AWS CLI works',
    why: 'Some of the fixes given here are lines for it.',
    fix: 'Install it: https://aws.amazon.com/cli/',
    command: ['aws', '--version'],
  },
  {
    id: 'machine.docker',
    title: 'Docker works',
    why: 'It builds an app’s image, where you deploy from this machine.',
    fix: 'Start Docker, or install it: https://docs.docker.com/get-docker/',
    command: ['docker', 'version', '--format', '{{.Server.Version}}'],
  },
  {
    id: 'machine.git',
    title: 'Git works',
    why: 'add-app reads from it which repository it is in.',
    fix: 'Install it: https://git-scm.com/downloads',
    command: ['git', '--version'],
  },
  {
    id: 'machine.ssh-agent',
    title: 'ssh-agent has a key',
    why: 'With it you can connect to an instance by SSH; Session Manager needs none.',
    fix: 'ssh-add the private half of the cluster’s key pair.',
    command: ['ssh-add', '-l'],
    otherwise: { 1: 'ssh-agent has no key.', 2: 'No ssh-agent runs here.' },
  },
];

export const machineChecks: Check[] = TOOLS.map(({ command, otherwise = {}, ...tool }) => ({
  ...tool,
  group: 'Machine',
  look: ({ signal }) => outcome(command, otherwise, tool.fix, signal),
}));

async function outcome(
  [file, ...args]: Tool['command'],
  otherwise: Record<number, string>,
  fix: string,
  cancelSignal: AbortSignal,
): Promise<Verdict> {
  const running = execa(file, args, { reject: false, stdin: 'ignore', cancelSignal });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    running.kill('SIGKILL');
    // What it has started itself may hold these open for as long as it likes.
    running.stdout.destroy();
    running.stderr.destroy();
  }, PATIENCE);
  const { exitCode, code, stdout, stderr } = await running;
  clearTimeout(timer);
  if (isLate) return warn(`${file} gave no answer within ${PATIENCE / 1000} s.`, fix);
  if (exitCode === 0) return pass(firstLine(stdout || stderr));
  if (code === 'ENOENT') return skip(`${file} is not on this machine. ${fix}`);
  const known = otherwise[exitCode ?? -1];
  if (known) return skip(known);
  return warn(
    `${file} does not work: ${firstLine(stderr || stdout) || 'it does not say why'}`,
    fix,
  );
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]!;
}
