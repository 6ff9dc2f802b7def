import { explain } from '../aws/errors.ts';
import { Interrupted, StepFailed, UserError } from '../errors.ts';
import type { Place } from './env.ts';
import type { AnyResource, Live, Resource } from './resource.ts';

/** What was found of each resource, and what a person picked in place of one. */
export class Standing {
  /** Why something could not be looked for, where that is borne. */
  readonly unread = new Map<AnyResource, unknown>();
  private readonly bears: boolean;
  private readonly found = new Map<AnyResource, Live | undefined>();
  private readonly picked = new Map<AnyResource, Live>();

  /** @param bears whether what cannot be looked for is left out, instead of ending it all. */
  constructor(bears = false) {
    this.bears = bears;
  }

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
        .map((resource) => this.read(resource, () => this.look(resource, place))),
    );
  }

  /** Looks for the rest, whose names were answers, and for what was picked. */
  async readByAnswer(resources: AnyResource[], answered: Place): Promise<void> {
    await Promise.all(
      applying(resources, answered).map((resource) =>
        this.read(resource, async () => {
          const picked = await resource.chosen?.(answered);
          if (picked) this.picked.set(resource, picked);
          else if (resource.namedByAnswer) await this.look(resource, answered);
        }),
      ),
    );
  }

  private async read(resource: AnyResource, attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      if (!this.bears || error instanceof UserError || error instanceof Interrupted) throw error;
      // The first says what is missing; a later one may only follow from it.
      if (!this.unread.has(resource)) this.unread.set(resource, error);
    }
  }

  private async look(resource: AnyResource, place: Place): Promise<void> {
    try {
      this.found.set(resource, await resource.read(place));
    } catch (error) {
      if (error instanceof UserError || error instanceof Interrupted) throw error;
      const { answer, fix } = explain(error);
      throw new StepFailed(`Could not look for the ${resource.name}: ${answer}`, fix, error);
    }
  }
}

/** Those that these answers ask for. */
export function applying(resources: AnyResource[], answered: Place): AnyResource[] {
  return resources.filter(({ when }) => !when || when(answered));
}
