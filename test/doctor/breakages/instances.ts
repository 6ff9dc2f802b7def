import {
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { containerInstance, IMPAIRED } from '../../support/recorded/hosts.ts';
import { LAUNCH_MESSAGES, scalingActivities } from '../../support/recorded/scaling-activities.ts';
import type { Breakage } from './breakage.ts';
import { withTemplate } from './template.ts';

const RoleName = 'digitalAppsInstanceRole';
const times = Number.POSITIVE_INFINITY;

/** As the agent writes it. */
function logged(msg: string, error = ''): string {
  return `level=error time=${new Date().toISOString()} msg=${JSON.stringify(msg)} error=${JSON.stringify(error)}`;
}

export const instances: Breakage[] = [
  {
    what: 'the instance role without its policy',
    cause: 'roles.instance-policies',
    follows: ['agent.connected', 'agent.log'],
    async happen(clinic) {
      const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';
      await clinic.aws.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      clinic.loseAgents();
      clinic.tellOfHosts({
        log: logged(
          'Unable to register as a container instance with ECS',
          'AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/digitalAppsInstanceRole/i-0abc is not authorized to perform: ecs:RegisterContainerInstance on resource: *',
        ),
      });
      return () => clinic.aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    },
  },
  {
    what: 'an instance profile without a role',
    cause: 'roles.instance-profile',
    follows: ['agent.registered', 'app.running'],
    async happen(clinic) {
      const profile = { InstanceProfileName: RoleName, RoleName };
      await clinic.aws.iam.send(new RemoveRoleFromInstanceProfileCommand(profile));
      clinic.loseInstances();
      clinic.cutOff();
      return () => clinic.aws.iam.send(new AddRoleToInstanceProfileCommand(profile));
    },
  },
  {
    what: 'the instance role deleted',
    cause: 'roles.instance-role',
    follows: ['roles.instance-profile', 'agent.connected'],
    async happen(clinic) {
      const { iam } = clinic.aws;
      const profile = { InstanceProfileName: RoleName, RoleName };
      const [{ Role }, { AttachedPolicies = [] }] = await Promise.all([
        iam.send(new GetRoleCommand({ RoleName })),
        iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
      ]);
      await iam.send(new RemoveRoleFromInstanceProfileCommand(profile));
      for (const { PolicyArn } of AttachedPolicies) {
        await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      await iam.send(new DeleteRoleCommand({ RoleName }));
      clinic.loseAgents();
      clinic.cutOff();
      return async () => {
        const { Description, Tags } = Role!;
        const AssumeRolePolicyDocument = decodeURIComponent(Role!.AssumeRolePolicyDocument!);
        await iam.send(
          new CreateRoleCommand({ RoleName, Description, Tags, AssumeRolePolicyDocument }),
        );
        for (const { PolicyArn } of AttachedPolicies) {
          await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
        }
        await iam.send(new AddRoleToInstanceProfileCommand(profile));
      };
    },
  },
  {
    what: 'an instance role that trusts another service',
    cause: 'roles.instance-trust',
    follows: ['agent.connected'],
    async happen(clinic) {
      const { iam } = clinic.aws;
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const made = decodeURIComponent(Role!.AssumeRolePolicyDocument!);
      const trust = (PolicyDocument: string) =>
        iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      await trust(made.replace('ec2.amazonaws.com', 'lambda.amazonaws.com'));
      clinic.loseAgents();
      clinic.cutOff();
      return () => trust(made);
    },
  },
  {
    what: 'agents that have lost ECS, and nobody knows why',
    cause: 'agent.connected',
    follows: [],
    async happen(clinic) {
      clinic.loseAgents();
    },
  },
  {
    what: 'a disk that is full',
    cause: 'host.disk',
    follows: ['agent.health', 'agent.log', 'host.docker', 'app.stopped-tasks', 'app.running'],
    async happen(clinic) {
      clinic.faults.inject({
        ...{ operation: 'DescribeContainerInstances', times },
        rewrite: containerInstance(IMPAIRED),
      });
      clinic.tellOfHosts({
        ...{ disk: 100, docker: 'failed' },
        log: logged('Error saving state', 'write /data/agent.db: no space left on device'),
      });
      const reason =
        'CannotPullContainerError: failed to register layer: write /app/index.js: no space left on device';
      clinic.stopApp(
        [
          'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
        ],
        [{ stopCode: 'TaskFailedToStart', stoppedReason: reason, reason }],
      );
    },
  },
  {
    what: 'Docker stopped on the hosts',
    cause: 'host.docker',
    follows: ['host.agent', 'agent.connected', 'agent.log'],
    async happen(clinic) {
      clinic.loseAgents();
      clinic.tellOfHosts({
        ...{ docker: 'failed', ecs: 'inactive' },
        log: logged('Docker SDK client unable to ping Docker daemon'),
      });
    },
  },
  {
    what: 'no room for the app’s task',
    cause: 'capacity.task',
    follows: ['app.events', 'app.running'],
    async happen(clinic) {
      clinic.faults.inject({
        ...{ operation: 'DescribeContainerInstances', times },
        rewrite: (body) => body.replaceAll(/"integerValue": ?\d+/g, '"integerValue": 100'),
      });
      clinic.stopApp([
        'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123456789abcdef0123456789abcdef) has insufficient memory available. For more information, see the Troubleshooting section.',
      ]);
    },
  },
  {
    what: 'EC2 starts no instance',
    cause: 'instances.launching',
    follows: ['instances.in-service', 'app.events', 'app.running'],
    async happen(clinic) {
      const message = LAUNCH_MESSAGES.vcpu;
      clinic.faults.inject({
        ...{ operation: 'DescribeScalingActivities', times },
        rewrite: () => scalingActivities([{ status: 'Failed', message }]),
      });
      clinic.faults.inject({
        ...{ operation: 'DescribeAutoScalingGroups', times },
        rewrite: (body) => body.replace(/<Instances>.*<\/Instances>/s, '<Instances/>'),
      });
      clinic.loseInstances();
    },
  },
  {
    what: 'user data that names another cluster',
    cause: 'template.cluster-name',
    follows: ['agent.registered', 'agent.log', 'host.agent', 'app.events', 'app.running'],
    async happen(clinic) {
      const text = '#!/bin/bash\necho ECS_CLUSTER=digitalApp >> /etc/ecs/ecs.config\n';
      const UserData = Buffer.from(text).toString('base64');
      const mend = await withTemplate(clinic.aws, () => ({ UserData }));
      clinic.loseInstances();
      clinic.tellOfHosts({
        ...{ ecs: 'failed', cluster: 'digitalApp' },
        log: logged(
          'Unable to register as a container instance with ECS',
          'ClientException: Cluster not found.',
        ),
      });
      return mend;
    },
  },
  {
    what: 'a group that wants no instance',
    cause: 'instances.desired',
    follows: ['app.events', 'app.running'],
    async happen(clinic) {
      const { autoScaling } = clinic.aws;
      const AutoScalingGroupName = 'digitalApps';
      const { AutoScalingGroups } = await autoScaling.send(
        new DescribeAutoScalingGroupsCommand({}),
      );
      const { MinSize, DesiredCapacity } = AutoScalingGroups![0]!;
      const size = (of: { MinSize?: number; DesiredCapacity?: number }) =>
        autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...of }));
      await size({ MinSize: 0, DesiredCapacity: 0 });
      clinic.loseInstances();
      return () => size({ MinSize, DesiredCapacity });
    },
  },
];
