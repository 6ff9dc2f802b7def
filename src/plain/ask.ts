import { checkbox, confirm, input, select } from '@inquirer/prompts';
import { UserError } from '../errors.ts';
import type { Ask, Put } from '../questions/gather.ts';
import type { AnyQuestion } from '../questions/question.ts';
import type { Page } from './style.ts';

const OTHER = Symbol('something else');

/** Asks on plain lines, one question after the other; what is wrong is said, and asked again. */
export function asker(page: Page): Ask {
  let shown = '';
  return async (question, put) => {
    if (question.page !== shown) {
      shown = question.page;
      page.line(page.style('bold', `\n${shown}`));
    }
    page.wrapped(question.why, { format: 'dim' });
    for (;;) {
      try {
        return await put.check(await once(question, put));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const says = [error.message, error.fix].filter(Boolean).join(' ');
        page.wrapped(says, { indent: 2, format: 'red' });
      }
    }
  };
}

async function once(question: AnyQuestion, { preset, choices }: Put): Promise<unknown> {
  const message = question.ask;
  if (question.kind === 'yes-no') return confirm({ message, default: preset === true });
  if (question.kind === 'list' && choices.length > 0) {
    const picked = preset as unknown[];
    return checkbox({
      message,
      choices: choices.map(({ value, label }) => ({
        value,
        name: label,
        checked: picked.includes(value),
      })),
    });
  }
  if (choices.length > 0) {
    const listed = choices.map(({ value, label }) => ({ value, name: label }));
    const answer = await select<unknown>({
      message,
      default: preset,
      choices: question.open ? [...listed, { value: OTHER, name: 'Something else…' }] : listed,
    });
    if (answer !== OTHER) return answer;
  }
  return input({ message, default: String(preset) });
}
