import { isRepositoryOf } from '../checks/app/apps.ts';
import type { App } from '../checks/check.ts';
import { slugOf } from '../git.ts';

/** Of those apps the ones that are deployed from the repository in that folder. */
export async function appsHere<A extends Pick<App, 'service' | 'repository'>>(
  apps: A[],
  dir: string,
): Promise<A[]> {
  const slug = await slugHere(dir);
  return apps.filter((app) => slug !== undefined && isRepositoryOf(slug, app));
}

/** "owner/name" at GitHub; undefined where no remote tells. */
export async function slugHere(dir: string): Promise<string | undefined> {
  const slug = await slugOf(dir).catch(() => undefined);
  return slug && `${slug.owner}/${slug.name}`;
}
