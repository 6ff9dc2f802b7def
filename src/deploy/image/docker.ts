import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { pause } from '../../aws/waiting.ts';
import { Interrupted } from '../../errors.ts';
import { isPassing } from './troubles.ts';

/** Who is told docker's lines, and who may stop it. */
export interface Listener {
  tell(line: string): void;
  signal: AbortSignal;
}

export interface Said {
  isDone: boolean;
  /** The last ones, of stdout and stderr together. */
  lines: string[];
}

interface Options {
  cwd?: string;
  /** For stdin. */
  input?: string;
  /** What no line may show. */
  secrets?: string[];
}

const KEPT_LINES = 100;

const ENVIRONMENT = {
  BUILDKIT_PROGRESS: 'plain',
  // Else there is a list of two: the image, and what tells of its build.
  BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  // Advice of Docker Desktop's.
  DOCKER_CLI_HINTS: 'false',
};

/**
 * Runs docker to its end. Its lines are told without colours and without the values of secrets.
 * @throws Interrupted once the signal has ended it.
 */
export async function docker(
  args: string[],
  { tell, signal }: Listener,
  { cwd, input, secrets = [] }: Options = {},
): Promise<Said> {
  if (signal.aborted) throw new Interrupted();
  const running = execa('docker', args, {
    ...{ all: true, buffer: false, reject: false, env: ENVIRONMENT, cwd, cancelSignal: signal },
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  const reader = createInterface({ input: running.all, crlfDelay: Infinity });
  running.nodeChildProcess.once('exit', () => {
    if (!signal.aborted) return;
    // What docker has started itself may hold these open for as long as it likes.
    reader.close();
    running.stdout.destroy();
    running.stderr.destroy();
  });
  const hide = hiding([...secrets, ...secretsIn(process.env)]);
  const lines: string[] = [];
  for await (const raw of reader) {
    const line = hide(stripVTControlCharacters(raw)).trimEnd();
    if (line === '') continue;
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    tell(line);
  }
  const { exitCode } = await running;
  if (signal.aborted) throw new Interrupted();
  return { isDone: exitCode === 0, lines };
}

const ATTEMPTS = 3;
const SECONDS_BETWEEN = 2;

/** The same, up to three times where it failed for a reason that may pass: the network, or the registry. */
export async function dockerAgain(
  args: string[],
  listener: Listener,
  options?: Options,
): Promise<Said> {
  for (let attempt = 1; ; attempt += 1) {
    const said = await docker(args, listener, options);
    if (said.isDone || !isPassing(said.lines) || attempt === ATTEMPTS) return said;
    listener.tell(`docker ${args[0]} broke off; trying again in ${SECONDS_BETWEEN} s.`);
    await pause(SECONDS_BETWEEN * 1000, listener.signal);
  }
}

/** Shorter ones could be any word. */
const SHORTEST_SECRET = 8;

function hiding(secrets: string[]): (line: string) => string {
  const known = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
  return (line) => known.reduce((text, secret) => text.replaceAll(secret, '***'), line);
}

function secretsIn(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value && /^AWS_.*(SECRET|TOKEN|ACCESS_KEY)(?!.*_FILE$)/.test(name) ? [value] : [],
  );
}
