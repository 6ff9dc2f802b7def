import { hostChecks } from './agent/host.ts';
import { log } from './agent/log.ts';
import { orphans } from './agent/orphans.ts';
import { registered } from './agent/registered.ts';
import { version } from './agent/version.ts';
import { aboutAll, type Check, fail, type Looking, pass, skip, type Verdict } from './check.ts';
import { awsCli, count, some } from './command-lines.ts';
import { containerInstances } from './lookups/container-instances.ts';
import { isImpaired } from './lookups/members.ts';
import { registrationsOf } from './lookups/registrations.ts';

const NONE = skip('no instance is registered in the cluster');

const connected: Check = {
  id: 'agent.connected',
  group: 'Agent',
  title: 'The agents are connected to ECS',
  problem: 'Not every agent is connected to ECS',
  why: 'Without its agent an instance gets no containers, and ECS does not know what it runs.',
  fix: 'Restart the agent (sudo systemctl restart ecs); if that does not help, replace the instance.',
  async look(looking) {
    // Of what is stale, agent.orphans tells.
    const { valid, stopped } = await registrationsOf(looking);
    if (valid.length === 0) return NONE;
    const lost = valid.filter(({ agentConnected }) => !agentConnected);
    if (lost.length === 0) {
      return pass(
        valid.length === 1
          ? 'The agent is connected.'
          : `All ${valid.length} agents are connected.`,
      );
    }
    const ids = lost.map(({ ec2InstanceId }) => ec2InstanceId!);
    const still = ids.filter((id) => stopped.has(id));
    const silent = ids.filter((id) => !stopped.has(id));
    const verdicts: Verdict[] = [];
    if (silent.length > 0) {
      const evidence = `${silent.length} of ${count(valid.length, 'agent')} not connected: ${some(silent)}.`;
      // Docker is left alone, and with it what runs there.
      verdicts.push(aboutAll(fail(evidence, restart(looking, silent, 'ecs')), silent));
    }
    if (still.length > 0) {
      const evidence = `${some(still)} ${still.length === 1 ? 'is' : 'are'} stopped: no agent runs there.`;
      const start = awsCli(looking, 'ec2 start-instances', `--instance-ids ${still.join(' ')}`);
      verdicts.push(aboutAll(fail(evidence, start), still));
    }
    return verdicts;
  },
};

function restart(looking: Looking, ids: string[], services: string): string {
  const send = awsCli(looking, 'ssm send-command', `--instance-ids ${ids.slice(0, 50).join(' ')}`);
  return `${send} --document-name AWS-RunShellScript --parameters 'commands=["systemctl restart ${services}"]'`;
}

const health: Check = {
  id: 'agent.health',
  group: 'Agent',
  title: 'The agents report their instances as healthy',
  problem: 'An agent reports its instance as impaired',
  why: 'An agent whose Docker does not answer reports its instance as impaired.',
  fix: 'Restart Docker and the agent, or replace the instance.',
  async look(looking) {
    const all = await containerInstances(looking);
    if (all.length === 0) return NONE;
    const impaired = all.filter(isImpaired);
    if (impaired.length > 0) {
      const ids = impaired.map(({ ec2InstanceId }) => ec2InstanceId!);
      const kinds = impaired.flatMap(({ healthStatus }) =>
        (healthStatus?.details ?? [])
          .filter(({ status }) => status === 'IMPAIRED')
          .map(({ type }) => type?.toLowerCase().replaceAll('_', ' ')),
      );
      return aboutAll(
        fail(
          `Impaired (${[...new Set(kinds)].join(', ')}): ${some(ids)}.`,
          restart(looking, ids, 'docker ecs'),
        ),
        ids,
      );
    }
    const silent = all.filter(({ healthStatus }) => !healthStatus?.overallStatus).length;
    if (silent === all.length) return skip('the agents report no health');
    return pass(`${count(all.length - silent, 'instance')} without complaint.`);
  },
};

export const agentChecks: Check[] = [
  registered,
  connected,
  health,
  orphans,
  version,
  log,
  ...hostChecks,
];
