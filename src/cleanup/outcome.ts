import { type Explanation, explain } from '../aws/errors.ts';
import { Interrupted } from '../errors.ts';
import type { Image } from './images.ts';

/** What has become of an app's part of the plan. */
export interface AppOutcome {
  app: string;
  deregistered: number[];
  deleted: Image[];
  /** How many images the registry keeps by the rule that was set. */
  ruleSet?: number;
  /** What was to go and stays, as it has come into use since. */
  spared: { what: string; why: string }[];
  errors: Explanation[];
}

/** How far something has come. */
export interface Step {
  app: string;
  what: 'task definitions' | 'images';
  done: number;
  of: number;
}

/** Does a part of the work; what fails is noted, and the other parts go on. */
export async function attempt(outcome: AppOutcome, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Interrupted)) outcome.errors.push(explain(error));
  }
}
