import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  commandOutput,
  containerInstance,
  hostOutput,
  IMPAIRED,
  type RecordedHost,
} from '../../support/recorded/hosts.ts';
import { lay } from '../../support/recorded/lay.ts';
import { recordService, recordStoppedTasks, secondsAgo } from '../../support/recorded/services.ts';
import { recordTargetHealth } from '../../support/recorded/target-health.ts';
import type { Patient } from '../clinic.ts';
import { registered } from './moments.ts';

/** Something that AWS would show and the emulator cannot, in AWS's documented shape. */
export interface Recording {
  shows: string;
  lay(patient: Patient): unknown;
}

const SERVICE = 'parks';
const times = Number.POSITIVE_INFINITY;
const GROUP =
  'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/parks/0123456789abcdef';

/** No command runs on the emulator's instances. */
export function hosts(host: RecordedHost): Recording {
  return {
    shows: 'what the instances answer through Systems Manager',
    lay: ({ faults }) =>
      faults.inject({
        ...{ operation: 'GetCommandInvocation', times },
        rewrite: commandOutput(hostOutput(host)),
      }),
  };
}

/** As the agent writes it. */
export function logged(msg: string, error = ''): string {
  return `level=error time=${new Date().toISOString()} msg=${JSON.stringify(msg)} error=${JSON.stringify(error)}`;
}

/** Its agents look at no Docker. */
export const impaired: Recording = {
  shows: 'the health that an agent reports of its instance',
  lay: ({ faults }) =>
    faults.inject({
      ...{ operation: 'DescribeContainerInstances', times },
      rewrite: containerInstance(IMPAIRED),
    }),
};

export const healthy: Recording = {
  ...impaired,
  lay: ({ faults }) =>
    lay<{ containerInstances: object[] }>(faults, 'DescribeContainerInstances', (answer) => ({
      ...answer,
      containerInstances: answer.containerInstances.map((each) => ({
        ...each,
        healthStatus: { overallStatus: 'OK', details: [] },
      })),
    })),
};

/** Its load balancer checks no health: what it finds, and what ECS does then, a moment after one was stopped. */
export function sick(reason: string, description: string): Recording {
  return {
    shows: 'target health, and that ECS replaces what is unwell',
    async lay({ aws, faults }) {
      const [member] = await registered({ aws });
      const id = member!.ec2InstanceId!;
      const unhealthy = `(instance ${id}) (port 32768) is unhealthy in (target-group ${GROUP}) due to (reason ${description})`;
      const deployment = {
        rolloutState: 'IN_PROGRESS',
        createdAt: secondsAgo(300),
        failedTasks: 3,
      };
      recordService(faults, SERVICE, { running: 0, pending: 1, events: [unhealthy], deployment });
      recordTargetHealth(faults, [{ state: 'unhealthy', reason, description, id }]);
      recordStoppedTasks(faults, SERVICE, [
        {
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: `Task failed ELB health checks in (target-group ${GROUP})`,
          exitCode: 143,
        },
      ]);
    },
  };
}

/** It asks nobody whether ECS may register a target. */
export const unregistered: Recording = {
  shows: 'that ECS may not tell the load balancer of a new container',
  lay({ faults }) {
    const by =
      'arn:aws:sts::123456789012:assumed-role/digitalAppsServiceRole/ecs-service-scheduler';
    const action = 'elasticloadbalancing:RegisterTargets';
    recordService(faults, SERVICE, {
      events: [
        `failed to register targets in (target-group ${GROUP}) with (error User: ${by} is not authorized to perform: ${action} on resource: ${GROUP})`,
      ],
      deployment: { rolloutState: 'IN_PROGRESS', createdAt: secondsAgo(1200) },
    });
    recordTargetHealth(faults, []);
  },
};

/** Its instances have no disk that could be full. */
export const unpulled: Recording = {
  shows: 'tasks whose image does not fit on the disk',
  lay({ faults }) {
    const reason =
      'CannotPullContainerError: failed to register layer: write /app/index.js: no space left on device';
    recordService(faults, SERVICE, {
      running: 0,
      events: [
        'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.',
      ],
    });
    recordTargetHealth(faults, []);
    recordStoppedTasks(faults, SERVICE, [
      { stopCode: 'TaskFailedToStart', stoppedReason: reason, reason },
    ]);
  },
};

/** It counts no targets, so that no alarm goes off. */
export const alarming: Recording = {
  shows: 'that CloudWatch has seen no healthy target',
  lay: ({ aws }) =>
    aws.cloudWatch.send(
      new SetAlarmStateCommand({
        ...{ AlarmName: `${SERVICE}-healthy-hosts`, StateValue: 'ALARM' },
        StateReason: 'Threshold Crossed: no datapoints were received for 2 periods',
      }),
    ),
};

/** It speaks no TLS, so that nobody can refuse its certificate. */
export const refused: Recording = {
  shows: 'that no browser takes up the connection',
  lay: ({ faults }) =>
    faults.inject({ operation: /^unsigned\.Get \/admin\/ok$/, reset: true, times }),
};
