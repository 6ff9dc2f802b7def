import type { Connection } from './clients.ts';

/** In the sandbox, which takes any, these stand for credentials. */
export const SANDBOX_CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/** What the AWS CLI is told to ask; not how it is set up, which is the person's own. */
const CLI = /\baws (?!configure |sso |login\b)(?=[a-z][a-z0-9-]* [a-z])/g;

/**
 * An advice whose lines for the AWS CLI stay in the sandbox where they were given there. Without,
 * they would act on what is called the same in a real account.
 */
export function whereGiven(
  advice: string,
  { isSandbox, endpoint }: Pick<Connection, 'isSandbox' | 'endpoint'>,
): string {
  if (!isSandbox) return advice;
  const { accessKeyId, secretAccessKey } = SANDBOX_CREDENTIALS;
  const keys = `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
  return advice.replaceAll(CLI, `${keys} aws --endpoint-url ${endpoint} `);
}
