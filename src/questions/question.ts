import type { ClusterAnswers } from '../tasks/cluster/answers.ts';
import type { Place } from '../tasks/env.ts';
import type { Standing } from '../tasks/standing.ts';

export type Key = keyof ClusterAnswers;
export type Answers = Partial<ClusterAnswers>;

/** What a default, a list of choices or a check may look at. */
export interface Asking {
  place: Place;
  standing: Standing;
  /** What has been answered so far. */
  answers: Answers;
}

export interface Choice<Value> {
  value: Value;
  /** What one needs to know to choose it. */
  label: string;
}

/** One thing to know from a person; every way of asking takes its words and its checks from here. */
export interface Question<K extends Key = Key> {
  key: K;
  page: Page;
  ask: string;
  why: string;
  kind: 'text' | 'number' | 'yes-no' | 'list';
  /**
   * Turns what was typed or read from a file into the value, without asking AWS.
   * @throws UserError saying what is wrong with it.
   */
  parse(input: unknown): ClusterAnswers[K];
  /** What a person gets who says nothing, in words, for the documentation. */
  usual: string;
  default(asking: Asking): ClusterAnswers[K] | Promise<ClusterAnswers[K]>;
  choices?(asking: Asking): Promise<Choice<unknown>[]>;
  /** Whether something off the list of choices may be typed. */
  open?: true;
  /** Whether it applies to what was answered before; it keeps its default where it does not. */
  when?(answers: Answers): boolean;
  /**
   * Checks the value against AWS.
   * @throws UserError saying what is wrong with it.
   */
  verify?(value: ClusterAnswers[K], asking: Asking): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for a question of any kind.
export type AnyQuestion = Question<any>;

/** Where a question is asked: the names before all else, the rest by the guide's sections. */
export const PAGES = [
  'Names',
  'Config bucket',
  'Instances',
  'Network',
  'Access',
  'Cluster',
  'HTTPS',
] as const;
type Page = (typeof PAGES)[number];
