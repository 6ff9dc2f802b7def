import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { found } from '../app/found.ts';
import { type AppWorld, newAppWorld, ZONE } from '../app/world.ts';
import { REGION } from '../support/clients.ts';
import { commandOutput, hostOutput, type RecordedHost } from '../support/recorded/hosts.ts';
import { pushImage } from '../support/recorded/images.ts';
import { lay } from '../support/recorded/lay.ts';
import { recordService, recordStoppedTasks, secondsAgo } from '../support/recorded/services.ts';
import { recordTargetHealth } from '../support/recorded/target-health.ts';

const SERVICE = 'parks';
const CLUSTER = 'digitalApps';
const ALWAYS = Number.POSITIVE_INFINITY;

type StoppedTasks = Parameters<typeof recordStoppedTasks>[2];

/** A cluster with an app in it that is well, and what AWS would show where they are not. */
export interface Clinic extends AppWorld {
  host: string;
  /** As AWS reports a cluster and an app that are well; forgets what was recorded before. */
  wellAgain(): void;
  /** The agents have lost ECS: what runs goes on. */
  loseAgents(): void;
  /** The instances have not joined, or are gone: nothing runs. */
  loseInstances(): void;
  /** Systems Manager does not reach the instances either. */
  cutOff(): void;
  /** What the instances answer through Systems Manager. */
  tellOfHosts(host: RecordedHost): void;
  /** No container of the app runs, for that reason. */
  stopApp(events: string[], stopped?: StoppedTasks): void;
  /** The load balancer finds the app's container unwell, and ECS replaces it again and again. */
  sicken(reason: string, description: string): void;
  /** Who asks for the app, or for anything at the load balancer, gets no answer. */
  silence(what: 'app' | 'all'): void;
}

export async function newClinic(): Promise<Clinic> {
  const world = await newAppWorld({ zone: true });
  const host = `${SERVICE}.${ZONE}`;
  const envFile = join(world.machine.home, 'production.env');
  await writeFile(envFile, 'SESSION=abc\n');
  const dir = await world.clone(`city/${SERVICE}`);
  const added = await world.add(dir, '--host', host, '--env-file', envFile);
  if (added.exitCode !== 0) throw new Error(`${SERVICE} was not added:\n${added.stderr}`);
  await deploy(world);
  const { Reservations } = await world.aws.ec2.send(new DescribeInstancesCommand({}));
  const instance = Reservations![0]!.Instances![0]!.InstanceId!;
  return { ...world, host, ...recordingWith(world, instance) };
}

/** What a first deploy leaves, and the guide's alarm. */
async function deploy({ aws, emulator }: AppWorld): Promise<void> {
  await pushImage(aws, `digital-apps/${SERVICE}`, '1-abc');
  const image = `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps/${SERVICE}:1-abc`;
  await aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: SERVICE,
      containerDefinitions: [{ name: 'app', image, memory: 512 }],
    }),
  );
  const [{ TargetGroupArn: targetGroupArn } = {}] = await found.targetGroups(aws, SERVICE);
  await aws.ecs.send(
    new CreateServiceCommand({
      ...{ cluster: CLUSTER, serviceName: SERVICE, taskDefinition: SERVICE, desiredCount: 1 },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
    }),
  );
  const stream = { logGroupName: CLUSTER, logStreamName: `${SERVICE}/app/1` };
  await aws.logs.send(new CreateLogStreamCommand(stream));
  const logEvents = [{ timestamp: Date.now(), message: 'listening' }];
  await aws.logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  const cloudWatch = new CloudWatchClient({
    ...{ endpoint: emulator.endpoint, region: REGION },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: `${SERVICE}-healthy-hosts`,
      ...{ Namespace: 'AWS/ApplicationELB', MetricName: 'HealthyHostCount', Statistic: 'Minimum' },
      ...{ Period: 60, EvaluationPeriods: 2, Threshold: 1, TreatMissingData: 'breaching' },
      ComparisonOperator: 'LessThanThreshold',
      Dimensions: [{ Name: 'TargetGroup', Value: targetGroupArn?.split(':').at(-1) }],
    }),
  );
}

/** @param instance where the app's container runs. */
function recordingWith(
  { faults }: AppWorld,
  instance: string,
): Omit<Clinic, keyof AppWorld | 'host'> {
  const clinic = {
    wellAgain() {
      faults.clear();
      recordService(faults, SERVICE);
      recordTargetHealth(faults, [{ state: 'healthy' }]);
    },
    loseAgents() {
      lay<{ containerInstances: object[] }>(faults, 'DescribeContainerInstances', (answer) => ({
        ...answer,
        containerInstances: answer.containerInstances.map((each) => ({
          ...each,
          agentConnected: false,
        })),
      }));
    },
    loseInstances() {
      lay(faults, 'ListContainerInstances', () => ({ containerInstanceArns: [] }));
      clinic.stopApp([
        'was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
      ]);
    },
    cutOff() {
      lay(faults, 'DescribeInstanceInformation', () => ({ InstanceInformationList: [] }));
    },
    tellOfHosts(host: RecordedHost) {
      faults.inject({
        ...{ operation: 'GetCommandInvocation', times: ALWAYS },
        rewrite: commandOutput(hostOutput(host)),
      });
    },
    stopApp(events: string[], stopped: StoppedTasks = []) {
      recordService(faults, SERVICE, { running: 0, events });
      recordTargetHealth(faults, []);
      recordStoppedTasks(faults, SERVICE, stopped);
    },
    sicken(reason: string, description: string) {
      const unhealthy = `(instance ${instance}) (port 32768) is unhealthy in (target-group arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/${SERVICE}/0123456789abcdef) due to (reason ${description})`;
      const deployment = {
        rolloutState: 'IN_PROGRESS',
        createdAt: secondsAgo(300),
        failedTasks: 3,
      };
      recordService(faults, SERVICE, { running: 0, pending: 1, events: [unhealthy], deployment });
      recordTargetHealth(faults, [{ state: 'unhealthy', reason, description, id: instance }]);
      recordStoppedTasks(faults, SERVICE, [
        {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: `Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/${SERVICE}/0123456789abcdef)`,
          exitCode: 143,
        },
      ]);
    },
    silence(what: 'app' | 'all') {
      const operation = what === 'app' ? /^unsigned\.Get \/admin\/ok$/ : /^unsigned\./;
      faults.inject({ operation, reset: true, times: ALWAYS });
    },
  };
  return clinic;
}
