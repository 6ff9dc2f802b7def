import { checkbox, confirm, input, password, select } from '@inquirer/prompts';
import { UserError } from '../errors.ts';
import type { Ask, Put } from '../questions/gather.ts';
import type { AnyQuestion } from '../questions/question.ts';
import { ACCENT, type Page } from './style.ts';

const OTHER = Symbol('something else');

/** Asks on plain lines, one question after the other; what is wrong is said, and asked again. */
export function asker(page: Page): Ask {
  let shown = '';
  // Prompts hide the cursor, and a signal leaves them no time to show it again.
  process.once('exit', () => page.showCursor());
  return async (question, put) => {
    page.line();
    if (question.page !== shown) {
      shown = question.page;
      page.line(page.style('bold', shown));
    }
    page.wrapped(question.why, { format: 'dim' });
    if (put.trouble) page.wrapped(put.trouble, { indent: 2, format: 'red' });
    for (;;) {
      try {
        return await put.check(await once(question, put, themeOf(page)));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const says = [error.message, error.fix].filter(Boolean).join(' ');
        page.wrapped(says, { indent: 2, format: 'red' });
      }
    }
  };
}

/** Whether to go ahead; nothing but a yes is one. */
export async function agreed(page: Page, place: string): Promise<boolean> {
  const message = `Do this in ${place}?`;
  const agrees = await confirm({ message, default: false, theme: themeOf(page) });
  if (!agrees) page.line('Left; nothing was changed.');
  return agrees;
}

function themeOf(page: Page) {
  return { prefix: { idle: page.style(ACCENT, '?'), done: page.style(ACCENT, '✔') } };
}

async function once(
  question: AnyQuestion,
  { preset, choices }: Put,
  theme: ReturnType<typeof themeOf>,
): Promise<unknown> {
  const message = question.ask;
  if (question.kind === 'yes-no') return confirm({ message, theme, default: preset === true });
  if (question.kind === 'list' && choices.length > 0) {
    const picked = preset as unknown[];
    return checkbox({
      message,
      theme,
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
      theme,
      default: preset,
      choices: question.open ? [...listed, { value: OTHER, name: 'Something else…' }] : listed,
    });
    if (answer !== OTHER) return answer;
  }
  if (question.kind === 'secret') return password({ message, theme, mask: '•' });
  return input({ message, theme, default: String(preset) || 'none' });
}
