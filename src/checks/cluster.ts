import { bucket, encryptedOnly } from '../tasks/cluster/bucket.ts';
import { ecsCluster } from '../tasks/cluster/ecs-cluster.ts';
import { logGroup, RETENTION } from '../tasks/cluster/log-group.ts';
import { type Check, fail, type Looking, pass, type Verdict, warn } from './check.ts';
import { initCluster } from './command-lines.ts';
import { withBucket } from './lookups/bucket.ts';
import { clusterState } from './lookups/container-instances.ts';
import { liveOf } from './lookups/live.ts';

const group = 'Cluster';
const fix = '`digital-apps init-cluster` makes it again and sets it as it should be.';

export const clusterChecks: Check[] = [
  {
    id: 'cluster.active',
    group,
    title: 'The ECS cluster is there and active',
    problem: 'The ECS cluster is missing, or not active',
    why: 'Without it no container is placed anywhere.',
    fix,
    isMendable: true,
    judges: [[ecsCluster]],
    look: lookAtCluster,
  },
  {
    id: 'cluster.log-group',
    group,
    title: 'What the containers print is kept for three months',
    problem: 'The log group is missing, or does not keep three months',
    why: 'A container whose log group is missing does not start; logs that are kept for ever are paid for for ever.',
    fix,
    isMendable: true,
    judges: [[logGroup]],
    look: lookAtLogGroup,
  },
  {
    id: 'cluster.bucket',
    group,
    title: 'The config bucket is there, private, versioned and takes encrypted uploads alone',
    problem: 'The config bucket is missing, or not as safe as it should be',
    why: 'It holds the apps’ secrets, and a container that cannot read its configuration does not start.',
    fix,
    isMendable: true,
    judges: [[bucket]],
    look: lookAtBucket,
  },
];

async function lookAtCluster(looking: Looking): Promise<Verdict> {
  const { names, region } = looking;
  const status = await clusterState(looking);
  if (status === 'ACTIVE') return pass(`${names.cluster} is active`);
  const what = status
    ? `${names.cluster} is ${status}`
    : `There is no ECS cluster ${names.cluster}`;
  return fail(`${what} in ${region}.`, initCluster(looking));
}

async function lookAtLogGroup(looking: Looking): Promise<Verdict> {
  const { names } = looking;
  const found = await liveOf(logGroup, looking);
  if (!found) {
    return fail(
      `There is no log group ${names.logGroup}: containers that log to it do not start.`,
      initCluster(looking),
    );
  }
  const { id, retention, governedBy } = found;
  if (governedBy) return pass(`how long ${id} keeps is set by the account’s policy ${governedBy}`);
  if (retention === RETENTION) return pass(`${id} keeps ${retention} days`);
  return warn(
    `${id} keeps ${retention ? `${retention} days` : 'everything for ever'}, not ${RETENTION} days.`,
    initCluster(looking),
  );
}

async function lookAtBucket(looking: Looking): Promise<Verdict[]> {
  const place = await withBucket(looking);
  const found = await liveOf(bucket, place);
  const mend = initCluster(looking);
  if (!found) return [fail(`There is no bucket ${place.names.bucket}.`, mend)];
  const { id, publicAccess, versioning, policy } = found;
  const blocked = Object.values(publicAccess).filter(Boolean).length;
  const missing = [...encryptedOnly(place)].filter((statement) => !policy.has(statement));
  const verdicts: Verdict[] = [];
  if (blocked < 4) {
    verdicts.push(fail(`${id} does not block all public access: ${blocked} of 4 are on.`, mend));
  }
  if (missing.length > 0) {
    const sids = missing.map((statement) => JSON.parse(statement).Sid);
    verdicts.push(
      fail(`The policy of ${id} lacks ${sids.join(' and ')}, or has it changed.`, mend),
    );
  }
  if (versioning !== 'Enabled') {
    verdicts.push(
      warn(`${id} keeps no versions (${versioning}): what is overwritten is gone.`, mend),
    );
  }
  if (verdicts.length > 0) return verdicts;
  return [pass(`${id} is private and versioned, and takes encrypted uploads alone`)];
}
