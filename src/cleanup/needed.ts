import type { Looking } from '../checks/check.ts';
import { definitionOf } from '../checks/lookups/revisions.ts';
import {
  type DefinitionNeed,
  definitionsIn,
  imagesIn,
  type NamedImage,
  type Running,
  readRunning,
} from './running.ts';
import type { State } from './state.ts';

/** Who needs what: for what runs, and for what it may be rolled back to. */
export interface Needed {
  definitions: DefinitionNeed[];
  /** Beside those that the definitions name. */
  images: NamedImage[];
}

/** Asked anew each time, as it may change at any time. */
export async function neededNow(
  looking: Looking,
  { apps, histories }: Pick<State, 'apps' | 'histories'>,
  given?: Running,
): Promise<Needed> {
  const running = given ?? (await readRunning(looking));
  const families = new Set(apps.map(({ family }) => family?.name));
  const isOfApps = ({ taskDefinition = '' }) => families.has(definitionOf(taskDefinition).family);
  const past = await Promise.all(
    running.services.filter(isOfApps).map((service) => histories.of(service)),
  );
  return {
    definitions: [
      ...definitionsIn(running, looking),
      ...past.flatMap(({ definitions }) => definitions),
    ],
    images: [...imagesIn(running), ...past.flatMap(({ images }) => images)],
  };
}
