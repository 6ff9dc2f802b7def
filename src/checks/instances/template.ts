import { autoscalingGroup, templateVersion } from '../../tasks/cluster/autoscaling-group.ts';
import { launchTemplate } from '../../tasks/cluster/launch-template.ts';
import {
  aboutAll,
  byHand,
  type Check,
  fail,
  type Looking,
  pass,
  skip,
  type Verdict,
  warn,
} from '../check.ts';
import { awsCli, initCluster, some } from '../command-lines.ts';
import { groupOf } from '../lookups/group.ts';
import { groupInstances } from '../lookups/instances.ts';
import { usedTemplate } from '../lookups/template.ts';
import { clusterIn } from './user-data.ts';

const NO_TEMPLATE = skip('the autoscaling group has no launch template');

const version: Check = {
  id: 'instances.template-version',
  group: 'Instances',
  title: 'The instances run on the current launch template',
  problem: 'Not everything uses the current launch template',
  why: 'A changed template reaches running instances only by replacing them.',
  fix: 'digital-apps init-cluster --replace-instances',
  isMendable: true,
  judges: [[autoscalingGroup, 'template']],
  async look(looking) {
    const [group, template] = await Promise.all([groupOf(looking), usedTemplate(looking)]);
    if (!group || !template) return NO_TEMPLATE;
    const { LaunchTemplateId: id, VersionNumber: used } = template.used;
    const current = templateVersion(id, used);
    const older = (group.Instances ?? []).filter(
      ({ LaunchTemplate: from }) =>
        templateVersion(from?.LaunchTemplateId, from?.Version) !== current,
    );
    const replace = initCluster(looking, '--replace-instances');
    const verdicts: Verdict[] = [];
    if (template.newest > used!) {
      verdicts.push(
        warn(
          `The group starts instances from version ${used}; the newest is ${template.newest}.`,
          replace,
        ),
      );
    }
    if (older.length > 0) {
      const ids = some(older.map(({ InstanceId }) => InstanceId!));
      verdicts.push(
        byHand(warn(`Made from another version than the group’s (${used}): ${ids}.`, replace)),
      );
    }
    return verdicts.length > 0 ? verdicts : pass(`All are made from version ${used}, the newest.`);
  },
};

const clusterName: Check = {
  id: 'template.cluster-name',
  group: 'Instances',
  title: 'The user data names this cluster',
  problem: 'The user data does not name this cluster',
  why: 'An agent that is told of no cluster joins one called “default”.',
  fix: 'Write ECS_CLUSTER=NAME to /etc/ecs/ecs.config in the user data; digital-apps init-cluster does.',
  isMendable: true,
  judges: [[launchTemplate, 'data.userData']],
  async look(looking) {
    const template = await usedTemplate(looking);
    if (!template) return NO_TEMPLATE;
    const where = `Version ${template.used.VersionNumber} of the launch template`;
    const named = clusterIn(template.used.LaunchTemplateData?.UserData);
    const { cluster } = looking.names;
    if (named === cluster) return pass(`${where} names ${cluster}.`);
    if (named?.startsWith('$')) {
      return skip(`${where} takes the cluster’s name from the variable ${named}`);
    }
    return fail(
      named
        ? `${where} names the cluster ${named}, not ${cluster}.`
        : `${where} names no cluster in /etc/ecs/ecs.config: agents join one called “default”.`,
      initCluster(looking, '--replace-instances'),
    );
  },
};

const imds: Check = {
  id: 'template.imds',
  group: 'Instances',
  title: 'The metadata service takes IMDSv2 alone, also from containers',
  problem: 'The instances’ metadata service (IMDS) is set wrong',
  why: 'Without IMDSv2 a hole in an app gives away the instance’s credentials; with one hop, containers on the bridge get no answer.',
  fix: 'HttpTokens required and a hop limit of 2; digital-apps init-cluster sets both.',
  isMendable: true,
  judges: [[launchTemplate, 'data.metadataTokens', 'data.metadataHops']],
  async look(looking) {
    const [template, instances] = await Promise.all([
      usedTemplate(looking),
      groupInstances(looking),
    ]);
    if (!template) return NO_TEMPLATE;
    const verdicts: Verdict[] = [];
    const ofTemplate = wrongWith(template.used.LaunchTemplateData?.MetadataOptions);
    if (ofTemplate) {
      const says = ofTemplate.isBroken ? fail : warn;
      verdicts.push(
        says(
          `The launch template: ${ofTemplate.wrong}.`,
          initCluster(looking, '--replace-instances'),
        ),
      );
    }
    const byTrouble = Map.groupBy(instances.values(), (i) => wrongWith(i.MetadataOptions)?.wrong);
    for (const [wrong, several] of byTrouble) {
      if (!wrong) continue;
      const ids = several.map(({ InstanceId }) => InstanceId!);
      const says = wrongWith(several[0]?.MetadataOptions)?.isBroken ? fail : warn;
      verdicts.push(aboutAll(says(`${some(ids)}: ${wrong}.`, setOptions(looking, ids)), ids));
    }
    return verdicts.length > 0 ? verdicts : pass('Tokens are required, and two hops allowed.');
  },
};

/** As many as are well copied in one line. */
const A_LINE = 10;

/** For each of them; new ones are started as init-cluster has the template say. */
function setOptions(looking: Looking, ids: string[]): string {
  const setting = (id: string) =>
    awsCli(
      looking,
      'ec2 modify-instance-metadata-options',
      `--instance-id ${id}`,
      '--http-endpoint enabled --http-tokens required --http-put-response-hop-limit 2',
    );
  const replace = initCluster(looking, '--replace-instances');
  if (ids.length === 1) return `${setting(ids[0]!)}; or have it replaced: ${replace}`;
  const loop = `for id in ${ids.slice(0, A_LINE).join(' ')}; do ${setting('$id')}; done`;
  const more = ids.length - A_LINE;
  return `${loop}${more > 0 ? `, and the same for ${more} more` : ''}; or have them replaced: ${replace}`;
}

interface MetadataOptions {
  HttpEndpoint?: string;
  HttpTokens?: string;
  HttpPutResponseHopLimit?: number;
}

/** What is left open is as the image says, and AWS's ECS image says it right. */
function wrongWith(options?: MetadataOptions): { wrong: string; isBroken: boolean } | undefined {
  if (options?.HttpEndpoint === 'disabled') {
    return { wrong: 'the metadata service is switched off', isBroken: true };
  }
  const wrong = [
    ...(options?.HttpTokens === 'optional' ? ['IMDSv1 is allowed (HttpTokens optional)'] : []),
    ...((options?.HttpPutResponseHopLimit ?? 2) < 2 ? ['the hop limit is 1'] : []),
  ];
  return wrong.length > 0 ? { wrong: wrong.join(', '), isBroken: false } : undefined;
}

export const templateChecks: Check[] = [version, clusterName, imds];
