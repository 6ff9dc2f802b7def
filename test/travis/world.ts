import { Travis } from '../../src/travis/client.ts';
import type { FakeTravis } from '../support/travis.ts';

export const SLUG = 'city/parks';

/** A client of that server that does not keep a test waiting. */
export function clientOf(
  { endpoint, token }: Pick<FakeTravis, 'endpoint' | 'token'>,
  more: Partial<ConstructorParameters<typeof Travis>[0]> = {},
): Travis {
  const { signal } = new AbortController();
  return new Travis({ endpoint, token, signal, backoff: 5, ...more });
}

/** The error that was thrown; a test that meets none fails. */
export async function thrown(promise: Promise<unknown>): Promise<Error & { fix?: string }> {
  return promise.then(
    (value) => {
      throw new Error(`no error, but ${JSON.stringify(value)}`);
    },
    (error) => error,
  );
}

/** All that a person or a log could ever see of an error. */
export function allOf(error: Error & { fix?: string }): string {
  const causes = error.cause instanceof Error ? allOf(error.cause) : String(error.cause);
  return [error.name, error.message, error.fix, error.stack, JSON.stringify(error), causes].join();
}
