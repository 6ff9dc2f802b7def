import type * as engine from '../env.ts';
import { declaring } from '../resource.ts';
import type { ClusterAnswers } from './answers.ts';
import type { Names } from './names.ts';

export interface Place extends engine.Place {
  names: Names;
}

export interface Answered extends Place {
  answers: ClusterAnswers;
  /** Whether running instances are replaced where the template has moved on. */
  replaceInstances: boolean;
  /** Whether to wait for instances and load balancer at the end. */
  verify: boolean;
}

export interface Env extends Answered, engine.Running {
  /** The id of the image that instances start from. */
  image: string;
}

/** What the cluster's resources are given. */
interface ClusterScope {
  place: Place;
  answered: Answered;
  env: Env;
}

export const { resource, resourceWhen } = declaring<ClusterScope>();
