import type { Place } from '../tasks/env.ts';
import type { Standing } from '../tasks/standing.ts';

/** What a default, a list of choices or a check may look at. */
export interface Asking<Answers = object, At extends Place = Place> {
  place: At;
  standing: Standing;
  /** What has been answered so far. */
  answers: Partial<Answers>;
}

export interface Choice<Value> {
  value: Value;
  /** What one needs to know to choose it. */
  label: string;
}

/** One thing to know from a person; every way of asking takes its words and its checks from here. */
export interface Question<Answers, K extends keyof Answers, At extends Place> {
  key: K;
  /** Where it is asked, with what belongs to it. */
  page: string;
  ask: string;
  why: string;
  kind: 'text' | 'number' | 'yes-no' | 'list' | 'secret';
  /**
   * Turns what was typed or read from a file into the value, without asking AWS.
   * @throws UserError saying what is wrong with it.
   */
  parse(input: unknown): Answers[K];
  /** What a person gets who says nothing, in words, for the documentation. */
  usual: string;
  default(asking: Asking<Answers, At>): Answers[K] | Promise<Answers[K]>;
  choices?(asking: Asking<Answers, At>): Promise<Choice<unknown>[]>;
  /** What an answer means as things stand, where it does not say that itself. */
  inWords?(answer: Answers[K], asking: Asking<Answers, At>): string | undefined;
  /** Whether something off the list of choices may be typed. */
  open?: true;
  /** Whether there is anything to ask, as things stand; where not, nobody is asked. */
  arises?(asking: Asking<Answers, At>): boolean;
  /** Whether it applies to what was answered before; it keeps its default where it does not. */
  when?(answers: Partial<Answers>): boolean;
  /**
   * Checks the value against AWS.
   * @throws UserError saying what is wrong with it.
   */
  verify?(value: Answers[K], asking: Asking<Answers, At>): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for a question of any command.
export type AnyQuestion = Question<any, any, any>;

/** All that one command asks, in the order it asks, and what its answers must have in common. */
export interface QuestionSet {
  questions: AnyQuestion[];
  /**
   * Checks answers that only make sense together, as far as they are known.
   * @throws UserError naming the two that do not fit.
   */
  checkTogether(answers: object, region?: string): void;
}

/** The pages of those questions, in order. */
export function pagesOf(questions: AnyQuestion[]): string[] {
  return [...new Set(questions.map(({ page }) => page))];
}
