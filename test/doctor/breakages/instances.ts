import {
  SetInstanceHealthCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterContainerInstanceCommand,
  RegisterTaskDefinitionCommand,
  StartTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { until } from '../../support/until.ts';
import { CLUSTER, SERVICE } from '../names.ts';
import type { Breakage } from './breakage.ts';
import { agentsLost, instancesReplaced, nothingPlaced, registered, serviceNow } from './moments.ts';
import { hosts, impaired, logged, unpulled } from './recorded.ts';
import { withTemplate } from './template.ts';

const RoleName = 'digitalAppsInstanceRole';
const cluster = CLUSTER;

export const instances: Breakage[] = [
  {
    what: 'the instance role without its policy',
    cause: 'roles.instance-policies',
    follows: ['agent.connected', 'agent.log'],
    async happen(clinic) {
      const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role';
      await clinic.aws.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      await agentsLost(clinic);
    },
    recorded: [
      hosts({
        log: logged(
          'Unable to register as a container instance with ECS',
          'AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/digitalAppsInstanceRole/i-0abc is not authorized to perform: ecs:RegisterContainerInstance on resource: *',
        ),
      }),
    ],
  },
  {
    what: 'an instance profile without a role',
    cause: 'roles.instance-profile',
    follows: ['agent.connected'],
    async happen(clinic) {
      const profile = { InstanceProfileName: RoleName, RoleName };
      await clinic.aws.iam.send(new RemoveRoleFromInstanceProfileCommand(profile));
      await agentsLost(clinic);
    },
  },
  {
    what: 'the instance role deleted',
    cause: 'roles.instance-role',
    follows: ['roles.instance-profile', 'agent.connected'],
    async happen(clinic) {
      const { iam } = clinic.aws;
      const profile = { InstanceProfileName: RoleName, RoleName };
      const { AttachedPolicies = [] } = await iam.send(
        new ListAttachedRolePoliciesCommand({ RoleName }),
      );
      await iam.send(new RemoveRoleFromInstanceProfileCommand(profile));
      for (const { PolicyArn } of AttachedPolicies) {
        await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      await iam.send(new DeleteRoleCommand({ RoleName }));
      await agentsLost(clinic);
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
      const PolicyDocument = made.replace('ec2.amazonaws.com', 'lambda.amazonaws.com');
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      await agentsLost(clinic);
    },
  },
  {
    what: 'agents that have lost ECS, and nobody knows why',
    cause: 'agent.connected',
    follows: [],
    async happen(clinic) {
      await clinic.emulator.settings({ agents_connected: false });
      await agentsLost(clinic);
    },
  },
  {
    what: 'a disk that is full',
    cause: 'host.disk',
    follows: ['agent.health', 'agent.log', 'host.docker', 'app.stopped-tasks', 'app.running'],
    happen: async () => {},
    recorded: [
      impaired,
      hosts({
        ...{ disk: 100, docker: 'failed' },
        log: logged('Error saving state', 'write /data/agent.db: no space left on device'),
      }),
      unpulled,
    ],
  },
  {
    what: 'Docker stopped on the hosts',
    cause: 'host.docker',
    follows: ['host.agent', 'agent.connected', 'agent.log'],
    async happen(clinic) {
      await clinic.emulator.settings({ agents_connected: false });
      await agentsLost(clinic);
    },
    recorded: [
      hosts({
        ...{ docker: 'failed', ecs: 'inactive' },
        log: logged('Docker SDK client unable to ping Docker daemon'),
      }),
    ],
  },
  {
    what: 'no room for the app’s task',
    cause: 'capacity.task',
    follows: ['app.events', 'app.running'],
    async happen(clinic) {
      const { ecs } = clinic.aws;
      const scale = (desiredCount: number) =>
        ecs.send(new UpdateServiceCommand({ cluster, service: SERVICE, desiredCount }));
      await scale(0);
      await until(async () => !(await serviceNow(clinic)).runningCount);
      const container = { name: 'all', image: 'busybox', memory: 1800 };
      await ecs.send(
        new RegisterTaskDefinitionCommand({ family: 'big', containerDefinitions: [container] }),
      );
      const containerInstances = (await registered(clinic)).map(
        ({ containerInstanceArn }) => containerInstanceArn!,
      );
      await ecs.send(new StartTaskCommand({ cluster, taskDefinition: 'big', containerInstances }));
      await scale(1);
      await nothingPlaced(clinic);
    },
  },
  {
    what: 'a quota that lets EC2 start no instance',
    cause: 'instances.launching',
    follows: ['instances.in-service', 'app.events', 'app.running'],
    async happen(clinic) {
      await clinic.emulator.settings({ vcpus: 0 });
      await instancesReplaced(clinic);
    },
  },
  {
    what: 'user data that names another cluster',
    cause: 'template.cluster-name',
    follows: ['agent.registered', 'agent.log', 'host.agent', 'app.events', 'app.running'],
    async happen(clinic) {
      const text = '#!/bin/bash\necho ECS_CLUSTER=digitalApp >> /etc/ecs/ecs.config\n';
      const UserData = Buffer.from(text).toString('base64');
      await withTemplate(clinic.aws, () => ({ UserData }));
      await instancesReplaced(clinic);
    },
    recorded: [
      hosts({
        ...{ ecs: 'failed', cluster: 'digitalApp' },
        log: logged(
          'Unable to register as a container instance with ECS',
          'ClientException: Cluster not found.',
        ),
      }),
    ],
  },
  {
    what: 'the ECS cluster deleted',
    cause: 'cluster.active',
    follows: ['agent.registered', 'agent.log', 'host.agent'],
    async happen(clinic) {
      const { ecs } = clinic.aws;
      await ecs.send(new DeleteServiceCommand({ cluster, service: SERVICE, force: true }));
      for (const { containerInstanceArn: containerInstance } of await registered(clinic)) {
        await ecs.send(
          new DeregisterContainerInstanceCommand({ cluster, containerInstance, force: true }),
        );
      }
      await ecs.send(new DeleteClusterCommand({ cluster }));
    },
    recorded: [
      hosts({
        ...{ ecs: 'failed', cluster: '' },
        log: logged(
          'Unable to register as a container instance with ECS',
          'ClientException: Cluster not found.',
        ),
      }),
    ],
  },
  {
    what: 'an instance that somebody has stopped',
    cause: 'instances.in-service',
    follows: ['agent.connected'],
    async happen(clinic) {
      const [{ ec2InstanceId: InstanceId } = {}] = await registered(clinic);
      await clinic.aws.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId!] }));
      // As Auto Scaling does that checks its instances every minute.
      await clinic.aws.autoScaling.send(
        new SetInstanceHealthCommand({ InstanceId, HealthStatus: 'Unhealthy' }),
      );
      await until(async () =>
        (await registered(clinic)).some(({ agentConnected }) => !agentConnected),
      );
    },
  },
  {
    what: 'a group that wants no instance',
    cause: 'instances.desired',
    follows: ['app.events', 'app.running'],
    async happen(clinic) {
      const AutoScalingGroupName = 'digitalApps';
      await clinic.aws.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          ...{ AutoScalingGroupName, MinSize: 0, DesiredCapacity: 0 },
        }),
      );
      await nothingPlaced(clinic);
    },
  },
];
