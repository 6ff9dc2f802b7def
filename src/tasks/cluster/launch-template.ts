import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type RequestLaunchTemplateData,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { orAbsent } from '../../aws/absent.ts';
import type { Live } from '../resource.ts';
import { fromTagList, tagList } from '../tags.ts';
import { keyPair, keyPairName } from './key-pair.ts';
import { ec2Tags, tagEc2 } from './lib/ec2-tags.ts';
import { instanceProfileArn } from './lib/iam-arns.ts';
import { type Env, resource } from './scope.ts';
import { instanceSecurityGroup } from './security-groups.ts';

interface LaunchTemplate extends Live {
  version: number;
  data: TemplateData;
}

/** What of a template matters here, in words. */
interface TemplateData {
  image?: string;
  instanceType?: string;
  instanceProfile?: string;
  securityGroups: string[];
  publicIp?: boolean;
  detailedMonitoring?: boolean;
  /** "required" is IMDSv2. */
  metadataTokens?: string;
  metadataHops?: number;
  /** In GiB. */
  diskSize?: number;
  diskType?: string;
  diskEncrypted?: boolean;
  keyPair?: string;
  userData: string;
}

/** The root device of Amazon's ECS images. */
const ROOT = '/dev/xvda';

export const launchTemplate = resource<
  LaunchTemplate,
  { instanceSecurityGroup: typeof instanceSecurityGroup }
>({
  name: 'Launch template',
  section: 'EC2 > Launch Template',
  why: 'Says how every instance is made, so that they are all alike and can be replaced.',
  docs: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html',
  needs: { instanceSecurityGroup },
  after: [keyPair],
  async read({ aws, names }) {
    const LaunchTemplateName = names.launchTemplate;
    const [templates, versions] = await Promise.all([
      aws.ec2.send(
        new DescribeLaunchTemplatesCommand({
          Filters: [{ Name: 'launch-template-name', Values: [LaunchTemplateName] }],
        }),
      ),
      orAbsent(
        aws.ec2.send(
          new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ['$Latest'] }),
        ),
        /NotFoundException$/,
      ),
    ]);
    const template = templates.LaunchTemplates?.[0];
    return (
      template && {
        id: template.LaunchTemplateId!,
        tags: fromTagList(template.Tags),
        version: template.LatestVersionNumber!,
        data: dataOf(versions?.LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {}),
      }
    );
  },
  wanted: (env, { instanceSecurityGroup }) => ({
    data: wantedData(env, instanceSecurityGroup.id),
  }),
  async create(env, _needs, { data }) {
    const { LaunchTemplate } = await env.aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: env.names.launchTemplate,
        LaunchTemplateData: requestOf(env, data!),
        TagSpecifications: ec2Tags(env, 'launch-template', env.names.launchTemplate),
      }),
    );
    return { id: LaunchTemplate!.LaunchTemplateId!, tags: env.tags, version: 1, data: data! };
  },
  set: {
    async data({ env, live, to }) {
      const { LaunchTemplateVersion } = await env.aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: live.id,
          // What is not ours in it stays as it is.
          SourceVersion: String(live.version),
          LaunchTemplateData: requestOf(env, to),
        }),
      );
      return { version: LaunchTemplateVersion!.VersionNumber! };
    },
  },
  tag: tagEc2,
  foresee: ({ version }) => ({ version: version + 1 }),
  imagine: () => ({ version: 1 }),
});

function wantedData(env: Env, securityGroup: string): TemplateData {
  const { answers, names, image } = env;
  return {
    image,
    instanceType: answers['instance-type'],
    instanceProfile: instanceProfileArn(env, names.instanceRole),
    securityGroups: [securityGroup],
    publicIp: true,
    detailedMonitoring: true,
    metadataTokens: 'required',
    // One hop more than the host itself, so that containers on its bridge get answers.
    metadataHops: 2,
    diskSize: answers['disk-size'],
    diskType: 'gp3',
    diskEncrypted: true,
    keyPair: keyPairName(env),
    userData: `#!/bin/bash\necho ECS_CLUSTER=${names.cluster} >> /etc/ecs/ecs.config\n`,
  };
}

function requestOf(env: Env, data: TemplateData): RequestLaunchTemplateData {
  return {
    ImageId: data.image,
    InstanceType: data.instanceType as never,
    IamInstanceProfile: { Arn: data.instanceProfile },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        AssociatePublicIpAddress: data.publicIp,
        Groups: data.securityGroups,
        DeleteOnTermination: true,
      },
    ],
    Monitoring: { Enabled: data.detailedMonitoring },
    MetadataOptions: {
      HttpTokens: data.metadataTokens as never,
      HttpPutResponseHopLimit: data.metadataHops,
      HttpEndpoint: 'enabled',
    },
    BlockDeviceMappings: [
      {
        DeviceName: ROOT,
        Ebs: {
          VolumeSize: data.diskSize,
          VolumeType: data.diskType as never,
          Encrypted: data.diskEncrypted,
          DeleteOnTermination: true,
        },
      },
    ],
    KeyName: data.keyPair,
    UserData: Buffer.from(data.userData).toString('base64'),
    TagSpecifications: [
      { ResourceType: 'volume', Tags: tagList({ ...env.tags, Name: env.names.cluster }) },
    ],
  };
}

function dataOf(found: ResponseLaunchTemplateData): TemplateData {
  const network = found.NetworkInterfaces?.[0];
  const disk = found.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === ROOT)?.Ebs;
  return {
    image: found.ImageId,
    instanceType: found.InstanceType,
    instanceProfile: found.IamInstanceProfile?.Arn,
    securityGroups: network?.Groups ?? [],
    publicIp: network?.AssociatePublicIpAddress,
    detailedMonitoring: found.Monitoring?.Enabled,
    metadataTokens: found.MetadataOptions?.HttpTokens,
    metadataHops: found.MetadataOptions?.HttpPutResponseHopLimit,
    diskSize: disk?.VolumeSize,
    diskType: disk?.VolumeType,
    diskEncrypted: disk?.Encrypted,
    keyPair: found.KeyName,
    userData: Buffer.from(found.UserData ?? '', 'base64').toString(),
  };
}
