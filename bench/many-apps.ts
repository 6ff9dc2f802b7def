import { CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { appTags, ourTags, tagList } from '../src/tasks/tags.ts';
import { type awsClients, REGION } from '../test/support/emulator.ts';

type Clients = ReturnType<typeof awsClients>;

/** A load balancer has a hundred rules, unless AWS has been asked for more. */
const MOST_RULES = 100;

/**
 * As many apps as that, each with a target group, a service that runs as desired, and a rule while
 * there is room: what the doctor knows an app by.
 */
export async function makeApps({ elb, ecs }: Clients, count: number): Promise<void> {
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { VpcId, LoadBalancerArn } = LoadBalancers![0]!;
  const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const ListenerArn = Listeners!.find(({ Port }) => Port === 80)?.ListenerArn;
  for (let number = 1; number <= count; number += 1) {
    const name = `app-${number}`;
    const Tags = tagList(appTags(ourTags('digitalApps', REGION), name));
    const made = await elb.send(
      new CreateTargetGroupCommand({ Name: name, Protocol: 'HTTP', Port: 80, VpcId, Tags }),
    );
    const { TargetGroupArn } = made.TargetGroups![0]!;
    if (number < MOST_RULES) {
      await elb.send(
        new CreateRuleCommand({
          ...{ ListenerArn, Priority: number, Tags },
          Conditions: [
            { Field: 'host-header', HostHeaderConfig: { Values: [`${name}.example.gov`] } },
          ],
          Actions: [{ Type: 'forward', TargetGroupArn }],
        }),
      );
    }
    const image = `123456789012.dkr.ecr.${REGION}.amazonaws.com/digital-apps/${name}:1`;
    const containerDefinitions = [{ name: 'app', image, memory: 512 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: name, containerDefinitions }));
    await ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'digitalApps', serviceName: name, taskDefinition: name, desiredCount: 0 },
        loadBalancers: [
          { targetGroupArn: TargetGroupArn, containerName: 'app', containerPort: 3000 },
        ],
      }),
    );
  }
}
