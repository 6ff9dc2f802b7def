import type { AppAnswers } from '../../tasks/app/answers.ts';
import type { Place } from '../../tasks/app/scope.ts';
import type * as every from '../question.ts';

/** A question of `add-app`, once it is known which app is meant. */
export type Question<K extends keyof AppAnswers> = every.Question<AppAnswers, K, Place>;

/** What is known of the answers. */
export type Answers = Partial<AppAnswers>;
