import { USUAL_PREFIXES } from '../tasks/cluster/names.ts';
import type { Place } from '../tasks/cluster/scope.ts';

/** The command of ours that makes what is missing of this very cluster, and puts right what it made. */
export function initCluster({ names }: Pick<Place, 'names'>, ...flags: string[]): string {
  const isUsual = names.cluster === USUAL_PREFIXES.cluster;
  const which = isUsual ? [] : [`--set cluster-prefix=${names.cluster}`];
  return ['digital-apps init-cluster', ...which, ...flags].join(' ');
}

/** A line for the AWS CLI, for the same Region and with the same profile. */
export function awsCli({ region, aws }: Place, ...words: string[]): string {
  const { profile } = aws.connection;
  return ['aws', ...words, `--region ${region}`, ...(profile ? [`--profile ${profile}`] : [])].join(
    ' ',
  );
}

/** Of many so many are named. */
const FEW = 3;

/** "a, b, c and 5 more": enough to begin with. */
export function some(names: string[]): string {
  const more = names.length - FEW;
  // The name of one more is as short as that there is one.
  return more > 1 ? `${names.slice(0, FEW).join(', ')} and ${more} more` : names.join(', ');
}

/** "1 instance", "3 instances". */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
