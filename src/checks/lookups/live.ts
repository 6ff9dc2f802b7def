import type { Place } from '../../tasks/env.ts';
import type { Live, Resource } from '../../tasks/resource.ts';

/** What stands of a resource, found as a run finds it. */
export function liveOf<L extends Live, P extends Place>(
  // biome-ignore lint/suspicious/noExplicitAny: of whatever needs, and scope.
  resource: Resource<L, any, any, any>,
  place: P,
): Promise<L | undefined> {
  return resource.read(place);
}
