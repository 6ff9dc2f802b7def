import { autoscalingGroup } from '../tasks/cluster/autoscaling-group.ts';
import { byHand, type Check, fail, type Looking, pass, skip, type Verdict, warn } from './check.ts';
import { awsCli, count, initCluster, some } from './command-lines.ts';
import { imageAge } from './instances/image-age.ts';
import { launching } from './instances/launching.ts';
import { templateChecks } from './instances/template.ts';
import { groupOf, inService } from './lookups/group.ts';

const NO_GROUP = skip('there is no autoscaling group');

const desired: Check = {
  id: 'instances.desired',
  group: 'Instances',
  title: 'The autoscaling group wants at least one instance',
  problem: 'The autoscaling group is missing, or wants no instance',
  why: 'Without an instance no container can run.',
  fix: 'Set the group’s desired capacity to 1 or more; where it is gone, `digital-apps init-cluster` makes it again.',
  isMendable: true,
  judges: [[autoscalingGroup, 'id']],
  async look(looking) {
    const group = await groupOf(looking);
    const name = looking.names.autoscalingGroup;
    if (!group) return fail(`There is no autoscaling group ${name}.`, initCluster(looking));
    if (group.DesiredCapacity) {
      return pass(`${name} wants ${count(group.DesiredCapacity, 'instance')}.`);
    }
    return byHand(
      fail(
        `The autoscaling group ${name} wants no instance (at most ${group.MaxSize}).`,
        group.MaxSize
          ? setDesired(looking, 1)
          : initCluster(looking, '--set min=1', '--set desired=2', '--set max=4'),
      ),
    );
  },
};

function setDesired(looking: Looking, capacity: number): string {
  return awsCli(
    looking,
    'autoscaling set-desired-capacity',
    `--auto-scaling-group-name ${looking.names.autoscalingGroup}`,
    `--desired-capacity ${capacity}`,
  );
}

const serving: Check = {
  id: 'instances.in-service',
  group: 'Instances',
  title: 'The instances are in service and healthy',
  problem: 'Not all instances that are wanted are in service',
  why: 'Auto Scaling replaces what is not healthy; until then there is less room for containers.',
  fix: 'Read the group’s activity history in the EC2 console; it says why an instance is not in service.',
  async look(looking) {
    const group = await groupOf(looking);
    if (!group) return NO_GROUP;
    const { Instances = [], DesiredCapacity = 0 } = group;
    const good = new Set(inService(group));
    const others = Instances.filter(({ InstanceId }) => !good.has(InstanceId!));
    const seen = `${good.size} of ${count(DesiredCapacity, 'instance')} in service`;
    if (good.size >= DesiredCapacity) return pass(`${seen}.`);
    const states = others.map(
      (each) => `${each.InstanceId} is ${each.LifecycleState}, ${each.HealthStatus?.toLowerCase()}`,
    );
    const evidence = [seen, ...(states.length > 0 ? [some(states)] : [])].join('; ');
    const starting = others.filter(({ LifecycleState = '' }) => /^Pending/.test(LifecycleState));
    const isComing = good.size > 0 && good.size + starting.length >= DesiredCapacity;
    return (isComing ? warn : fail)(
      `${evidence}.`,
      isComing
        ? 'They are being started: look again in a few minutes.'
        : awsCli(
            looking,
            'autoscaling describe-scaling-activities',
            `--auto-scaling-group-name ${looking.names.autoscalingGroup}`,
            '--max-items 5',
          ),
    );
  },
};

const zones: Check = {
  id: 'instances.zones',
  group: 'Instances',
  title: 'The instances are spread over the zones',
  problem: 'The instances are all in one zone',
  why: 'When a zone fails, the instances in the others carry on.',
  fix: 'Give the group subnets in two zones or more, and at least two instances.',
  async look(looking) {
    const group = await groupOf(looking);
    if (!group) return NO_GROUP;
    const good = new Set(inService(group));
    if (good.size < 2) return skip(`${count(good.size, 'instance')} in service: nothing to spread`);
    const used = new Set(
      group.Instances?.filter(({ InstanceId }) => good.has(InstanceId!)).map(
        ({ AvailabilityZone }) => AvailabilityZone!,
      ),
    );
    return spread(looking, [...used].sort(), group.AvailabilityZones ?? []);
  },
};

function spread(looking: Looking, used: string[], offered: string[]): Verdict {
  if (used.length > 1) return pass(`They are in ${used.join(', ')}.`);
  if (offered.length < 2) {
    return warn(`The group has subnets in ${used[0]} alone.`, initCluster(looking));
  }
  return warn(
    `All instances are in ${used[0]}; the group may use ${[...offered].sort().join(', ')}.`,
    'See under instances.launching whether the other zones have room; Auto Scaling spreads by itself.',
  );
}

export const instanceChecks: Check[] = [
  desired,
  launching,
  serving,
  zones,
  ...templateChecks,
  imageAge,
];
