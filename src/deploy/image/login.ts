import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { Aws } from '../../aws/clients.ts';
import { explain } from '../../aws/errors.ts';
import { Interrupted, StepFailed } from '../../errors.ts';
import { dockerAgain, type Listener } from './docker.ts';
import { atRegistry } from './repository.ts';
import { failed, LOGIN_TROUBLES } from './troubles.ts';

/**
 * Logs docker in to ECR, for twelve hours; docker reads the password from stdin.
 * @throws StepFailed where AWS gives none, or the registry does not take it.
 */
export async function logIn(aws: Aws, registry: string, listener: Listener): Promise<void> {
  const token = await authorizationToken(aws, registry);
  const [, username, password] = /^(.+?):(.+)$/.exec(Buffer.from(token, 'base64').toString())!;
  const { isDone, lines } = await dockerAgain(
    ['login', '--username', username!, '--password-stdin', registry],
    listener,
    { input: password, secrets: [token, password!] },
  );
  if (isDone || lines.some((line) => HELPED.test(line))) return;
  throw failed(`docker could not log in to ${registry}`, lines, LOGIN_TROUBLES);
}

/**
 * The registry took the password, but amazon-ecr-credential-helper keeps none: it gets one itself
 * whenever docker needs it.
 */
const HELPED = /error storing credentials.*not implemented/i;

async function authorizationToken(aws: Aws, registry: string): Promise<string> {
  try {
    const { ecr } = atRegistry(aws, registry);
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    return authorizationData![0]!.authorizationToken!;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const { answer, fix } = explain(error);
    throw new StepFailed(`ECR gave no password for ${registry}: ${answer}`, fix, error);
  }
}
