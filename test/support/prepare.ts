import { standingCluster } from './standing.ts';

/**
 * Once, before all tests: starts what every emulator, and every
 * cluster, is a copy of. Where python3 lacks the local
 * AWS, installing it takes about a minute.
 */
export default async function prepare(): Promise<void> {
  await standingCluster();
}
