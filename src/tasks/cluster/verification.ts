import { DescribeScalingActivitiesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeContainerInstancesCommand,
  paginateListContainerInstances,
} from '@aws-sdk/client-ecs';
import { whereGiven } from '../../aws/cli-lines.ts';
import { probe } from '../../aws/probe.ts';
import { waitUntil } from '../../aws/waiting.ts';
import { StepFailed } from '../../errors.ts';
import type { Live } from '../resource.ts';
import { autoscalingGroup, describeGroup } from './autoscaling-group.ts';
import { instanceRefresh } from './instance-refresh.ts';
import { httpListener } from './listeners.ts';
import { findLoadBalancer, loadBalancer } from './load-balancer.ts';
import { type Answered, type Env, type Place, resourceWhen } from './scope.ts';

const section = 'Verification';
const waited = ({ verify }: Answered) => verify;

export const instancesJoined = resourceWhen<Live, { autoscalingGroup: typeof autoscalingGroup }>(
  waited,
  {
    name: 'Instances in the cluster',
    section,
    why: 'Proves that the instances started, found their way out and joined with a connected agent.',
    docs: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-introspection.html',
    usually: { least: 120, most: 240 },
    waits: true,
    proves: true,
    needs: { autoscalingGroup },
    after: [instanceRefresh],
    async read(place) {
      const { connected, desired } = await joined(place);
      return desired && connected >= desired ? asLive(connected) : undefined;
    },
    wanted: () => ({}),
    create: (env) =>
      waitUntil({
        signal: env.signal,
        upTo: 900,
        async look() {
          const { connected, desired } = await joined(env);
          if (desired === undefined) return undefined;
          if (desired === 0) throw nobodyDesired(env);
          env.waiting(`${connected} of ${desired} joined, usually 2–4 min`);
          return connected >= desired ? asLive(connected) : undefined;
        },
        givingUp: () => notJoined(env),
      }),
    set: {},
  },
);

/** How many of the group's instances have joined; desired is undefined until there is a group. */
async function joined(place: Place): Promise<{ connected: number; desired?: number }> {
  const [group, agents] = await Promise.all([describeGroup(place), connectedInstances(place)]);
  const connected = (group?.Instances ?? []).filter((i) => agents.has(i.InstanceId!)).length;
  return { connected, desired: group?.DesiredCapacity };
}

/** The ids of the cluster's instances whose agent is connected. */
async function connectedInstances({ aws, names }: Place): Promise<Set<string>> {
  const cluster = names.cluster;
  const connected = new Set<string>();
  try {
    const pages = paginateListContainerInstances(
      { client: aws.ecs },
      { cluster, status: 'ACTIVE' },
    );
    for await (const { containerInstanceArns = [] } of pages) {
      if (containerInstanceArns.length === 0) continue;
      const { containerInstances = [] } = await aws.ecs.send(
        new DescribeContainerInstancesCommand({
          cluster,
          containerInstances: containerInstanceArns,
        }),
      );
      for (const { agentConnected, ec2InstanceId } of containerInstances) {
        if (agentConnected && ec2InstanceId) connected.add(ec2InstanceId);
      }
    }
  } catch (error) {
    if ((error as Error).name !== 'ClusterNotFoundException') throw error;
  }
  return connected;
}

function asLive(connected: number): Live {
  return { id: `${connected} connected` };
}

function nobodyDesired({ aws, names, region }: Env): StepFailed {
  return new StepFailed(
    `The autoscaling group ${names.autoscalingGroup} wants no instance.`,
    whereGiven(
      `aws autoscaling set-desired-capacity --auto-scaling-group-name ${names.autoscalingGroup} --desired-capacity 1 --region ${region}`,
      aws.connection,
    ),
  );
}

/** AWS notes with each attempt to start an instance why it failed. */
async function notJoined({ aws, names, region }: Env): Promise<StepFailed> {
  const { Activities = [] } = await aws.autoScaling.send(
    new DescribeScalingActivitiesCommand({
      AutoScalingGroupName: names.autoscalingGroup,
      MaxRecords: 10,
    }),
  );
  const failed = Activities.find(({ StatusCode }) => StatusCode === 'Failed');
  return failed
    ? new StepFailed(
        `Auto Scaling could not start an instance: ${failed.StatusMessage}`,
        'Mend what AWS names, then run again.',
      )
    : new StepFailed(
        'The instances started, but not all joined the cluster within 15 minutes.',
        whereGiven(
          `Read the agent’s log on one: aws ssm start-session --target INSTANCE_ID --region ${region}, then less /var/log/ecs/ecs-agent.log.`,
          aws.connection,
        ),
      );
}

export const loadBalancerAnswers = resourceWhen<
  Live,
  { loadBalancer: typeof loadBalancer; httpListener: typeof httpListener }
>(waited, {
  name: 'Load balancer answers',
  section,
  why: 'Proves that it can be reached; without an app it says Service Unavailable (503).',
  docs: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html',
  usually: { least: 120, most: 240 },
  waits: true,
  proves: true,
  needs: { loadBalancer, httpListener },
  read: answers,
  wanted: () => ({}),
  create: (env) =>
    waitUntil({
      signal: env.signal,
      upTo: 900,
      async look() {
        const { Code: state, Reason } = (await findLoadBalancer(env))?.State ?? {};
        if (state === 'failed') {
          throw new StepFailed(
            `AWS could not activate the load balancer: ${Reason ?? 'it gives no reason'}.`,
            'Delete it in the EC2 console, then run again.',
          );
        }
        env.waiting(
          state === 'active'
            ? 'DNS is told its name, usually a minute'
            : 'being activated, usually 2–4 min',
        );
        return answers(env);
      },
      givingUp: () =>
        new StepFailed(
          'The load balancer did not answer with 503 within 15 minutes.',
          'Look at its state in the EC2 console, then run again.',
        ),
    }),
  set: {},
});

async function answers(place: Place): Promise<Live | undefined> {
  const found = await findLoadBalancer(place);
  if (found?.State?.Code !== 'active') return undefined;
  const status = await probe(found.DNSName!, place.aws.connection.endpoint);
  return status === 503 ? { id: '503 Service Unavailable' } : undefined;
}
