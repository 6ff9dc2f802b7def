import { type Ask, BACK } from './gather.ts';
import type { AnyQuestion, Choice } from './question.ts';

/** Which of those names is meant; the first unless a person says otherwise. */
export async function askWhich(ask: Ask, question: AnyQuestion, names: string[]): Promise<string> {
  const choices = names.map((name) => ({ value: name, label: name }));
  return String(await askAlone(ask, question, names[0], choices));
}

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
