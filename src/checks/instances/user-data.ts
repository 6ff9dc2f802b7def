import { gunzipSync } from 'node:zlib';

/** Truncates the file that the agent reads: what was written before is lost. */
const OVERWRITES = /(?:^|[^>])>\s*["']?\/etc\/ecs\/ecs\.config/;
const NAMES = /\bECS_CLUSTER\s*=\s*["']?([^\s"'\\;>]*)/;

/**
 * The cluster that an instance with this user data (in base64) joins: the last one that is named
 * outside of comments. Undefined where none is, or it is not written to the agent's configuration.
 */
export function clusterIn(userData = ''): string | undefined {
  const text = decoded(userData);
  if (!text.includes('/etc/ecs/ecs.config')) return undefined;
  let cluster: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    if (OVERWRITES.test(line)) cluster = undefined;
    cluster = NAMES.exec(line)?.[1] || cluster;
  }
  return cluster;
}

/** cloud-init takes it compressed, too. */
function decoded(userData: string): string {
  const bytes = Buffer.from(userData, 'base64');
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isCompressed ? gunzipSync(bytes) : bytes).toString();
}
