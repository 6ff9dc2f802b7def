import type { Looking } from '../checks/check.ts';
import { definitionOf } from '../checks/lookups/revisions.ts';
import { decideImages, type ImageDecision } from './images.ts';
import { needsIn } from './repository.ts';
import { decideRevisions, type RevisionDecision } from './revisions.ts';
import { definitionsIn, imagesIn, type Running } from './running.ts';
import type { Family, State } from './state.ts';

/** What may go and what stays, of all apps. */
export interface Decisions {
  /** By the family's name. */
  revisions: Map<string, RevisionDecision>;
  /** By the repository's name. */
  images: Map<string, ImageDecision>;
}

/** Decides as things run now. Reads the task definitions that are to stay, as they name images. */
export async function decide(
  looking: Looking,
  { apps, history, named, definitions }: State,
  running: Running,
  keep: number,
): Promise<Decisions> {
  const needed = [...definitionsIn(running, looking), ...history];
  const needs = needed.map(({ definition, why }) => ({ ...definitionOf(definition), why }));
  const families = apps.flatMap(({ family }) => family ?? []);
  const revisions = new Map(
    families.map(({ name, active }) => {
      const own = needs.filter(({ family }) => family === name);
      return [name, decideRevisions(active, own, keep)];
    }),
  );
  const kept = families.flatMap(({ name }: Family) =>
    [...revisions.get(name)!.keep.keys()].map((revision) => `${name}:${revision}`),
  );
  const images = [
    ...(await definitions.imagesOf([...kept, ...needs.map(nameOf)])),
    ...imagesIn(running),
    ...named,
  ];
  const repositories = apps.flatMap(({ repository }) => repository ?? []);
  return {
    revisions,
    images: new Map(
      repositories.map((repository) => [
        repository.name,
        decideImages(repository.images, needsIn(repository.name, images), keep),
      ]),
    ),
  };
}

function nameOf({ family, revision }: { family: string; revision: number }): string {
  return `${family}:${revision}`;
}
