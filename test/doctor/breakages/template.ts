import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { Clients } from '../../app/world.ts';
import type { Mend } from './breakage.ts';

const LaunchTemplateName = 'digitalApps';
const MADE = '1';

/** The group starts instances from another version, with that changed; mended, from the one that was made. */
export async function withTemplate(
  { ec2, autoScaling }: Clients,
  change: (data: RequestLaunchTemplateData) => RequestLaunchTemplateData,
): Promise<Mend> {
  const { LaunchTemplateVersions } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: [MADE] }),
  );
  const data = LaunchTemplateVersions![0]!.LaunchTemplateData as RequestLaunchTemplateData;
  const { LaunchTemplateVersion } = await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateName,
      LaunchTemplateData: { ...data, ...change(data) },
    }),
  );
  const use = (Version: string) =>
    autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: 'digitalApps',
        LaunchTemplate: { LaunchTemplateName, Version },
      }),
    );
  await use(String(LaunchTemplateVersion!.VersionNumber));
  return () => use(MADE);
}
