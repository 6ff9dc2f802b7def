import type { Aws } from '../aws/clients.ts';
import type { Identity } from '../aws/identity.ts';
import type { Tags } from './tags.ts';

/** Where a resource is looked for: an account and a Region. */
export interface Place extends Identity {
  aws: Aws;
  region: string;
  /** What marks a resource as ours. */
  tags: Tags;
  /** How to take another name where one is taken: "--set cluster-prefix=NAME". */
  rename: string;
}

/** What a run needs beside what a person said. */
export interface Running {
  signal: AbortSignal;
  /** Says what AWS is being waited for, in a few words. */
  waiting(text: string): void;
}

/** All that wanting and making a resource takes. */
export interface Env extends Place, Running {}

/** What the resources of one kind of setup are given: each adds names and answers of its own. */
export interface Scope {
  place: Place;
  /** Also what a person said. */
  answered: Place;
  /** All that wanting and making takes. */
  env: Env;
}
