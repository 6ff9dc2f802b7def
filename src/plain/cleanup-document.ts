import { nameOf, spaceOf } from '../cleanup/images.ts';
import type { AppState } from '../cleanup/state.ts';
import type { CleanupReport } from '../commands/cleanup-talk.ts';

/** What the shape of the document is called; another shape would have another number. */
const SCHEMA = 1;

/** What went and what stayed, for programs; after a dry run what would. */
export function cleanupDocument(report: CleanupReport): object {
  const { command, account, region, endpoint, cluster, plan, dryRun, calls, seconds } = report;
  return {
    schema: SCHEMA,
    ...{ command, account, region, endpoint, cluster, keep: plan.keep, dryRun },
    apps: plan.state.apps.map((state) => appDocument(state, report)),
    unused: plan.unused,
    calls,
    seconds: Math.round(seconds * 1000) / 1000,
  };
}

function appDocument({ app, family, repository, left }: AppState, report: CleanupReport) {
  const { plan, outcomes } = report;
  const outcome = outcomes.find((each) => each.app === app);
  const revisions = family && plan.decisions.revisions.get(family.name)!;
  const images = repository && plan.decisions.images.get(repository.name)!;
  const deleted = outcome?.deleted ?? [];
  return {
    app,
    taskDefinitions: revisions && {
      family: family.name,
      planned: revisions.remove,
      kept: [...revisions.keep].map(([revision, why]) => ({ revision, why })),
      deregistered: outcome?.deregistered ?? [],
    },
    images: images && {
      repository: repository.name,
      planned: images.remove.flat().map(({ digest, tags, bytes }) => ({ digest, tags, bytes })),
      kept: repository.images
        .filter(({ digest }) => images.keep.has(digest))
        .map((image) => ({
          name: nameOf(image),
          digest: image.digest,
          why: images.keep.get(image.digest),
        })),
      deleted: deleted.map(({ digest }) => digest),
      /** At the most: layers that other images have too stay. */
      freedBytes: spaceOf(deleted),
      lifecycle: { ...plan.lifecycles.get(repository.name), wasSet: outcome?.ruleSet },
    },
    left,
    spared: outcome?.spared ?? [],
    errors: (outcome?.errors ?? []).map(({ answer, fix }) =>
      [answer, fix].filter(Boolean).join(' '),
    ),
  };
}
