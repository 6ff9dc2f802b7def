import { definitionOf } from '../checks/lookups/revisions.ts';
import { decideImages, type ImageDecision } from './images.ts';
import type { Needed } from './needed.ts';
import { needsIn } from './repository.ts';
import { decideRevisions, type RevisionDecision } from './revisions.ts';
import type { State } from './state.ts';

/** By the family's name. */
export type RevisionDecisions = Map<string, RevisionDecision>;
/** By the repository's name. */
export type ImageDecisions = Map<string, ImageDecision>;

/** What may go and what stays, of all apps. */
export interface Decisions {
  revisions: RevisionDecisions;
  images: ImageDecisions;
}

export function decideAllRevisions(
  { apps }: State,
  { definitions }: Needed,
  keep: number,
): RevisionDecisions {
  const needs = definitions.map(({ definition, why }) => ({ ...definitionOf(definition), why }));
  return new Map(
    apps.flatMap(({ family }) => {
      if (!family) return [];
      const own = needs.filter((need) => need.family === family.name);
      return [[family.name, decideRevisions(family.active, own, keep)]];
    }),
  );
}

/** Reads the task definitions that are to stay, as they name images. */
export async function decideAllImages(
  { apps, definitions }: State,
  needed: Needed,
  revisions: RevisionDecisions,
  keep: number,
): Promise<ImageDecisions> {
  const stay = [...revisions].flatMap(([family, decision]) =>
    [...decision.keep.keys()].map((revision) => `${family}:${revision}`),
  );
  const elsewhere = needed.definitions.map(({ definition }) => definition.split('/').at(-1)!);
  const named = [
    ...(await definitions.imagesOf([...stay, ...elsewhere])),
    ...needed.images,
    ...(await definitions.newestImages()),
  ];
  return new Map(
    apps.flatMap(({ repository }) => {
      if (!repository) return [];
      const needs = needsIn(repository.name, named);
      return [[repository.name, decideImages(repository.images, needs, keep)]];
    }),
  );
}
