import { STSClient } from '@aws-sdk/client-sts';
import { UserError } from '../errors.ts';
import { unknownProfile } from './profiles.ts';
import { checkRegion } from './regions.ts';

/**
 * The Region meant, found where the AWS CLI finds it: flag, AWS_REGION, AWS_DEFAULT_REGION, profile.
 * @throws UserError where none is named, nor a profile that exists, or one that AWS does not have.
 */
export async function resolveRegion(flag?: string, profile?: string): Promise<string> {
  const named = flag || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (named) return checkRegion(named);
  try {
    return checkRegion(await new STSClient({ profile }).config.region());
  } catch (error) {
    if (error instanceof UserError) throw error;
    const unknown = await unknownProfile(profile);
    if (unknown) throw unknown;
    throw new UserError(
      'No Region is named.',
      'Add --region us-east-2, set AWS_REGION, or give your profile one with `aws configure`.',
    );
  }
}
