import type Conf from 'conf';
import type { Where } from './commands/conversation.ts';

/** What was answered in a run that did not end well, to be offered again; no secret is among the answers. */
interface Kept {
  answers: Record<string, unknown>;
  /** When, as ISO 8601. */
  at: string;
}

type Store = Conf<Record<string, Kept>>;

/** One entry for each account, Region and endpoint, and for what is worked on there. */
export class KeptAnswers {
  private readonly store: Store;
  private readonly key: string;

  private constructor(store: Store, where: Where, subject: string) {
    const { command, account, region, endpoint, sandbox } = where;
    const place = sandbox ? 'sandbox' : (endpoint ?? 'aws');
    this.store = store;
    this.key = [command, account, region, place, subject].join(' ').trim();
  }

  static async open(where: Where, subject = ''): Promise<KeptAnswers> {
    return new KeptAnswers(await openStore(), where, subject);
  }

  get(): Kept | undefined {
    return this.store.get(this.key);
  }

  keep(answers: Record<string, unknown>): void {
    this.store.set(this.key, { answers, at: new Date().toISOString() });
  }

  forget(): void {
    this.store.delete(this.key);
  }
}

async function openStore(): Promise<Store> {
  const own = SIGNALS.flatMap((signal) => process.listeners(signal));
  const { default: Store } = await import('conf');
  // What it loads sends every signal to the process once more, and a second one leaves at once.
  for (const signal of SIGNALS) {
    for (const listener of process.listeners(signal)) {
      if (!own.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return new Store({
    projectName: 'digital-apps',
    projectSuffix: '',
    configName: 'answers',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: true,
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
