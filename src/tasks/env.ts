import type { Aws } from '../aws/clients.ts';
import type { Identity } from '../aws/identity.ts';
import type { ClusterAnswers } from './cluster/answers.ts';
import type { Names } from './names.ts';
import type { Tags } from './tags.ts';

/** Where a resource is looked for: an account, a Region, and the names things go by there. */
export interface Place extends Identity {
  aws: Aws;
  region: string;
  names: Names;
  /** What marks a resource as this cluster's. */
  tags: Tags;
}

/** Also what a person said. */
export interface Answered extends Place {
  answers: ClusterAnswers;
  /** Whether running instances are replaced where the template has moved on. */
  replaceInstances: boolean;
  /** Whether to wait for instances and load balancer at the end. */
  verify: boolean;
}

/** All that wanting and making a resource takes. */
export interface Env extends Answered {
  /** The id of the image that instances start from. */
  image: string;
  signal: AbortSignal;
  /** Says what AWS is being waited for, in a few words. */
  waiting(text: string): void;
}
