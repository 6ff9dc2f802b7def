import type { ClusterAnswers } from '../tasks/cluster/answers.ts';
import { checkTogether } from './given.ts';
import type { Answers, AnyQuestion, Asking, Choice, Key } from './question.ts';

/** How one question is put to a person; answers with a value that was checked. */
export type Ask = (question: AnyQuestion, put: Put) => Promise<unknown>;

export interface Put {
  preset: unknown;
  choices: Choice<unknown>[];
  /**
   * Checks what was said, with AWS too.
   * @throws UserError saying what is wrong with it.
   */
  check(input: unknown): Promise<unknown>;
}

/**
 * Completes what was given: asks for the rest, or takes the defaults where nobody can be asked.
 * @throws UserError where answers do not fit together.
 */
export async function gather(
  questions: AnyQuestion[],
  asking: Asking,
  ask: Ask | undefined,
): Promise<Answers> {
  const given = asking.answers;
  const answers: Record<string, unknown> = { ...given };
  const now = (): Asking => ({ ...asking, answers });
  for (const question of questions) {
    if (question.key in given) continue;
    const applies = question.when?.(answers) ?? true;
    if (!applies) continue;
    const preset = await question.default(now());
    answers[question.key] = ask ? await put(question, preset, now(), ask) : preset;
  }
  checkTogether(answers, asking.place.region);
  return answers;
}

/**
 * Checks all answers with AWS, at once.
 * @throws UserError where one is not possible.
 */
export async function verify(questions: AnyQuestion[], asking: Asking): Promise<void> {
  const { answers } = asking;
  await Promise.all(
    questions.map(async (question) => {
      const applies = question.when?.(answers) ?? true;
      if (applies) await question.verify?.(answers[question.key as Key], asking);
    }),
  );
}

async function put(question: AnyQuestion, preset: unknown, asking: Asking, ask: Ask) {
  return ask(question, {
    preset,
    choices: (await question.choices?.(asking)) ?? [],
    async check(input) {
      const value = question.parse(input);
      checkTogether({ ...asking.answers, [question.key]: value }, asking.place.region);
      await question.verify?.(value, asking);
      return value;
    },
  });
}

/** Where a question did not apply, nothing reads its answer; the type wants one all the same. */
export function complete(answers: Answers): ClusterAnswers {
  return { zones: [], subnets: [], 'vpc-cidr': '', 'ssh-add': false, ...answers } as ClusterAnswers;
}
