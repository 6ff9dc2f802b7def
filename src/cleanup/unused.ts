import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { orAbsent } from '../aws/absent.ts';
import { explain } from '../aws/errors.ts';
import { taggedTargetGroups } from '../checks/app/apps.ts';
import type { Looking } from '../checks/check.ts';
import { count, some } from '../checks/command-lines.ts';
import { rulesBy } from '../checks/lookups/balancer.ts';
import { liveOf } from '../checks/lookups/live.ts';
import { registrationsOf } from '../checks/lookups/registrations.ts';
import type { ListenerRule } from '../tasks/app/lib/listener-rules.ts';
import { logGroup } from '../tasks/cluster/log-group.ts';
import type { Running } from './running.ts';

/** Something that nobody seems to use, and that is reported alone. */
export interface Unused {
  kind: 'target group' | 'rule' | 'log streams' | 'container instances' | 'not looked at';
  /** What was seen, in a sentence or two. */
  says: string;
}

/** What seems to be left over in the cluster. What cannot be looked at is reported, too. */
export async function unusedIn(looking: Looking, running: Running): Promise<Unused[]> {
  const looks = [
    () => unusedTraffic(looking, running),
    () => emptyStreams(looking),
    () => goneInstances(looking),
  ];
  const found = await Promise.all(
    looks.map((look) =>
      look().catch((error): Unused[] => [
        { kind: 'not looked at', says: `Could not look for more: ${explain(error).answer}` },
      ]),
    ),
  );
  return found.flat();
}

/** The target groups of apps that no service uses, and the rules that lead to nothing else. */
async function unusedTraffic(looking: Looking, { services }: Running): Promise<Unused[]> {
  const [groups, rules] = await Promise.all([taggedTargetGroups(looking), rulesBy(looking)]);
  const used = new Set(
    services.flatMap(({ loadBalancers = [] }) =>
      loadBalancers.map(({ targetGroupArn }) => targetGroupArn),
    ),
  );
  const idle = groups.filter(({ arn }) => !used.has(arn));
  const leadsNowhere = ({ actions }: ListenerRule) => {
    const targets = actions.flatMap(targetsOf);
    return targets.length > 0 && targets.every((target) => idle.some(({ arn }) => arn === target));
  };
  return [
    ...idle.map(
      ({ arn, service }): Unused => ({
        kind: 'target group',
        says: `Target group ${arn.split('/').at(-2)}: no service uses it. ${service} is not deployed yet, or not any more.`,
      }),
    ),
    ...rules.all.filter(leadsNowhere).map(
      (rule): Unused => ({
        kind: 'rule',
        says: `Rule for ${rule.hosts.join(', ') || 'every host'} (port ${rules.http.includes(rule) ? 80 : 443}, priority ${rule.priority}): it leads to such a target group alone.`,
      }),
    ),
  ];
}

function targetsOf({ TargetGroupArn, ForwardConfig }: Action): string[] {
  const several = ForwardConfig?.TargetGroups?.flatMap((group) => group.TargetGroupArn ?? []);
  return several ?? (TargetGroupArn ? [TargetGroupArn] : []);
}

/** So many pages are read, of fifty each. */
const PAGES = 20;
const DAY = 24 * 60 * 60 * 1000;

/** The lines go when they are too old; the streams stay for ever. */
async function emptyStreams(looking: Looking): Promise<Unused[]> {
  const { retention } = (await liveOf(logGroup, looking)) ?? {};
  if (!retention) return [];
  const since = Date.now() - retention * DAY;
  let empty = 0;
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const found = await orAbsent(
      looking.aws.logs.send(
        new DescribeLogStreamsCommand({
          ...{ logGroupName: looking.names.logGroup, orderBy: 'LastEventTime', nextToken },
        }),
      ),
      /^ResourceNotFound/,
    );
    const streams = found?.logStreams ?? [];
    const old = streams.filter(
      ({ lastEventTimestamp = 0, lastIngestionTime = 0, creationTime = 0 }) =>
        Math.max(lastEventTimestamp, lastIngestionTime, creationTime) < since,
    );
    empty += old.length;
    nextToken = found?.nextToken;
    if (!nextToken || old.length < streams.length) break;
  }
  if (empty === 0) return [];
  const number = nextToken && empty === PAGES * 50 ? `${empty} or more` : empty;
  return [
    {
      kind: 'log streams',
      says: `${number} log streams of ${looking.names.logGroup} have no line of the last ${retention} days, so that they are empty. They cost nothing.`,
    },
  ];
}

async function goneInstances(looking: Looking): Promise<Unused[]> {
  const { gone, doubles } = await registrationsOf(looking);
  const stale = [...gone, ...doubles].map(({ ec2InstanceId }) => ec2InstanceId!);
  if (stale.length === 0) return [];
  return [
    {
      kind: 'container instances',
      says: `${count(stale.length, 'registered instance')} that EC2 does not have, or registered twice: ${some(stale)}. digital-apps doctor --only agent.orphans has the line that removes them.`,
    },
  ];
}
