import type { ClusterAnswers } from '../../tasks/cluster/answers.ts';
import type { Place } from '../../tasks/cluster/scope.ts';
import type * as every from '../question.ts';

/** A question of `init-cluster`. */
export type Question<K extends keyof ClusterAnswers> = every.Question<ClusterAnswers, K, Place>;

export type Asking = every.Asking<ClusterAnswers, Place>;

/** What is known of the answers. */
export type Answers = Partial<ClusterAnswers>;
