import type { Looking } from './check.ts';

/** The command of ours that puts this very cluster right. */
export function initCluster({ names }: Looking, ...flags: string[]): string {
  return ['digital-apps init-cluster', `--set cluster-prefix=${names.cluster}`, ...flags].join(' ');
}

/** A line for the AWS CLI, for the same Region and with the same profile. */
export function awsCli({ region, aws }: Looking, ...words: string[]): string {
  const { profile } = aws.connection;
  return ['aws', ...words, `--region ${region}`, ...(profile ? [`--profile ${profile}`] : [])].join(
    ' ',
  );
}

/** "a, b, c and 5 more": of many, enough to begin with. */
export function some(names: string[], most = 5): string {
  const more = names.length - most;
  const shown = names.slice(0, most).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** "1 instance", "3 instances". */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
