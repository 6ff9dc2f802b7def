import { explain } from '../aws/errors.ts';

/** What was found; undefined where it could not be looked at, which is noted with what it is. */
export type Seen = <T>(what: string, found: Promise<T>) => Promise<T | undefined>;

/** @param unseen takes a sentence for all that could not be looked at. */
export function seeing(unseen: string[]): Seen {
  return (what, found) =>
    found.catch((error) => {
      unseen.push(`Could not look at ${what}: ${explain(error).answer}`);
      return undefined;
    });
}
