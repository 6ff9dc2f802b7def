import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { Clients } from '../../app/world.ts';

const LaunchTemplateName = 'digitalApps';

/** The group is to start instances from another version, with that changed. */
export async function withTemplate(
  { ec2, autoScaling }: Clients,
  change: (data: RequestLaunchTemplateData) => RequestLaunchTemplateData,
): Promise<void> {
  const { LaunchTemplateVersions } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['1'] }),
  );
  const data = LaunchTemplateVersions![0]!.LaunchTemplateData as RequestLaunchTemplateData;
  const { LaunchTemplateVersion } = await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      ...{ LaunchTemplateName, SourceVersion: '1', LaunchTemplateData: change(data) },
    }),
  );
  const Version = String(LaunchTemplateVersion!.VersionNumber);
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({
      ...{ AutoScalingGroupName: 'digitalApps', LaunchTemplate: { LaunchTemplateName, Version } },
    }),
  );
}
