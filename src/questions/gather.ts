import { UserError } from '../errors.ts';
import type { AnyQuestion, Asking, Choice, QuestionSet } from './question.ts';
import { pagesOf } from './question.ts';

type Answers = Record<string, unknown>;

/** What a person says who wants to see the question before once more. */
export const BACK = Symbol('back');

/** How one question is put to a person; answers with a value that was checked, or BACK. */
export type Ask = (question: AnyQuestion, put: Put) => Promise<unknown>;

export interface Put {
  /** Which page it is on, of how many. */
  page: { number: number; of: number };
  preset: unknown;
  choices: Choice<unknown>[];
  /** What was answered before it on the same page, in words where the answer needs them. */
  before: { question: AnyQuestion; answer: unknown }[];
  /** What is wrong with the answer given before, where it has become impossible. */
  trouble?: string;
  /**
   * Checks what was said, with AWS too.
   * @throws UserError saying what is wrong with it.
   */
  check(input: unknown): Promise<unknown>;
}

export interface Gathering {
  /** All that the command asks. */
  set: QuestionSet;
  /** Those to be asked now. */
  questions: AnyQuestion[];
  /** Its answers are those given beforehand, which are not asked for. */
  asking: Asking;
  /** Absent where nobody can be asked: then the defaults are taken. */
  ask?: Ask;
  /** What was said so far, earlier passes included; added to with every answer. */
  said: Answers;
  /** Ask this one alone, if any, and of the others those that have no answer yet. */
  only?: { key?: string; trouble?: string };
  /** Begin with the last question, for those who come back to it. */
  fromEnd?: boolean;
}

/**
 * Completes what was given, by asking for the rest or taking the defaults.
 * @returns BACK from before the first question.
 * @throws UserError where answers do not fit together.
 */
export async function gather(gathering: Gathering): Promise<Answers | typeof BACK> {
  const { set, questions, asking, ask, said, only, fromEnd } = gathering;
  let at = fromEnd ? Math.max(lastOpen(gathering, questions.length), 0) : 0;
  while (at < questions.length) {
    const question = questions[at]!;
    const key: string = question.key;
    const isAsked = isOpen(gathering, at) && !(only && only.key !== key && key in said);
    if (isAsked) {
      const answers = answersUntil(gathering, at);
      const preset = said[key] ?? (await question.default({ ...asking, answers }));
      const answer = ask ? await ask(question, await toPut(gathering, at, preset)) : preset;
      if (answer === BACK) {
        at = only ? -1 : lastOpen(gathering, at);
        if (at < 0) return BACK;
        continue;
      }
      said[key] = answer;
    }
    at += 1;
  }
  const answers = answersUntil(gathering, questions.length);
  set.checkTogether(answers, asking.place.region);
  return answers;
}

/** What the questions before that one were answered with, as far as they applied. */
function answersUntil({ questions, asking, said }: Gathering, end: number): Answers {
  const answers: Answers = { ...asking.answers };
  for (const { key, when } of questions.slice(0, end)) {
    const applies = when?.(answers) ?? true;
    if (applies && !(key in answers) && key in said) answers[key] = said[key];
  }
  return answers;
}

/** Whether it applies to the answers before it and was not given beforehand. */
function isOpen(gathering: Gathering, at: number): boolean {
  const { key, when, arises } = gathering.questions[at]!;
  if (key in gathering.asking.answers || arises?.(gathering.asking) === false) return false;
  return when?.(answersUntil(gathering, at)) ?? true;
}

function lastOpen(gathering: Gathering, end: number): number {
  return gathering.questions.findLastIndex((_, at) => at < end && isOpen(gathering, at));
}

async function toPut(gathering: Gathering, at: number, preset: unknown): Promise<Put> {
  const { set, questions, said, only } = gathering;
  const question = questions[at]!;
  const asking = { ...gathering.asking, answers: answersUntil(gathering, at) };
  const before = questions
    .slice(0, at)
    .filter((other, index) => other.page === question.page && isOpen(gathering, index))
    .map((other) => ({ question: other, answer: meant(other, said[other.key], asking) }));
  const pages = pagesOf(set.questions);
  return {
    page: { number: pages.indexOf(question.page) + 1, of: pages.length },
    preset,
    before,
    choices: withSaid(question, preset, said, (await question.choices?.(asking)) ?? []),
    trouble: only?.key === question.key ? only?.trouble : undefined,
    async check(input) {
      const value = question.parse(input);
      set.checkTogether({ ...asking.answers, [question.key]: value }, asking.place.region);
      await question.verify?.(value, asking);
      return value;
    },
  };
}

/** An answer in words, where it needs them. */
export function meant(question: AnyQuestion, answer: unknown, asking: Asking): unknown {
  return question.inWords?.(answer, asking) ?? answer;
}

/** What a person said off the list is on it when they come back. */
function withSaid(
  { key, open }: AnyQuestion,
  preset: unknown,
  said: Answers,
  choices: Choice<unknown>[],
): Choice<unknown>[] {
  const isListed = choices.length === 0 || choices.some(({ value }) => value === preset);
  if (isListed || !open || !(key in said)) return choices;
  return [{ value: preset, label: String(preset) }, ...choices];
}

/** Says which answer it was that AWS cannot fulfil. */
export class ImpossibleAnswer extends UserError {
  readonly key: string;

  constructor(key: string, { message, fix }: UserError) {
    super(message, fix);
    this.key = key;
  }
}

/**
 * For what goes wrong because of one answer, and can be mended by another.
 * @throws ImpossibleAnswer in place of a UserError.
 */
export async function mendedBy<T>(key: string, attempt: () => T | Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const isOther = error instanceof UserError && !(error instanceof ImpossibleAnswer);
    throw isOther ? new ImpossibleAnswer(key, error) : error;
  }
}

/**
 * Checks all answers with AWS, at once.
 * @throws ImpossibleAnswer
 */
export async function verify(questions: AnyQuestion[], asking: Asking): Promise<void> {
  const answers = asking.answers as Answers;
  await Promise.all(
    questions.map(async ({ key, when, verify }) => {
      const applies = when?.(answers) ?? true;
      if (applies && verify) await mendedBy(key, () => verify(answers[key], asking));
    }),
  );
}
