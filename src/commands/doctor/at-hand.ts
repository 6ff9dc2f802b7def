import { isRepositoryOf } from '../../checks/app/apps.ts';
import type { DeliveryLooking } from '../../checks/app/delivery-looking.ts';
import type { App } from '../../checks/check.ts';
import { repositoryOf } from '../../git.ts';
import { Travis } from '../../travis/client.ts';
import { tokenFor } from '../app-place.ts';
import { slugHere } from '../apps-here.ts';
import type { Session } from '../session.ts';

type AtHand = Pick<DeliveryLooking, 'dir' | 'slug' | 'travis'>;

/** What this machine knows of an app: its repository, where one is in it, and a token for Travis CI. */
export async function atHand(
  { where }: Session,
  signal: AbortSignal,
): Promise<(app: App) => AtHand> {
  const [dir, token] = await Promise.all([
    repositoryOf(process.cwd()).then(
      ({ root }) => root,
      () => undefined,
    ),
    tokenFor(where).catch(() => undefined),
  ]);
  const slug = dir && (await slugHere(dir));
  const travis = token && new Travis({ ...token, signal });
  return (app) =>
    slug && isRepositoryOf(slug, app) ? { dir, slug, travis } : { slug: app.repository, travis };
}
