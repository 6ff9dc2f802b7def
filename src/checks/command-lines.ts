import { whereGiven } from '../aws/cli-lines.ts';
import type { Connection } from '../aws/clients.ts';
import { USUAL_PREFIXES } from '../tasks/cluster/names.ts';
import type { Place } from '../tasks/cluster/scope.ts';

/** The command of ours that makes what is missing of this very cluster, and puts right what it made. */
export function initCluster({ names }: Pick<Here, 'names'>, ...flags: string[]): string {
  const isUsual = names.cluster === USUAL_PREFIXES.cluster;
  const which = isUsual ? [] : [`--set cluster-prefix=${names.cluster}`];
  return ['digital-apps init-cluster', ...which, ...flags].join(' ');
}

/** With the cluster, or the word, that follows; and whether it says already where it works. */
const OURS =
  /\bdigital-apps (init-cluster|add-app|deploy|doctor|status|cleanup)\b( --set cluster-prefix=[\w-]+| \w[\w-]*)?( --(?:region|sandbox))?/g;

interface Here {
  names: Pick<Place['names'], 'cluster'>;
  region: string;
  aws: { connection: Pick<Connection, 'isSandbox' | 'endpoint' | 'profile'> };
  app?: { service: string };
}

/**
 * An advice whose commands can be copied to anywhere. Ours say in which Region, for whom, and of
 * which cluster: without, they would make another one where the usual ones are meant.
 */
export function whereverCopied(advice: string, here: Here): string {
  const { isSandbox, profile } = here.aws.connection;
  const account = profile ? ` --profile ${profile}` : '';
  const where = isSandbox ? ' --sandbox' : ` --region ${here.region}${account}`;
  const ofCluster = initCluster(here).replace('digital-apps init-cluster', '');
  return whereGiven(advice, here.aws.connection).replaceAll(
    OURS,
    (said: string, command: string, next = '', already = '') => {
      if (already) return said;
      const start = `digital-apps ${command}`;
      if (next.startsWith(' --') || next === ` ${here.app?.service}`) return start + next + where;
      return start + (command === 'init-cluster' ? ofCluster : '') + where + next;
    },
  );
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
