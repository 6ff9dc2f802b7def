import { type Ask, BACK } from './gather.ts';
import type { AnyQuestion, Choice } from './question.ts';

/** Asks one question by itself. There is nothing to go back to: then it is asked again. */
export async function askAlone(
  ask: Ask,
  question: AnyQuestion,
  preset: unknown,
  choices: Choice<unknown>[] = [],
): Promise<unknown> {
  const answer = await ask(question, {
    page: { number: 1, of: 1 },
    ...{ preset, choices, before: [] },
    check: async (input) => question.parse(input),
  });
  return answer === BACK ? askAlone(ask, question, preset, choices) : answer;
}
