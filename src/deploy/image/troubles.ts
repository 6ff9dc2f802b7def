import { explain } from '../../aws/errors.ts';
import { StepFailed } from '../../errors.ts';

interface Trouble {
  said: RegExp;
  /** "$1" is what the first group of `said` found. */
  is: string;
  fix: string;
}

/** A few lines say it; the rest was told before. */
const SHOWN_LINES = 20;

/** What failed, why as far as that is known, and docker's last lines. */
export function failed(what: string, lines: string[], troubles: Trouble[]): StepFailed {
  const last = lines.slice(-SHOWN_LINES);
  const { is, fix } = causeIn(last.join('\n'), troubles);
  const end = last.map((line) => `\n  ${line}`);
  return new StepFailed(`${what}${is ? `: ${is}` : '.'}${end.join('')}`, fix);
}

function causeIn(text: string, troubles: Trouble[]): { is?: string; fix?: string } {
  const [denied] = /User: \S+ is not authorized to perform: .+/.exec(text) ?? [];
  if (denied) {
    const { answer, fix } = explain(Object.assign(new Error(denied), { name: 'AccessDenied' }));
    return { is: answer, fix };
  }
  for (const { said, is, fix } of [...troubles, ...ANYWHERE]) {
    const [found] = said.exec(text) ?? [];
    if (found) return { is: found.replace(said, is), fix };
  }
  return {};
}

/** Whether it may go well the next time: a connection that broke, or a registry that is unwell. */
export function isPassing(lines: string[]): boolean {
  return lines.slice(-SHOWN_LINES).some((line) => PASSING.test(line));
}

const PASSING =
  /connection reset|broken pipe|use of closed network connection|\bEOF\b|connection refused|i\/o timeout|TLS handshake timeout|Client\.Timeout|\b5\d\d (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time)|HTTP 5\d\d response|429 Too Many Requests|toomanyrequests: Rate exceeded/i;

/** Whether a new password might help. */
export function isLoggedOut(lines: string[]): boolean {
  return lines.some((line) => LOGGED_OUT.test(line));
}

/** To some requests the registry says no more than that it will not. */
const LOGGED_OUT =
  /no basic auth credentials|authorization token has expired|authentication required|\bunauthorized\b|403 \(?Forbidden|security token included in the request is (?:expired|invalid)/i;

const NO_PASSWORD: Trouble = {
  said: LOGGED_OUT,
  is: 'it does not take the password that AWS gave.',
  fix: 'The registry must be in an account and Region that your credentials are for: look at AWS_ECS_REGISTRY.',
};

/** Wherever docker works with disk and network. */
const ANYWHERE: Trouble[] = [
  {
    said: /no space left on device/i,
    is: 'the disk is full.',
    fix: 'docker system prune frees what Docker no longer needs.',
  },
  {
    said: /dial tcp: lookup (\S+)/,
    is: 'there is no way to $1.',
    fix: 'Look at the connection, and at Docker’s DNS and proxy settings.',
  },
  {
    said: /connection refused|i\/o timeout|TLS handshake timeout|Client\.Timeout/,
    is: 'the network does not lead there.',
    fix: 'Look at the connection, and at Docker’s proxy settings.',
  },
];

export const LOGIN_TROUBLES: Trouble[] = [
  {
    said: /error (?:storing|saving) credentials/i,
    is: 'Docker cannot keep the password.',
    fix: 'The program that ~/.docker/config.json names under credsStore or credHelpers does not work: mend it, or take its name out.',
  },
  NO_PASSWORD,
];

export const BUILD_TROUBLES: Trouble[] = [
  {
    said: /toomanyrequests|pull rate limit/i,
    is: 'Docker Hub lets only so many images be pulled in an hour without an account.',
    fix: 'Take the base image from public.ecr.aws/docker/library, which has Docker’s own; or log in to Docker Hub before: docker login.',
  },
  {
    said: /excluded by \.dockerignore: stat (\S+?): .*|"\/?([^"\s]+)": not found|"\/?([^"\s]+)" not found: not found/,
    is: '“$1$2$3” is not among the app’s files, or .dockerignore leaves it out.',
    fix: 'Correct deploy/Dockerfile, whose paths start at the app’s directory, or .dockerignore.',
  },
  {
    said: /exec format error/i,
    is: 'a program in the image is for another processor than this machine’s.',
    fix: 'Docker can stand in for the other processor: docker run --privileged --rm tonistiigi/binfmt --install all. Or build on a machine with the processor of the cluster’s instances; or correct the base image.',
  },
  {
    said: /no match for platform in manifest|no matching manifest for (?:linux\S+)/i,
    is: 'the base image is not there for the processor of the cluster’s instances.',
    fix: 'Take a base image that is there for it, under FROM in deploy/Dockerfile.',
  },
  {
    said: /pull access denied for (\S+?),|manifest for (\S+) not found|source metadata for (\S+?): .*(?:not found|denied)|create LLB definition: (\S+): not found/,
    is: 'there is no base image $1$2$3$4, or not for everyone.',
    fix: 'Correct FROM in deploy/Dockerfile, or log in to the registry before.',
  },
  {
    said: /exit code: 137|non-zero code: 137/,
    is: 'a command was killed, as happens when the memory is used up.',
    fix: 'Give Docker more memory (Docker Desktop: Settings > Resources), or have the command take less.',
  },
];

export const PUSH_TROUBLES: Trouble[] = [
  {
    said: /repository with name '(\S+)' does not exist/i,
    is: 'there is no repository $1 in the registry.',
    fix: 'digital-apps add-app makes it.',
  },
  {
    said: /requested access to the resource is denied|denied: Not Authorized|403 \(?Forbidden/i,
    is: 'the registry does not let you.',
    fix: 'Look at AWS_ECS_REGISTRY, and at the repository’s own policy.',
  },
  NO_PASSWORD,
  {
    said: /\bEOF\b/,
    is: 'the registry closed the connection.',
    fix: 'ECR does so where a permission is missing: you need ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage. Or the network ends long uploads.',
  },
];
