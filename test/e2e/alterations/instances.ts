import {
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateVersionCommand,
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
} from '@aws-sdk/client-ec2';
import { UpdateClusterSettingsCommand } from '@aws-sdk/client-ecs';
import { found } from '../found.ts';
import type { Alteration } from './alteration.ts';

const LaunchTemplateName = 'digitalApps';
const AutoScalingGroupName = 'digitalApps';

export const instances: Alteration[] = [
  {
    what: 'Container Insights turned on: what stands is the answer',
    alter: ({ ecs }) =>
      ecs.send(
        new UpdateClusterSettingsCommand({
          cluster: 'digitalApps',
          settings: [{ name: 'containerInsights', value: 'enabled' }],
        }),
      ),
    outcomes: {},
  },
  {
    what: 'key pair deleted',
    alter: ({ ec2 }) => ec2.send(new DeleteKeyPairCommand({ KeyName: 'digitalApps' })),
    outcomes: { 'Key pair': 'create' },
  },
  {
    what: 'a version of the template without IMDSv2',
    alter: ({ ec2 }) =>
      ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName,
          SourceVersion: '1',
          LaunchTemplateData: { MetadataOptions: { HttpTokens: 'optional' } },
        }),
      ),
    outcomes: { 'Launch template': 'change', 'Autoscaling group': 'change' },
    notes: [/2 of 2 instances run on an older template; --replace-instances replaces them/],
  },
  {
    what: 'launch template deleted',
    alter: ({ ec2 }) => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName })),
    outcomes: { 'Launch template': 'create', 'Autoscaling group': 'change' },
  },
  {
    what: 'the group’s grace period and bounds changed: the bounds are an answer',
    alter: ({ autoScaling }) =>
      autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName,
          HealthCheckGracePeriod: 300,
          MaxSize: 6,
        }),
      ),
    outcomes: { 'Autoscaling group': 'change' },
  },
  {
    what: 'the group wants three instances: kept',
    alter: ({ autoScaling }) =>
      autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 })),
    outcomes: {},
  },
  {
    what: 'the group’s instances get no name',
    alter: ({ autoScaling }) =>
      autoScaling.send(
        new CreateOrUpdateTagsCommand({
          Tags: [
            {
              ...{ Key: 'Name', Value: 'digitalApps', PropagateAtLaunch: false },
              ...{ ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group' },
            },
          ],
        }),
      ),
    outcomes: { 'Autoscaling group': 'change' },
  },
  {
    what: 'the group’s subnets cut down to one',
    alter: async (aws) =>
      aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName,
          VPCZoneIdentifier: (await found.subnets(aws))[0],
        }),
      ),
    outcomes: { 'Autoscaling group': 'change' },
  },
  {
    what: 'autoscaling group deleted',
    alter: ({ autoScaling }) =>
      autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }),
      ),
    outcomes: { 'Autoscaling group': 'create' },
  },
];
