import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where this program keeps what outlives a run, by each system's custom. */
const paths = envPaths('digital-apps', { suffix: '' });

/** A log file for one run of a command, named by its time. */
export function logFile(command: string): string {
  const time = new Date()
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.\d+Z$/, 'Z');
  return join(paths.log, `${time}-${command}-${process.pid}.jsonl`);
}
