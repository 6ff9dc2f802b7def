import type { App } from '../checks/check.ts';
import { UserError } from '../errors.ts';
import { askWhich } from '../questions/alone.ts';
import { appQuestion, EVERY_APP } from '../questions/cleanup.ts';
import type { Ask } from '../questions/gather.ts';
import { appsHere } from './apps-here.ts';
import { whichApps } from './cluster-place.ts';

/** What was said of the apps that are meant. */
export interface Meant {
  service?: string;
  all: boolean;
}

/**
 * The apps that are meant: one or all as was said, else the one whose repository one is in, else
 * the one that is picked.
 * @throws UserError where there is no such app, or nobody says which.
 */
export async function meantApps<A extends Pick<App, 'service' | 'repository'>>(
  apps: A[],
  { service, all }: Meant,
  cluster: string,
  ask: Ask | undefined,
): Promise<A[]> {
  if (all) return apps;
  if (service !== undefined) return whichApps(apps, service, cluster);
  const here = await appsHere(apps, process.cwd());
  if (here.length === 1) return here;
  const services = apps.map((app) => app.service);
  if (ask && apps.length > 0) {
    const picked = await askWhich(ask, appQuestion, [...services, EVERY_APP]);
    return picked === EVERY_APP ? apps : whichApps(apps, picked, cluster);
  }
  throw new UserError(
    'No app is named.',
    `Name one: digital-apps cleanup APP, or --all for every app. ${services.length > 0 ? `There is ${services.join(', ')}.` : `The cluster ${cluster} has none yet.`}`,
  );
}
