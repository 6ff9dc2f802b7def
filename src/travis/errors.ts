import { StepFailed } from '../errors.ts';
import { Refusal, Unanswered } from './answer.ts';

/** The token does not open the repository's variables: no waiting helps, but another token or none. */
export class NotOpened extends StepFailed {}

const AGAIN = 'then run again; what is set stays set.';

/** Says in words why a call about a repository, or one of its variables, failed; what is none of ours it leaves as it is. */
export function inWords(error: unknown, slug: string, name?: string): unknown {
  if (error instanceof Unanswered) {
    return new StepFailed(
      `Travis CI gave no answer ${error.message}.`,
      `Look at https://www.traviscistatus.com and your connection, ${AGAIN}`,
    );
  }
  return error instanceof Refusal ? refusalInWords(error, slug, name) : error;
}

function refusalInWords(refusal: Refusal, slug: string, name?: string): StepFailed {
  const { status, type, message, resource } = refusal;
  // A token that it does not know is answered in plain text.
  const denied = !type && status === 403 && message === 'access denied';
  if (denied || status === 401 || type === 'login_required' || type === 'wrong_credentials') {
    return new NotOpened(
      'Travis CI does not accept the token.',
      'Get another with `travis login --com`, or under https://app.travis-ci.com/account/preferences for TRAVIS_TOKEN, then run again.',
    );
  }
  if (!type && status === 403 && message === 'Forbidden') {
    return new StepFailed(
      'Travis CI has banned the token for an hour: it made too many calls.',
      `Wait, ${AGAIN}`,
    );
  }
  if (status === 429) {
    return new StepFailed(
      'Travis CI takes no calls for now: there were too many.',
      `Wait a while, ${AGAIN}`,
    );
  }
  if (type === 'insufficient_access' || type === 'admin_access_required') return noAccess(slug);
  if (type === 'not_found') {
    return resource === 'env_var' ? removed(slug, name) : unknownRepository(slug);
  }
  if (!type) {
    return new StepFailed(
      'What answers there is not Travis CI’s API.',
      'Check TRAVIS_ENDPOINT, which is usually not set, and whether something stands between you and the Internet.',
    );
  }
  const about = name ? `to set ${name} of ${slug}` : `to say anything of ${slug}`;
  return new StepFailed(
    `Travis CI refuses ${about}: ${message}${/[.!?]$/.test(message) ? '' : '.'}`,
    `Look at ${settingsPage(slug)}, ${AGAIN}`,
  );
}

function removed(slug: string, name?: string): StepFailed {
  return new StepFailed(
    `Somebody has just removed ${name} of ${slug} at Travis CI.`,
    'Run again, and it is made anew.',
  );
}

function unknownRepository(slug: string): StepFailed {
  return new NotOpened(
    `Travis CI does not know ${slug}, or does not show it to you.`,
    `Switch it on under https://app.travis-ci.com/account/repositories, after “Sync account” if it is not there, ${AGAIN}`,
  );
}

/** Somebody may see a repository and not set its variables. */
export function noAccess(slug: string): StepFailed {
  return new NotOpened(
    `You may not set variables of ${slug} at Travis CI.`,
    `Have an admin of the repository run this, or make you one on GitHub; after that “Sync account” under https://app.travis-ci.com/account/repositories, ${AGAIN}`,
  );
}

/** Where a person sees and sets the variables of a repository. */
export function settingsPage(slug: string): string {
  return `https://app.travis-ci.com/github/${slug}/settings`;
}
