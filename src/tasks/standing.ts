import { explain } from '../aws/errors.ts';
import { StepFailed, UserError } from '../errors.ts';
import type { Place } from './env.ts';
import type { AnyResource, Live, Resource } from './resource.ts';

/** What was found of each resource, and what a person picked in place of one. */
export class Standing {
  private readonly found = new Map<AnyResource, Live | undefined>();
  private readonly picked = new Map<AnyResource, Live>();

  /** What stands of it; undefined when it is not there. */
  // biome-ignore lint/suspicious/noExplicitAny: of whatever scope.
  get<L extends Live>(resource: Resource<L, any, any, any>): L | undefined {
    return this.found.get(resource) as L | undefined;
  }

  /** Somebody else's thing that is used in its place. */
  chosen(resource: AnyResource): Live | undefined {
    return this.picked.get(resource);
  }

  /** What was found of it is taken as it is, whatever is wanted of it. */
  useAsItIs(resource: AnyResource): void {
    const live = this.found.get(resource);
    if (live) this.picked.set(resource, live);
  }

  /** Looks for all at once, each by its own name or tag, so that it takes as long as the slowest. */
  async readByName(resources: AnyResource[], place: Place): Promise<void> {
    await Promise.all(
      resources
        .filter(({ namedByAnswer }) => !namedByAnswer)
        .map(async (resource) => this.found.set(resource, await look(resource, place))),
    );
  }

  /** Looks for the rest, whose names were answers, and for what was picked. */
  async readByAnswer(resources: AnyResource[], answered: Place): Promise<void> {
    await Promise.all(
      applying(resources, answered).map(async (resource) => {
        const picked = await resource.chosen?.(answered);
        if (picked) this.picked.set(resource, picked);
        else if (resource.namedByAnswer) this.found.set(resource, await look(resource, answered));
      }),
    );
  }
}

/** Those that these answers ask for. */
export function applying(resources: AnyResource[], answered: Place): AnyResource[] {
  return resources.filter(({ when }) => !when || when(answered));
}

async function look(resource: AnyResource, place: Place): Promise<Live | undefined> {
  try {
    return await resource.read(place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { answer, fix } = explain(error);
    throw new StepFailed(`Could not look for the ${resource.name}: ${answer}`, fix, error);
  }
}
