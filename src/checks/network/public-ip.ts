import { launchTemplate } from '../../tasks/cluster/launch-template.ts';
import { subnets } from '../../tasks/cluster/subnets.ts';
import { aboutAll, type Check, fail, type Looking, pass, skip, type Verdict } from '../check.ts';
import { initCluster, some } from '../command-lines.ts';
import { instancesInService } from '../lookups/instances.ts';
import type { ClusterNetwork } from '../lookups/network.ts';
import { usedTemplate } from '../lookups/template.ts';
import { ofNetwork } from './of-network.ts';

export const publicIpCheck: Check = {
  id: 'network.public-ip',
  group: 'Network',
  title: 'Every instance has a public address',
  problem: 'Instances have no public address, or will get none',
  why: 'An internet gateway lets nothing out that has none, so that such an instance cannot join the cluster.',
  fix: '`digital-apps init-cluster` sets it in the template; then replace the instances: `--replace-instances`.',
  isMendable: true,
  judges: [
    [launchTemplate, 'data.publicIp'],
    [subnets, 'publicIpIn'],
  ],
  look: ofNetwork(lookAtAddresses),
};

async function lookAtAddresses(
  network: ClusterNetwork,
  looking: Looking,
): Promise<Verdict | Verdict[]> {
  const [template, instances] = await Promise.all([
    usedTemplate(looking),
    instancesInService(looking),
  ]);
  if (!template) return skip('there is no launch template in use');
  const without = instances.filter(({ PublicIpAddress }) => !PublicIpAddress);
  const verdicts: Verdict[] = [];
  const assigned =
    template.used.LaunchTemplateData?.NetworkInterfaces?.[0]?.AssociatePublicIpAddress;
  const withoutAddress = network.used.filter((subnet) => isPrivate(subnet, network));
  if (assigned === false) {
    verdicts.push(
      fail('The launch template gives instances no public address.', initCluster(looking)),
    );
  } else if (assigned === undefined && withoutAddress.length > 0) {
    const ids = withoutAddress.map(({ SubnetId }) => SubnetId!);
    verdicts.push(
      fail(
        `The launch template leaves public addresses to the subnets, and ${some(ids)} gives none.`,
        initCluster(looking),
      ),
    );
  }
  if (without.length > 0) {
    const ids = without.map(({ InstanceId }) => InstanceId!);
    const evidence = `${without.length} of ${instances.length} instances have no public address: ${some(ids)}.`;
    verdicts.push(aboutAll(fail(evidence, initCluster(looking, '--replace-instances')), ids));
  }
  if (verdicts.length > 0) return verdicts;
  return pass(`the template assigns one, and ${instances.length} of ${instances.length} have one`);
}

function isPrivate(
  { SubnetId, MapPublicIpOnLaunch }: ClusterNetwork['used'][number],
  { instanceSubnets }: ClusterNetwork,
): boolean {
  return instanceSubnets.includes(SubnetId!) && !MapPublicIpOnLaunch;
}
