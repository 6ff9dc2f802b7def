import { recommendedImages } from '../../tasks/cluster/lib/lookups.ts';
import { type Check, pass, skip, warn } from '../check.ts';
import { initCluster, some } from '../command-lines.ts';
import { containerInstances } from '../lookups/container-instances.ts';

/** Versions; there are one or two a month. */
const TOLERABLE = 12;

export const version: Check = {
  id: 'agent.version',
  group: 'Agent',
  title: 'The agents are recent ones',
  problem: 'Agents are far behind the current version',
  why: 'Old agents lose their connection under load, and lack what newer task definitions ask for.',
  fix: 'digital-apps init-cluster --set ami=recommended --replace-instances',
  async look(looking) {
    const all = await containerInstances(looking);
    if (all.length === 0) return skip('no instance is registered in the cluster');
    const recommended = (await recommendedImages(looking.aws)).x86_64?.agentVersion;
    if (!recommended) return skip('AWS does not say which agent is current');
    const old = all.filter(
      ({ versionInfo }) => behind(versionInfo?.agentVersion, recommended) > TOLERABLE,
    );
    if (old.length === 0) return pass(`None is far behind ${recommended}.`);
    const named = old.map(
      ({ ec2InstanceId, versionInfo }) => `${ec2InstanceId} has ${versionInfo?.agentVersion}`,
    );
    return warn(
      `AWS’s image has agent ${recommended}; ${some(named)}.`,
      initCluster(looking, '--set ami=recommended', '--replace-instances'),
    );
  },
};

/** By how many minor versions. */
function behind(version = '', recommended: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [toMajor = 0, toMinor = 0] = recommended.split('.').map(Number);
  if (!version || major > toMajor) return 0;
  return major < toMajor ? Number.POSITIVE_INFINITY : toMinor - minor;
}
