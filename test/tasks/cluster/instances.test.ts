import { createPublicKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { describe, expect, inject, test } from 'vitest';
import { awsClients } from '../../support/clients.ts';

const { endpoint, home, document } = inject('made');
const { ec2, autoScaling, ssm } = awsClients(endpoint);
const Filters = [{ Name: 'tag:digital-apps:cluster', Values: ['digitalApps'] }];
const LaunchTemplateName = 'digitalApps';
const TAGS = [
  { Key: 'digital-apps:cluster', Value: 'digitalApps' },
  { Key: 'digital-apps:region', Value: 'us-east-2' },
];

describe('key pair', () => {
  const file = join(home, '.ssh/digitalApps.pem');

  test('has its private half in ~/.ssh, for the person alone', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, '.ssh'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  });

  test('has in AWS the public half of that very key', async () => {
    const { KeyPairs = [] } = await ec2.send(
      new DescribeKeyPairsCommand({ KeyNames: ['digitalApps'], IncludePublicKey: true }),
    );
    expect(KeyPairs[0]?.Tags).toEqual(expect.arrayContaining(TAGS));
    const [type, blob = ''] = (KeyPairs[0]?.PublicKey ?? '').trim().split(' ');
    expect(type).toBe('ssh-rsa');
    const { n, e } = createPublicKey(await readFile(file, 'utf8')).export({ format: 'jwk' });
    // The blob is length-prefixed: the type, the exponent, and the modulus after a zero byte.
    const bytes = Buffer.from(blob, 'base64');
    expect(bytes.subarray(-384).toString('base64url')).toBe(n);
    expect(bytes.subarray(15, 18).toString('base64url')).toBe(e);
  });
});

describe('launch template', () => {
  test('makes instances as the guide says, and as AWS advises today', async () => {
    const { LaunchTemplates = [] } = await ec2.send(
      new DescribeLaunchTemplatesCommand({ Filters }),
    );
    expect(LaunchTemplates.map((each) => each.LaunchTemplateName)).toEqual([LaunchTemplateName]);
    const { LaunchTemplateVersions = [] } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName }),
    );
    expect(LaunchTemplateVersions).toHaveLength(1);
    const { Parameter } = await ssm.send(
      new GetParameterCommand({
        Name: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
      }),
    );
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [...Filters, { Name: 'group-name', Values: ['digitalAppsInstances'] }],
      }),
    );
    const data = LaunchTemplateVersions[0]?.LaunchTemplateData;
    expect(data).toMatchObject({
      ImageId: Parameter?.Value,
      InstanceType: 't3.small',
      IamInstanceProfile: {
        Arn: `arn:aws:iam::${document.account}:instance-profile/digitalAppsInstanceRole`,
      },
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          AssociatePublicIpAddress: true,
          Groups: [SecurityGroups[0]?.GroupId],
        },
      ],
      Monitoring: { Enabled: true },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 30, VolumeType: 'gp3', Encrypted: true } },
      ],
      KeyName: 'digitalApps',
    });
    expect(Buffer.from(data?.UserData ?? '', 'base64').toString()).toBe(
      '#!/bin/bash\necho ECS_CLUSTER=digitalApps >> /etc/ecs/ecs.config\n',
    );
  });
});

describe('autoscaling group', async () => {
  const { AutoScalingGroups = [] } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['digitalApps'] }),
  );
  const [group] = AutoScalingGroups;

  test('has its sizes, no grace period, the template’s version and the subnets', async () => {
    expect(group).toMatchObject({
      MinSize: 1,
      DesiredCapacity: 2,
      MaxSize: 4,
      HealthCheckGracePeriod: 0,
      LaunchTemplate: { LaunchTemplateName, Version: '1' },
    });
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(group?.VPCZoneIdentifier?.split(',').sort()).toEqual(
      Subnets.map(({ SubnetId }) => SubnetId).sort(),
    );
  });

  test('gives its instances a name and our tags', async () => {
    const tags = group?.Tags?.map(({ Key, Value, PropagateAtLaunch }) => [
      Key,
      Value,
      PropagateAtLaunch,
    ]);
    expect(tags?.sort()).toEqual([
      ['Name', 'digitalApps', true],
      ['digital-apps:cluster', 'digitalApps', true],
      ['digital-apps:region', 'us-east-2', true],
    ]);
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(instances).toHaveLength(2);
    expect(new Set(instances.map(({ SubnetId }) => SubnetId)).size).toBe(2);
    for (const { Tags } of instances) {
      expect(Tags).toContainEqual({ Key: 'Name', Value: 'digitalApps' });
    }
  });
});
