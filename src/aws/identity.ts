import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { UserError } from '../errors.ts';
import type { Aws } from './clients.ts';
import { explain } from './errors.ts';
import { unknownProfile } from './profiles.ts';

export interface Identity {
  account: string;
  /** The caller's ARN. */
  caller: string;
  /** "aws", "aws-us-gov" or "aws-cn": the second part of every ARN. */
  partition: string;
}

/**
 * Who is asking, from STS.
 * @throws UserError without usable credentials, saying how to get some.
 */
export async function whoAmI(aws: Aws): Promise<Identity> {
  try {
    const { Account, Arn } = await aws.sts.send(new GetCallerIdentityCommand({}));
    return { account: Account!, caller: Arn!, partition: Arn!.split(':')[1]! };
  } catch (error) {
    const { profile, endpoint } = aws.connection;
    if (isUnreachable(error) && endpoint) {
      throw new UserError(
        `Nothing answers at ${endpoint}.`,
        'Start the emulator, unset AWS_ENDPOINT_URL, or use --sandbox.',
      );
    }
    const { name, message } = error as Error;
    const isWithout = name === 'CredentialsProviderError';
    const unknown = isWithout && (await unknownProfile(profile));
    if (unknown) throw unknown;
    const why = isWithout ? `${message}.` : explain(error).answer;
    throw new UserError(
      `No usable AWS credentials${profile ? ` in the profile ${profile}` : ''}: ${why.replace(/\.+$/, '.')}`,
      '`aws configure sso` or `aws login` gets you some, --profile or AWS_PROFILE picks among several; --sandbox needs none.',
    );
  }
}

function isUnreachable(error: unknown): boolean {
  const { code, name } = error as { code?: string; name?: string };
  return /ECONNREFUSED|ENOTFOUND|ECONNRESET|TimeoutError/.test(`${code} ${name}`);
}
