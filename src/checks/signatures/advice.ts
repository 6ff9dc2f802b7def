import type { Looking } from '../check.ts';
import { awsCli } from '../command-lines.ts';

/** Of a line for the AWS CLI, what it calls. */
const CALL = /\baws ([a-z\d]+ [a-z\d-]+)/g;

/**
 * What a signature advises, for one instance: what stands for it, for its VPC, for the cluster and
 * for the app's service becomes their names. Lines for the AWS CLI say where and for whom, as all do.
 */
export function adviceFor(
  fix: string,
  looking: Looking,
  { instance, vpc, service }: { instance?: string; vpc?: string; service?: string },
): string {
  const names = {
    ...{ INSTANCE_ID: instance, VPC_ID: vpc },
    ...{ CLUSTER_NAME: looking.names.cluster, SERVICE_NAME: service },
  };
  return Object.entries(names).reduce(
    (advice, [placeholder, name = placeholder]) => advice.replaceAll(placeholder, name),
    fix.replaceAll(CALL, (_line, call: string) => awsCli(looking, call)),
  );
}
