import {
  CreateClusterCommand,
  DescribeClustersCommand,
  TagResourceCommand,
  UpdateClusterSettingsCommand,
} from '@aws-sdk/client-ecs';
import type { Live, NoNeeds } from '../resource.ts';
import type { Tags } from '../tags.ts';
import { resource } from './scope.ts';
import { ecsLinkedRole } from './service-linked-roles.ts';

interface Cluster extends Live {
  arn: string;
  containerInsights: boolean;
}

export const ecsCluster = resource<Cluster, NoNeeds>({
  name: 'ECS cluster',
  section: 'ECS > Cluster',
  why: 'Places the apps’ containers on the instances and keeps them running.',
  docs: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html',
  needs: {},
  after: [ecsLinkedRole],
  async read({ aws, names }) {
    const { clusters = [] } = await aws.ecs.send(
      new DescribeClustersCommand({ clusters: [names.cluster], include: ['TAGS', 'SETTINGS'] }),
    );
    // A deleted cluster lingers for a while as INACTIVE.
    const found = clusters.find(({ status }) => status !== 'INACTIVE');
    return (
      found && {
        id: found.clusterName!,
        arn: found.clusterArn!,
        tags: Object.fromEntries((found.tags ?? []).map(({ key, value }) => [key, value])) as Tags,
        containerInsights: (found.settings ?? []).some(
          ({ name, value }) => name === 'containerInsights' && value !== 'disabled',
        ),
      }
    );
  },
  wanted: ({ answers }) => ({ containerInsights: answers['container-insights'] }),
  async create({ aws, names, tags, answers }) {
    const { cluster } = await aws.ecs.send(
      new CreateClusterCommand({
        clusterName: names.cluster,
        settings: insights(answers['container-insights']),
        tags: ecsTags(tags),
      }),
    );
    return {
      id: names.cluster,
      arn: cluster!.clusterArn!,
      tags,
      containerInsights: answers['container-insights'],
    };
  },
  set: {
    async containerInsights({ env, live, to }) {
      await env.aws.ecs.send(
        new UpdateClusterSettingsCommand({ cluster: live.id, settings: insights(to) }),
      );
    },
  },
  async tag({ aws, tags }, live) {
    await aws.ecs.send(new TagResourceCommand({ resourceArn: live.arn, tags: ecsTags(tags) }));
  },
});

function insights(on: boolean) {
  return [{ name: 'containerInsights' as const, value: on ? 'enabled' : 'disabled' }];
}

function ecsTags(tags: Tags) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
