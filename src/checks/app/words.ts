import type { AppLooking } from '../check.ts';
import { awsCli } from '../command-lines.ts';
import { instanceBehind } from '../lookups/container-instances.ts';
import { adviceFor } from '../signatures/advice.ts';

/** What puts an app's parts right that add-app makes, with more flags where it must be told more. */
export function addApp({ app }: AppLooking, ...flags: string[]): string {
  const line = ['digital-apps add-app', `--set service=${app.service}`, ...flags].join(' ');
  return `In the app’s repository: ${line}`;
}

export function deploy({ app }: AppLooking): string {
  return `digital-apps deploy ${app.service}, or push to the branch that Travis CI deploys`;
}

/** What removes old task definitions and images. */
export function cleanup({ app }: AppLooking): string {
  return `digital-apps cleanup ${app.service}`;
}

/** A service's page in the console, with its events, tasks and logs. */
export function consoleOf({ region, names, app }: AppLooking): string {
  return `https://${region}.console.aws.amazon.com/ecs/v2/clusters/${names.cluster}/services/${app.names.service}/health?region=${region}`;
}

/** The lines that the app's containers have written last. */
export function tailLogs(looking: AppLooking): string {
  const { names, app } = looking;
  const streams = `--log-stream-name-prefix ${app.names.service}/`;
  return awsCli(looking, `logs tail ${names.logGroup}`, streams, '--since 1h');
}

/** What to do about what AWS says, for the instance that it is about, where it says so. */
export async function adviceOn(
  looking: AppLooking,
  fix: string,
  registration: string | undefined,
): Promise<string> {
  const instance = registration && (await instanceBehind(looking, registration));
  return adviceFor(fix, looking, { instance, service: looking.app.names.service });
}

/** "2 minutes ago". */
export function ago(at: Date | undefined): string {
  if (!at) return 'at an unknown time';
  const minutes = Math.round((Date.now() - at.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
}
