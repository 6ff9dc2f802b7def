import { UserError } from './errors.ts';
import { ask, noAnswer } from './programs.ts';

export interface Docker {
  version: string;
  /** What it builds for unless it is told otherwise: "linux/amd64". */
  platform: string;
}

const INSTALL = 'https://docs.docker.com/get-docker/';

interface Trouble {
  said: RegExp;
  is: string;
  fix: string;
}

/** What docker says where it cannot do anything; its words have changed from version to version. */
const TROUBLES: Trouble[] = [
  {
    said: /permission denied while trying to connect to the docker (?:daemon socket|API) at (\S+?):?\s/i,
    is: 'You may not talk to Docker: no permission on $1.',
    fix: 'Join its group, then log in anew: sudo usermod -aG docker "$USER"',
  },
  {
    said: /(?:Cannot connect to the Docker daemon at|failed to connect to the docker API at) (\S+?)[.;:]?\s/i,
    is: 'Docker is installed but not running: nothing answers at $1.',
    fix: 'Start it: Docker Desktop, or sudo systemctl start docker. On Travis CI, .travis.yml needs “services: docker”. To try a deploy without Docker: --sandbox.',
  },
];

/** In seconds. Docker Desktop takes its time when it has just been started, and so does a busy machine. */
const LATE = 5;
const LONGEST = 30;

/**
 * Asks docker whether it works, and what it is.
 * @param waiting told when it takes its time, and may have it; without it, five seconds must do.
 * @throws UserError where there is none, or it does not run, or not for this person.
 */
export async function checkDocker(
  signal: AbortSignal,
  waiting?: (sentence: string) => void,
): Promise<Docker> {
  const patience = waiting ? LONGEST : LATE;
  const late = setTimeout(
    () => waiting?.(`Docker has not answered yet; waiting up to ${LONGEST} s.`),
    LATE * 1000,
  );
  const args = ['version', '--format', '{{json .Server}}'];
  const answer = await ask('docker', args, signal, patience).finally(() => clearTimeout(late));
  if (answer.missing === 'program') {
    throw new UserError('docker is not on this machine.', `Install it: ${INSTALL}`);
  }
  if (answer.missing === 'answer') {
    throw new UserError(noAnswer('docker', patience), 'Restart Docker, then run again.');
  }
  if (answer.exitCode !== 0) throw trouble(answer.stderr || answer.stdout);
  const { Version, Os, Arch } = JSON.parse(answer.stdout) as Record<string, string>;
  return {
    version: Version!,
    platform: process.env.DOCKER_DEFAULT_PLATFORM || `${Os}/${Arch}`,
  };
}

function trouble(said: string): UserError {
  for (const known of TROUBLES) {
    const [found] = known.said.exec(`${said}\n`) ?? [];
    if (found) return new UserError(found.replace(known.said, known.is), known.fix);
  }
  const last = said.trim().split('\n').at(-1);
  return new UserError(
    `docker does not work: ${last || 'it does not say why'}`,
    `Start Docker, or install it: ${INSTALL}`,
  );
}
