import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateLaunchTemplateCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeRouteTablesCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
} from '@aws-sdk/client-iam';
import { type awsClients, REGION } from '../support/emulator.ts';

type Aws = ReturnType<typeof awsClients>;

export interface Network {
  vpc: string;
  subnets: [string, string];
  group: string;
}

/** A VPC with a way to the Internet, two subnets in two zones, and a security group open for HTTP. */
export async function makeNetwork({ ec2 }: Aws): Promise<Network> {
  const made = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpc = made.Vpc?.VpcId ?? '';
  const gateway = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = gateway.InternetGateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpc }));
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const { RouteTableId } = RouteTables![0]!;
  await ec2.send(
    new CreateRouteCommand({
      ...{ RouteTableId, GatewayId: InternetGatewayId, DestinationCidrBlock: '0.0.0.0/0' },
    }),
  );
  const subnet = async (zone: string, CidrBlock: string) => {
    const AvailabilityZone = `${REGION}${zone}`;
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: vpc, AvailabilityZone, CidrBlock }),
    );
    return Subnet?.SubnetId ?? '';
  };
  const { GroupId: group = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: 'instances', Description: 'one' }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      ...{ GroupId: group, IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' },
    }),
  );
  const subnets: [string, string] = [
    await subnet('a', '10.0.0.0/24'),
    await subnet('b', '10.0.1.0/24'),
  ];
  return { vpc, subnets, group };
}

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A role that ECS and SSM agents can work with, in an instance profile of the same name. */
export async function makeProfile({ iam }: Aws, name = 'instance'): Promise<void> {
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
  for (const policy of [
    'service-role/AmazonEC2ContainerServiceforEC2Role',
    'AmazonSSMManagedInstanceCore',
  ]) {
    const PolicyArn = `arn:aws:iam::aws:policy/${policy}`;
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
  }
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await iam.send(
    new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }),
  );
}

export function templateData(group: string): RequestLaunchTemplateData {
  const script = '#!/bin/bash\necho ECS_CLUSTER=one >> /etc/ecs/ecs.config\n';
  return {
    ImageId: 'ami-12345678',
    InstanceType: 't3.small',
    IamInstanceProfile: { Name: 'instance' },
    Monitoring: { Enabled: true },
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [group] }],
    UserData: Buffer.from(script).toString('base64'),
  };
}

export async function makeTemplate({ ec2 }: Aws, data: RequestLaunchTemplateData): Promise<void> {
  await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: 'one', LaunchTemplateData: data }),
  );
}

export async function makeGroup({ autoScaling }: Aws, subnets: string[], desired = 2) {
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'one',
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: desired,
      HealthCheckGracePeriod: 0,
      VPCZoneIdentifier: subnets.join(','),
      LaunchTemplate: { LaunchTemplateName: 'one', Version: '1' },
      Tags: [{ Key: 'Name', Value: 'instance of one', PropagateAtLaunch: true }],
    }),
  );
}

/** All of it: a cluster named `one`, and a group whose instances' agents will register there. */
export async function makeCluster(aws: Aws): Promise<Network> {
  await aws.ecs.send(new CreateClusterCommand({ clusterName: 'one' }));
  const network = await makeNetwork(aws);
  await makeProfile(aws);
  await makeTemplate(aws, templateData(network.group));
  await makeGroup(aws, network.subnets);
  return network;
}
