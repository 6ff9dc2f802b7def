import type { Instance } from '@aws-sdk/client-ec2';
import { keyFile } from '../../tasks/cluster/lib/key-file.ts';
import { type Check, fail, type Looking, pass, skip, type Verdict, warn } from '../check.ts';
import { awsCli, initCluster } from '../command-lines.ts';
import { type Host, hostReports } from '../lookups/host-reports.ts';
import { isUnwell } from '../lookups/members.ts';
import { adviceFor } from '../signatures/advice.ts';
import { read, type Sign } from '../signatures/read.ts';
import { sayingOf } from './asked.ts';

export const log: Check = {
  id: 'agent.log',
  group: 'Agent',
  title: 'The agents’ logs show no known trouble',
  problem: 'An agent’s log tells of trouble, or has to be read',
  why: 'Where an instance does not join or is lost, its agent has usually written down why.',
  fix: 'Do what is advised beside the line that was found.',
  async look(looking) {
    const reports = await hostReports(looking);
    const { hosts } = reports;
    if (hosts.length === 0)
      return skip('no running instance is unwell; with --deep all logs are read');
    const verdicts = hosts.map((host) =>
      (isUnwell(looking, host.member) ? ofUnwell : ofWell)(looking, host),
    );
    return sayingOf(verdicts, reports);
  },
};

function ofUnwell(looking: Looking, host: Host): Verdict {
  const { id } = host.member;
  const { cluster } = looking.names;
  const [deepest] = signsOf(host);
  if (deepest) return found(fail, looking, host, deepest);
  const joined = host.report?.cluster;
  if (joined && joined !== cluster) {
    return fail(
      `Its agent has joined the cluster ${joined}, not ${cluster}.`,
      initCluster(looking, '--replace-instances'),
      id,
    );
  }
  // Somebody has to look: that must be seen, and how.
  return warn(unexplained(host), wayIn(looking, host), id);
}

function unexplained({ member: { id }, report, unasked }: Host): string {
  if (report) return `${id}: its log shows no trouble that is known.`;
  const why = unasked?.why ? ` (${unasked.why})` : '';
  const unread = `${id}: its log could not be read through Systems Manager${why}`;
  return unasked && 'why' in unasked.console
    ? `${unread}, and its console could not be looked at: ${unasked.console.why}`
    : `${unread}, and its console shows no cause.`;
}

/** How a person reads the log, where we could not or found nothing. */
function wayIn(looking: Looking, { member: { id, instance }, report }: Host): string {
  return report
    ? awsCli(looking, 'ssm start-session', `--target ${id}`)
    : bySsh(looking, id, instance);
}

/** What an agent complained of before it connected is over; what its host or its tasks suffer from is not. */
function ofWell(looking: Looking, host: Host): Verdict {
  const { id } = host.member;
  if (!host.report) return { ...skip(`${id}: its log could not be read`), subject: id };
  const [deepest] = signsOf(host).filter(({ signature }) => signature.level !== 'agent');
  return deepest
    ? found(warn, looking, host, deepest)
    : pass('Its log shows no known trouble.', id);
}

function signsOf({ report, unasked }: Host): Sign[] {
  const now = new Date();
  if (!report) return unasked && 'text' in unasked.console ? read(unasked.console.text, now) : [];
  // What ecs-init says matters only while the agent does not run.
  const init = report.services?.ecs === 'active' ? [] : read(report.init, now);
  return [...init, ...read(report.log, now)].sort(
    (a, b) => a.signature.precedence - b.signature.precedence,
  );
}

function found(
  says: typeof fail | typeof warn,
  looking: Looking,
  { member: { id, instance } }: Host,
  { signature, line, at }: Sign,
): Verdict {
  const when = at ? `, ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
  const fix = adviceFor(signature.fix, looking, { instance: id, vpc: instance?.VpcId });
  return says(`${signature.cause} Its log says (${signature.id}${when}): “${line}”`, fix, id);
}

function bySsh(looking: Looking, id: string, instance?: Instance): string {
  const address = instance?.PublicIpAddress ?? instance?.PrivateIpAddress;
  if (!instance?.KeyName || !address) {
    return awsCli(
      looking,
      'autoscaling terminate-instance-in-auto-scaling-group',
      `--instance-id ${id}`,
      '--no-should-decrement-desired-capacity',
    );
  }
  const key = keyFile(instance.KeyName);
  return `ssh -i ${key} ec2-user@${address} sudo tail -n 100 /var/log/ecs/ecs-agent.log`;
}
