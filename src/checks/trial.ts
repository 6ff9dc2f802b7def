import { describeGroup } from '../tasks/cluster/autoscaling-group.ts';
import { ecsCluster } from '../tasks/cluster/ecs-cluster.ts';
import { routeTable } from '../tasks/cluster/route-table.ts';
import { type AppLooking, type Check, fail, pass, warn } from './check.ts';

export const trialChecks: Check[] = [
  {
    id: 'cluster.active',
    group: 'Cluster',
    title: 'The ECS cluster is active',
    why: 'Without it nothing can be placed.',
    fix: 'Run digital-apps init-cluster.',
    isMendable: true,
    async look(looking) {
      const found = await ecsCluster.read(looking);
      return found
        ? pass(`${found.id} is active`)
        : fail(`There is no cluster ${looking.names.cluster}.`);
    },
  },
  {
    id: 'instances.running',
    group: 'Instances',
    title: 'The group has the instances it wants',
    why: 'Apps run on them.',
    fix: 'Look at the group’s activity in the console.',
    async look(looking) {
      const group = await describeGroup(looking);
      if (!group) return fail('There is no autoscaling group.');
      const { Instances = [], DesiredCapacity = 0, MaxSize } = group;
      if (DesiredCapacity === MaxSize)
        return warn(`All ${MaxSize} that may be run are.`, 'digital-apps init-cluster --set max=6');
      return Instances.length >= DesiredCapacity
        ? pass(`${Instances.length} of ${DesiredCapacity}`)
        : fail(`${Instances.length} of ${DesiredCapacity} are there.`);
    },
  },
  {
    id: 'network.route',
    group: 'Network',
    title: 'The subnets have a way out',
    why: 'Without a route to the internet gateway no agent can reach AWS.',
    fix: 'Run digital-apps init-cluster.',
    isMendable: true,
    async look(looking) {
      const table = await routeTable.read(looking);
      return table?.wayOut?.startsWith('igw-')
        ? pass(`${table.id} leads to ${table.wayOut}`)
        : fail(`${table?.id} has no route to an internet gateway.`, 'digital-apps init-cluster');
    },
  },
];

export const trialAppChecks: Check<AppLooking>[] = [
  {
    id: 'traffic.hosts',
    group: 'Traffic',
    title: 'A rule sends its host to it',
    why: 'Without a rule the load balancer answers 503.',
    fix: 'Run digital-apps add-app in its repository.',
    async look({ app }) {
      return app.hosts.length > 0 ? pass(app.hosts.join(', ')) : fail('No rule names it.');
    },
  },
];
