import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  GetInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { orAbsent } from '../../aws/absent.ts';
import type { Live } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { NO_ENTITY } from './lib/iam-arns.ts';
import { instanceRole } from './roles.ts';
import { resource } from './scope.ts';

interface InstanceProfile extends Live {
  role?: string;
}

export const instanceProfile = resource<InstanceProfile, { instanceRole: typeof instanceRole }>({
  name: 'Instance profile',
  section: 'IAM > Roles',
  why: 'Hands the instance role to the instances.',
  docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html',
  needs: { instanceRole },
  async read({ aws, names }) {
    const InstanceProfileName = names.instanceRole;
    const found = await orAbsent(
      aws.iam.send(new GetInstanceProfileCommand({ InstanceProfileName })),
      NO_ENTITY,
    );
    const profile = found?.InstanceProfile;
    return (
      profile && {
        id: InstanceProfileName,
        tags: fromTagList(profile.Tags),
        role: profile.Roles?.[0]?.RoleName,
      }
    );
  },
  wanted: (_env, { instanceRole }) => ({ role: instanceRole.id }),
  async create({ aws, names, tags }) {
    const InstanceProfileName = names.instanceRole;
    await aws.iam.send(
      new CreateInstanceProfileCommand({ InstanceProfileName, Tags: tagList(tags) }),
    );
    return { id: InstanceProfileName, tags };
  },
  set: {
    async role({ env, live, to: RoleName }) {
      const { iam } = env.aws;
      const InstanceProfileName = live.id;
      // A profile holds one role.
      if (live.role) {
        await iam.send(
          new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: live.role }),
        );
      }
      try {
        await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
      } catch (error) {
        // It is full: by the same role, where another run was faster or an answer was lost.
        const now = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
        if (now.InstanceProfile?.Roles?.[0]?.RoleName !== RoleName) throw error;
      }
    },
  },
  async tag({ aws, tags }, live) {
    await aws.iam.send(
      new TagInstanceProfileCommand({ InstanceProfileName: live.id, Tags: tagList(tags) }),
    );
  },
});
