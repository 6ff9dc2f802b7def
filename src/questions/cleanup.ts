import { text, wholeNumber } from './parse.ts';
import type { AnyQuestion } from './question.ts';

export const keepQuestion: AnyQuestion = {
  key: 'keep',
  page: 'Cleanup',
  ask: 'How many task definitions, and how many images, are kept of each app?',
  why: 'The newest are, beside all that is in use. Keep enough to go back to.',
  kind: 'number',
  parse: wholeNumber('--keep', 1, 1000),
  usual: '`10`',
  default: () => 10,
};

/** Answered with this, every app is meant. */
export const EVERY_APP = 'every app';

export const appQuestion: AnyQuestion = {
  key: 'app',
  page: 'Cleanup',
  ask: 'Which app is cleaned up after?',
  why: 'These are the apps of the cluster.',
  kind: 'text',
  parse: text('app'),
  usual: 'the app whose repository one is in',
  default: () => EVERY_APP,
};
