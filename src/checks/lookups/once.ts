import type { Place } from '../../tasks/cluster/scope.ts';

/**
 * What a look at the cluster has found, once in a pass. Calls are shared anyway: this is for what is
 * long to ask for or to put together, and wanted by the checks of every app.
 */
export function once<T>(
  { aws, names }: Pick<Place, 'aws' | 'names'>,
  what: string,
  look: () => Promise<T>,
): Promise<T> {
  return aws.reads.ask(`${names.cluster}: ${what}`, look) as Promise<T>;
}
