import { GetInstanceProfileCommand, type InstanceProfile } from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import { NO_ENTITY } from '../../tasks/cluster/lib/iam-arns.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { usedTemplate } from './template.ts';

/** The instance profile that new instances get; undefined where the template names none. */
export async function profileInUse(
  place: Place,
): Promise<{ name: string; profile?: InstanceProfile } | undefined> {
  const template = await usedTemplate(place);
  const { Arn, Name } = template?.used.LaunchTemplateData?.IamInstanceProfile ?? {};
  const name = Arn?.split('/').at(-1) ?? Name;
  if (!name) return undefined;
  const found = await orAbsent(
    place.aws.iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name })),
    NO_ENTITY,
  );
  return { name, profile: found?.InstanceProfile };
}

/** The role that the instances have, whichever the profile holds. */
export async function instanceRoleName(place: Place): Promise<string> {
  const inUse = await profileInUse(place);
  return inUse?.profile?.Roles?.[0]?.RoleName ?? place.names.instanceRole;
}
