import { namesOf } from '../../tasks/cluster/names.ts';
import type { Place } from '../../tasks/cluster/scope.ts';

const USUAL = namesOf({ account: 'digital', cluster: 'digitalApps', bucket: 'cob' });

/** The command that makes what is missing of a cluster, and sets right what it set up. */
export function initCluster({ names }: Place): string {
  const prefix = names.cluster === USUAL.cluster ? '' : ` --set cluster-prefix=${names.cluster}`;
  return `digital-apps init-cluster${prefix}`;
}

/** "i-1, i-2, i-3 and 97 more". */
export function some(names: string[]): string {
  const more = names.length - 3;
  return more > 1 ? `${names.slice(0, 3).join(', ')} and ${more} more` : names.join(', ');
}
