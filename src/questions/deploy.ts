import { text } from './parse.ts';
import type { AnyQuestion } from './question.ts';

export const appQuestion: AnyQuestion = {
  key: 'app',
  page: 'Deploy',
  ask: 'Which app is deployed from here?',
  why: 'It cannot be told by the repository. What is in this folder takes the place of what the app runs now.',
  kind: 'text',
  parse: text('app'),
  usual: 'the app whose repository one is in',
  default: () => '',
};
