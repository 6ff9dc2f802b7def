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
    fix: 'Start it: Docker Desktop, or sudo systemctl start docker. On Travis CI, .travis.yml needs “services: docker”.',
  },
];

/**
 * Asks docker whether it works, and what it is.
 * @throws UserError where there is none, or it does not run, or not for this person.
 */
export async function checkDocker(signal: AbortSignal): Promise<Docker> {
  const answer = await ask('docker', ['version', '--format', '{{json .Server}}'], signal);
  if (answer.missing === 'program') {
    throw new UserError('docker is not on this machine.', `Install it: ${INSTALL}`);
  }
  if (answer.missing === 'answer') {
    throw new UserError(noAnswer('docker'), 'Restart Docker, then run again.');
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
