import { keyPair } from '../../tasks/cluster/key-pair.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import { ownership } from '../../tasks/tags.ts';
import type { Asking } from './question.ts';

/** What “new” means once it stands: "digitalApps, the cluster’s own". */
export function ownOf({ names }: Place): string {
  return `${names.cluster}, the cluster’s own`;
}

/** Whether the key pair that a run would make is there already, and ours. */
export function hasOwnPair({ place, standing }: Pick<Asking, 'place' | 'standing'>): boolean {
  const { tags } = standing.get(keyPair) ?? {};
  return tags !== undefined && ownership(tags, place.tags, false) === 'ours';
}
