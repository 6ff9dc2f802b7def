import {
  DescribeLaunchTemplateVersionsCommand,
  type LaunchTemplateVersion,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { orAbsent } from '../../aws/absent.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { groupOf, templateOf } from './group.ts';

/** The version of the launch template that the group starts instances from, and the newest there is. */
export interface Template {
  used: LaunchTemplateVersion;
  newest: number;
}

/** Undefined where there is no group, or it has no launch template, or that is gone. */
export async function usedTemplate(place: Place): Promise<Template | undefined> {
  const group = await groupOf(place);
  const specified = group && templateOf(group);
  if (!specified) return undefined;
  const { LaunchTemplateId, LaunchTemplateName, Version } = specified;
  // Either names it; both at once are refused.
  const named = LaunchTemplateId ? { LaunchTemplateId } : { LaunchTemplateName };
  const version = async (wanted: string) => {
    const found = await orAbsent(
      place.aws.ec2.send(
        new DescribeLaunchTemplateVersionsCommand({ ...named, Versions: [wanted] }),
      ),
      /^InvalidLaunchTemplate.*NotFound/,
    );
    return found?.LaunchTemplateVersions?.[0];
  };
  const [used, newest] = await Promise.all([version(Version ?? '$Default'), version('$Latest')]);
  return used && { used, newest: newest?.VersionNumber ?? used.VersionNumber! };
}

/** The security groups that a template gives its instances. */
export function groupsIn(template: ResponseLaunchTemplateData): string[] {
  return template.NetworkInterfaces?.[0]?.Groups ?? template.SecurityGroupIds ?? [];
}
