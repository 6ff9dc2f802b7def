import Conf from 'conf';
import type { Where } from './commands/conversation.ts';
import type { Answers } from './questions/question.ts';

/** What was answered in a run that did not end well, to be offered again; no secret is among the answers. */
interface Kept {
  answers: Answers;
  /** When, as ISO 8601. */
  at: string;
}

/** One entry for each account, Region and endpoint. */
export class KeptAnswers {
  private readonly store = new Conf<Record<string, Kept>>({
    projectName: 'digital-apps',
    projectSuffix: '',
    configName: 'answers',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: true,
  });
  private readonly key: string;

  constructor({ command, account, region, endpoint, sandbox }: Where) {
    this.key = [command, account, region, sandbox ? 'sandbox' : (endpoint ?? 'aws')].join(' ');
  }

  get(): Kept | undefined {
    return this.store.get(this.key);
  }

  keep(answers: Answers): void {
    this.store.set(this.key, { answers, at: new Date().toISOString() });
  }

  forget(): void {
    this.store.delete(this.key);
  }
}
