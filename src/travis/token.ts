import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../errors.ts';

const TRAVIS = 'https://api.travis-ci.com';

export interface FoundToken {
  token: string;
  /** Where it is good for, without a slash at the end. */
  endpoint: string;
  /** Where it comes from, for people: "TRAVIS_TOKEN", or a file. */
  source: string;
}

/**
 * The token for Travis CI's API: from TRAVIS_TOKEN, else from where `travis login` keeps it.
 * TRAVIS_ENDPOINT says where the API is when it is elsewhere. Undefined where there is none; a
 * file that cannot be read counts as none, for nobody must have it.
 * @throws UserError when one of those variables is not what it should be.
 */
export async function findToken(
  env: NodeJS.ProcessEnv,
  home: string,
): Promise<FoundToken | undefined> {
  const endpoint = travisEndpoint(env);
  const given = env.TRAVIS_TOKEN?.trim();
  if (given) {
    if (isToken(given)) return { token: given, endpoint, source: 'TRAVIS_TOKEN' };
    throw new UserError(
      'TRAVIS_TOKEN holds something that cannot be a token.',
      'Copy it from https://app.travis-ci.com/account/preferences, or leave it out.',
    );
  }
  const source = join(env.TRAVIS_CONFIG_PATH || join(home, '.travis'), 'config.yml');
  const token = await tokenIn(source, endpoint);
  return token === undefined ? undefined : { token, endpoint, source };
}

/** Printable and without spaces: nothing that could end the header it is sent in. */
export function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text);
}

/**
 * Where Travis CI's API is.
 * @throws UserError when TRAVIS_ENDPOINT is not what it should be.
 */
export function travisEndpoint({ TRAVIS_ENDPOINT: given }: NodeJS.ProcessEnv): string {
  if (!given) return TRAVIS;
  const url = URL.parse(given)?.href ?? '';
  // Without TLS the token goes nowhere but to this machine.
  const safe = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/)[^@?#]*$/;
  if (safe.test(url)) return bare(url);
  throw new UserError(
    'TRAVIS_ENDPOINT must be where Travis CI’s API is, with https.',
    `Leave it out for ${TRAVIS}.`,
  );
}

async function tokenIn(file: string, endpoint: string): Promise<string | undefined> {
  try {
    const config = parse(await readFile(file, 'utf8'), { logLevel: 'error' });
    const entries = Object.entries<{ access_token?: unknown } | null>(config.endpoints);
    const token = entries.find(([url]) => bare(url) === endpoint)?.[1]?.access_token;
    return isToken(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}
