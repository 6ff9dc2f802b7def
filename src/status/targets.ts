import type { Looking } from '../checks/check.ts';
import { metricsBy } from '../checks/lookups/metrics.ts';
import { FEW } from '../checks/lookups/services.ts';
import { targetsIn } from '../checks/lookups/target-groups.ts';
import type { Seen } from './seen.ts';

interface Targets {
  healthy: number;
  total: number;
}

/** A service that the load balancer sends requests to. */
interface Served {
  service: string;
  targetGroupArn: string;
  isWell: boolean;
}

/**
 * How the load balancer finds the services' containers, by service. To ask is a call each, so of
 * many services a few are asked for, the unwell first; of the rest CloudWatch tells all at once.
 */
export async function targetsOf(
  looking: Looking,
  services: Served[],
  seen: Seen,
): Promise<Map<string, Targets>> {
  const sorted = services.toSorted((a, b) => Number(a.isWell) - Number(b.isWell));
  const [few, rest] = [sorted.slice(0, FEW), sorted.slice(FEW)];
  const asking = few.map(async (each) => [each.service, await counted(looking, each)] as const);
  const [asked = [], metrics] = await Promise.all([
    seen('the targets’ health', Promise.all(asking)),
    rest.length > 0 ? seen('metrics', metricsBy(looking, ['healthy', 'unhealthy'])) : undefined,
  ]);
  const told = rest.map(({ service }) => {
    const { healthy, unhealthy = 0 } = metrics?.(service) ?? {};
    const its = healthy === undefined ? undefined : { healthy, total: healthy + unhealthy };
    return [service, its] as const;
  });
  return new Map(
    [...asked, ...told].flatMap(([service, targets]) => (targets ? [[service, targets]] : [])),
  );
}

/** What is leaving gets no requests any more, and says nothing of the app. */
async function counted(looking: Looking, { targetGroupArn }: Served): Promise<Targets | undefined> {
  const targets = await targetsIn(looking, targetGroupArn);
  const staying = targets?.filter(({ TargetHealth }) => TargetHealth?.State !== 'draining');
  const healthy = staying?.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
  return staying && healthy && { healthy: healthy.length, total: staying.length };
}
