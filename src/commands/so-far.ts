import { BACK, type Gathering, gather } from '../questions/gather.ts';

/** What is known of a person's answers when a plan is to be made. */
export interface SoFar {
  /** Given on the command line or in a file; never asked for. */
  given: Record<string, unknown>;
  /** Said in the conversation; added to with every answer. */
  said: Record<string, unknown>;
  /** Ask this one alone, if any, and of the others those that have no answer yet. */
  only?: { key?: string; trouble?: string };
}

/**
 * Asks on from what is known so far.
 * @returns BACK from before the first question, or from the one that alone was to be asked.
 * @throws UserError where answers do not fit together.
 */
export async function gatherMore(
  soFar: SoFar,
  asked: Omit<Gathering, keyof SoFar>,
): ReturnType<typeof gather> {
  const gathered = await gather({ ...soFar, ...asked });
  // Back from a single answer leads to the plan as it was, else to the names.
  if (gathered === BACK && soFar.only) soFar.only = {};
  return gathered;
}
