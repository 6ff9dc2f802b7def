import {
  aboutAll,
  type Check,
  fail,
  type Looking,
  pass,
  skip,
  type Verdict,
  warn,
} from '../check.ts';
import { count, initCluster, some } from '../command-lines.ts';
import { registeredElsewhere } from '../lookups/container-instances.ts';
import { isStarting, type Member, membersOf } from '../lookups/members.ts';

export const registered: Check = {
  id: 'agent.registered',
  group: 'Agent',
  title: 'Every instance in service is registered in the cluster',
  problem: 'Not every instance has joined the cluster',
  why: 'ECS starts containers only on instances whose agent has registered.',
  fix: 'Look at the user data, the instance role and the way out; the agent’s log says which it is.',
  async look(looking) {
    const members = (await membersOf(looking)).filter(
      // Auto Scaling takes a minute to see that one has been terminated.
      ({ isInService, instance }) => isInService && instance,
    );
    if (members.length === 0) return skip('no instance is in service');
    const missing = members.filter((member) => !member.registered);
    if (missing.length === 0) return pass(`All ${members.length} are.`);
    const ids = missing.map(({ id }) => id);
    // Who may not look into other clusters can still be told that they are not in this one.
    const elsewhere = await registeredElsewhere(looking, ids).catch(() => new Map());
    const lost = missing.filter(({ id }) => !elsewhere.has(id));
    const starting = lost.filter((member) => isStarting(looking, member));
    const late = lost.filter((member) => !starting.includes(member));
    return [
      ...inOtherClusters(looking, elsewhere),
      ...(late.length > 0
        ? [
            aboutAll(
              fail(
                `${late.length} of ${count(members.length, 'instance')} not registered in ${looking.names.cluster}: ${namesOf(late)}.`,
                `The agent’s log says why (agent.log). What ${initCluster(looking)} cannot put right, replacing them may: add --replace-instances.`,
              ),
              late.map(({ id }) => id),
            ),
          ]
        : []),
      ...(starting.length > 0
        ? [
            warn(
              `Started a moment ago and not registered yet, which takes 2 to 4 minutes: ${namesOf(starting)}.`,
              'Look again in a few minutes.',
            ),
          ]
        : []),
    ];
  },
};

function inOtherClusters(looking: Looking, elsewhere: Map<string, string>): Verdict[] {
  const byCluster = Map.groupBy(elsewhere, ([, cluster]) => cluster);
  return [...byCluster].map(([cluster, found]) => {
    const ids = found.map(([id]) => id);
    const evidence = `Registered in the cluster ${cluster} instead of ${looking.names.cluster}: ${some(ids)}.`;
    return aboutAll(fail(evidence, initCluster(looking, '--replace-instances')), ids);
  });
}

function namesOf(members: Member[]): string {
  return some(members.map(({ id }) => id));
}
