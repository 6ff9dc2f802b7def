import { type Check, fail, type Looking, pass, skip, type Verdict, warn } from '../check.ts';
import { awsCli, initCluster } from '../command-lines.ts';
import { hostReports } from '../lookups/host-reports.ts';
import type { HostReport } from '../lookups/host-script.ts';
import { usedTemplate } from '../lookups/template.ts';
import { sayingOf } from './asked.ts';

/** In percent. */
const FULL = 95;
const FILLING = 85;
/** In percent of all memory. */
const LITTLE = 5;
const HARDLY_ANY = 2;

const disk: Check = {
  id: 'host.disk',
  group: 'Agent',
  title: 'The instances’ disks have room',
  problem: 'An instance’s disk is full, or nearly so',
  why: 'On a full disk neither Docker nor the agent can work.',
  fix: 'Remove what Docker no longer needs, or take a bigger disk.',
  look: (looking) =>
    ofEach(looking, async ({ disks }, id) => {
      const [mount, percent = 0] = Object.entries(disks).sort(([, a], [, b]) => b - a)[0] ?? [];
      if (!mount) return skip(`${id} did not tell`);
      const seen = `${mount} is ${percent} % full.`;
      if (percent < FILLING) return pass(seen, id);
      const size = await biggerDisk(looking);
      return (percent < FULL ? warn : fail)(
        seen,
        `${runOn(looking, id, 'docker system prune -af')}; for good: ${initCluster(looking, `--set disk-size=${size}`, '--replace-instances')}`,
        id,
      );
    }),
};

/** In GiB: more than the template gives now, whatever somebody has made of that. */
async function biggerDisk(looking: Looking): Promise<number> {
  const template = await usedTemplate(looking);
  const disks = template?.used.LaunchTemplateData?.BlockDeviceMappings ?? [];
  return 2 * Math.max(30, ...disks.map(({ Ebs }) => Ebs?.VolumeSize ?? 0));
}

const memory: Check = {
  id: 'host.memory',
  group: 'Agent',
  title: 'The instances have memory left',
  problem: 'An instance has hardly any memory left',
  why: 'An instance without memory kills containers, and in the end Docker and the agent.',
  fix: 'Take a bigger instance type, or give the tasks memory limits.',
  look: (looking) =>
    ofEach(looking, ({ memory: told }, id) => {
      if (!told) return skip(`${id} did not tell`);
      const seen = `${told.available} of ${told.total} MiB available.`;
      const percent = (100 * told.available) / told.total;
      if (percent >= LITTLE) return pass(seen, id);
      return (percent < HARDLY_ANY ? fail : warn)(
        seen,
        initCluster(looking, '--set instance-type=TYPE', '--replace-instances'),
        id,
      );
    }),
};

const docker: Check = {
  id: 'host.docker',
  group: 'Agent',
  title: 'Docker runs on the instances',
  problem: 'Docker does not run on an instance',
  why: 'The agent starts containers through Docker.',
  fix: 'sudo systemctl restart docker ecs; if that does not help, replace the instance.',
  look: (looking) => runs(looking, 'docker', 'systemctl restart docker ecs'),
};

const agent: Check = {
  id: 'host.agent',
  group: 'Agent',
  title: 'The agent runs on the instances',
  problem: 'The agent does not run on an instance',
  why: 'An agent that ECS refuses for good gives up; one that somebody has stopped stays so.',
  fix: 'Mend what its log says (agent.log), then: sudo systemctl restart ecs.',
  look: (looking) => runs(looking, 'ecs', 'systemctl restart ecs'),
};

function runs(looking: Looking, service: 'docker' | 'ecs', restart: string): Promise<Verdict[]> {
  return ofEach(looking, ({ services }, id) => {
    if (!services) return skip(`${id} did not tell`);
    const state = services[service];
    if (state === 'active') return pass('It runs.', id);
    return fail(`${service} is ${state}.`, runOn(looking, id, restart), id);
  });
}

/** Of those that could be asked. */
async function ofEach(
  looking: Looking,
  judge: (report: HostReport, id: string) => Verdict | Promise<Verdict>,
): Promise<Verdict[]> {
  const reports = await hostReports(looking);
  const { hosts } = reports;
  const told = await Promise.all(
    hosts.flatMap(({ member, report }) => (report ? judge(report, member.id) : [])),
  );
  if (told.length > 0) return sayingOf(told, reports);
  return [
    skip(
      hosts.length > 0
        ? 'the instances could not be asked through Systems Manager'
        : 'no running instance is unwell; with --deep all are asked',
    ),
  ];
}

function runOn(looking: Looking, id: string, command: string): string {
  return awsCli(
    looking,
    'ssm send-command',
    `--instance-ids ${id}`,
    '--document-name AWS-RunShellScript',
    `--parameters 'commands=["${command}"]'`,
  );
}

export const hostChecks: Check[] = [disk, memory, docker, agent];
