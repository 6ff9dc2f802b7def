import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import { found } from '../app/found.ts';
import { type AppWorld, type Clients, newAppWorld } from '../app/world.ts';
import { awsClients, type Emulator, REGION, startEmulator } from '../support/emulator.ts';
import { type Faults, startFaults } from '../support/faults.ts';
import { type Machine, newMachine } from '../support/program.ts';
import { pushImage } from '../support/recorded/images.ts';
import { until } from '../support/until.ts';
import { serviceNow } from './breakages/moments.ts';
import { CLUSTER, HOST, SERVICE } from './names.ts';

/** A cluster with an app in it that are well. */
export interface Clinic extends AppWorld {
  /** One of its own for each breakage, so that none finds what another has left. */
  copy(): Promise<Patient>;
}

/** What is broken: all that is done to it is done in AWS. */
export interface Broken {
  emulator: Emulator;
  aws: Clients;
}

/** With somebody who looks at it. Between the two is what the emulator cannot show. */
export interface Patient extends Broken {
  faults: Faults;
  machine: Machine;
  stop(): Promise<void>;
}

export async function newClinic(): Promise<Clinic> {
  const world = await newAppWorld({ zone: true });
  await world.emulator.settings({ env_files: true });
  const envFile = join(world.machine.home, 'production.env');
  await writeFile(envFile, 'SESSION=abc\n');
  const dir = await world.clone(`city/${SERVICE}`);
  const added = await world.add(dir, '--host', HOST, '--env-file', envFile);
  if (added.exitCode !== 0) throw new Error(`${SERVICE} was not added:\n${added.stderr}`);
  await deploy(world);
  await until(async () => isSteady(await serviceNow(world)));
  return { ...world, copy: () => copyOf(world.emulator) };
}

async function copyOf({ endpoint }: Emulator): Promise<Patient> {
  const emulator = await startEmulator({ copyOf: endpoint });
  const faults = await startFaults(emulator.endpoint);
  const machine = await newMachine(faults.endpoint);
  return {
    ...{ emulator, faults, machine, aws: awsClients(emulator.endpoint) },
    async stop() {
      await Promise.all([faults.stop(), machine.remove()]);
      await emulator.stop();
    },
  };
}

function isSteady({ events = [] }: Service): boolean {
  return events.some(({ message }) => message?.endsWith('has reached a steady state.'));
}

/** What a first deploy leaves, and the guide's alarm. */
async function deploy({ aws, emulator, globals }: AppWorld): Promise<void> {
  await pushImage(aws, `digital-apps/${SERVICE}`, '1-abc');
  const options = {
    'awslogs-group': CLUSTER,
    ...{ 'awslogs-region': REGION, 'awslogs-stream-prefix': SERVICE },
  };
  await aws.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: SERVICE,
      taskRoleArn: globals.AWS_ECS_TASK_ROLE_ARN,
      containerDefinitions: [
        {
          name: 'app',
          image: `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps/${SERVICE}:1-abc`,
          ...{ memory: 512, portMappings: [{ containerPort: 3000 }] },
          environment: [
            {
              name: 'AWS_S3_CONFIG_URL',
              value: `s3://${globals.AWS_S3_CONFIG_BUCKET}/${SERVICE}/.env`,
            },
          ],
          logConfiguration: { logDriver: 'awslogs', options },
        },
      ],
    }),
  );
  const [{ TargetGroupArn: targetGroupArn } = {}] = await found.targetGroups(aws, SERVICE);
  await aws.ecs.send(
    new CreateServiceCommand({
      ...{ cluster: CLUSTER, serviceName: SERVICE, taskDefinition: SERVICE, desiredCount: 1 },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 3000 }],
    }),
  );
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
